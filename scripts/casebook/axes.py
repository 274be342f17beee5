"""Axes of a figure: their ticks are printed by the record's units, and a day is never cut into hours."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from casebook.data.read import printed, units
from casebook.drawn import Drawn, axis_layout, axis_of, listed

# Steps of a linear axis from end to end: more where labels are as short as years.
STEPS, STEPS_OF_SHORT = 5, 6
SHORT = 4
# With more ticks than these, a log axis has those at powers of ten alone.
MOST_TICKS = 6
# On a span of fewer days plotly would part them into hours.
SHORT_SPAN = 15
MOST_DAYS = 6
AIR = timedelta(days=3)
AIR_OF_LOG = AIR_OF_ENDS = 0.03


def set_ticks(figure: dict[str, Any], seen: Drawn, by: Mapping[str, str]) -> None:
    """Give every axis that shows numbers or days its ticks; one that has its own, or shows none, stays as it is.

    `by` is the unit of each axis that shows numbers. An axis of values that is linear begins at zero, unless it has a
    range, or `rangemode` "normal".
    """
    for axis, days in seen.days().items():
        if not _is_set(figure, axis):
            _update(figure, axis, day_ticks(days))
    for axis, numbers in seen.numbers().items():
        if axis[0] in "xy" and not _is_set(figure, axis):
            layout = axis_layout(figure, axis)
            ends = [*numbers, *_stacked(figure, axis), *(end for ends in seen.ranges.get(axis, []) for end in ends)]
            if layout.get("type") == "log":
                _update(figure, axis, log_ticks(ends, by[axis], layout.get("range")))
            else:
                from_zero = axis[0] == value_axis(figure) and layout.get("rangemode") != "normal"
                _update(figure, axis, linear_ticks(ends, by[axis], layout.get("range"), from_zero))

    for trace in figure["data"]:
        if "z" in seen.numbers() and "z" in trace and trace.get("showscale") is not False and "tickvals" not in trace.get("colorbar", {}):
            ticks = linear_ticks(seen.numbers()["z"], by["z"], None, from_zero=False)
            trace["colorbar"] = trace.get("colorbar", {}) | ticks


def value_axis(figure: Mapping[str, Any]) -> str:
    """The axis along which values are measured: y, or x where bars lie."""
    return "x" if any(trace.get("orientation") == "h" for trace in figure["data"]) else "y"


def linear_ticks(numbers: Sequence[float], unit: str, ends: Sequence[float] | None, from_zero: bool) -> dict[str, Any]:
    """Even ticks over the numbers, or over the range `ends` that the axis was given."""
    low, high = ends or (min([*numbers, 0] if from_zero else numbers), max([*numbers, 0] if from_zero else numbers))
    steps = STEPS_OF_SHORT if not from_zero and len(printed(round(high), unit)) <= SHORT else STEPS
    step = nice_step((high - low) / steps or abs(high) or 1)
    if units()[unit].whole:
        step = max(step, 1)
    if ends or not from_zero:
        ticks = [step * i for i in range(math.ceil(low / step), math.floor(high / step) + 1)]
        return _ticks(ticks, unit)
    ticks = [step * i for i in range(math.floor(low / step), max(math.ceil(high / step), 1) + 1)]
    # A little air keeps the end marks whole.
    air = (ticks[-1] - ticks[0]) * AIR_OF_ENDS
    return _ticks(ticks, unit) | {"range": [ticks[0] - air, ticks[-1] + air], "zeroline": True}


def log_ticks(numbers: Sequence[float], unit: str, ends: Sequence[float] | None) -> dict[str, Any]:
    """Ticks at powers of ten, and at twice and five times these where the axis has few; `ends` in powers of ten."""
    powers = range(math.floor(math.log10(min(numbers))) - 1, math.ceil(math.log10(max(numbers))) + 2)
    nice = [factor * 10.0**power for power in powers for factor in (1, 2, 5)]
    # From the last tick below all numbers to the first above them.
    around = max(tick for tick in nice if tick < min(numbers)), min(tick for tick in nice if tick > max(numbers))
    low, high = ends or (math.log10(around[0]) - AIR_OF_LOG, math.log10(around[1]) + AIR_OF_LOG)
    between = [tick for tick in nice if low <= math.log10(tick) <= high]
    decades = [tick for tick in between if math.log10(tick).is_integer()]
    return _ticks(between if len(between) <= MOST_TICKS else decades, unit) | {"range": [low, high]}


def day_ticks(days: Sequence[str]) -> dict[str, Any]:
    """Ticks of an axis of days (ISO text) that plotly would part into hours; nothing for a longer one."""
    first, last = date.fromisoformat(min(days)), date.fromisoformat(max(days))
    if (last - first).days >= SHORT_SPAN:
        return {}
    shown = sorted(set(days))
    shown = shown[:: math.ceil(len(shown) / MOST_DAYS)]
    text = [f"{date.fromisoformat(day):%-d %b}<br>{day[:4]}" for day in shown]
    return {"tickvals": shown, "ticktext": text, "range": [(first - AIR).isoformat(), (last + AIR).isoformat()]}


def nice_step(step: float) -> float:
    """The next of 1, 2 or 5 times a power of ten that is not below `step`."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)


def _ticks(values: Sequence[float], unit: str) -> dict[str, Any]:
    return {"tickvals": list(values), "ticktext": [printed(value, unit) for value in values]}


def _is_set(figure: Mapping[str, Any], axis: str) -> bool:
    layout = axis_layout(figure, axis)
    return "tickvals" in layout or layout.get("visible") is False or layout.get("showticklabels") is False


def _update(figure: dict[str, Any], axis: str, settings: Mapping[str, Any]) -> None:
    figure["layout"].setdefault(f"{axis[0]}axis{axis[1:]}", {}).update(settings)


def _stacked(figure: Mapping[str, Any], axis: str) -> Iterator[float]:
    """Heights of bars that stand on one another."""
    if figure["layout"].get("barmode") not in ("stack", "relative"):
        return
    other = "y" if axis[0] == "x" else "x"
    sums: dict[tuple[Any, bool], float] = defaultdict(float)
    for trace in figure["data"]:
        if trace["type"] == "bar" and axis_of(trace, axis[0]) == axis:
            for place, size in zip(listed(trace.get(other)), listed(trace.get(axis[0])), strict=False):
                if size is not None and size == size:
                    sums[place, size < 0] += size
    yield from sums.values()
