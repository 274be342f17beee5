"""What a figure draws: its points, the rows they stand for, its numbers by axis, and all of that in words."""

from __future__ import annotations

import base64
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from casebook.data.read import countries, printed
from casebook.data.record import split
from casebook.data.shapes import SHAPES_ADDRESS

Figure = Mapping[str, Any]
Trace = Mapping[str, Any]

# What a point needs to be seen, whatever the kind of trace, and which of it may be numbers in a unit.
PLACES = ("x", "y", "z", "r", "lon", "lat", "locations", "labels", "values", "source", "target", "value")
SIZES = ("x", "y", "z", "r", "values", "value")
NOUNS = {
    "scatter": ("mark", "marks"),
    "bar": ("bar", "bars"),
    "choropleth": ("shaded area", "shaded areas"),
    "scattergeo": ("place", "places"),
    "pie": ("slice", "slices"),
    "sankey": ("flow", "flows"),
}
# What plotly writes for a day that is missing.
NO_DAY = "NaT"
# What begins a tag in a label, but for a new line and the box beside it.
TAG = re.compile(r"<(?!(?:br|/?extra)>)")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass
class Drawn:
    """What can be seen of a figure. Lines and shapes that say nothing of their own (`hoverinfo="skip"`) do not count."""

    # Ids of the rows that points name; how many points name none; points by kind of trace; traces that show any.
    rows: set[str] = field(default_factory=set)
    nameless: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    series: int = 0
    # Values by axis ("x", "y2", "z"), as plotly has them.
    values: dict[str, list[Any]] = field(default_factory=dict)
    # Ends of what other statements say of a point, by axis.
    ranges: dict[str, list[tuple[float, float]]] = field(default_factory=dict)

    def numbers(self) -> dict[str, list[float]]:
        """The axes that show numbers, and these."""
        return {axis: numbers for axis, values in self.values.items() if (numbers := [value for value in values if _is_number(value)])}

    def days(self) -> dict[str, list[str]]:
        """The axes that show days, and these in ISO text."""
        found = {axis: [value[:10] for value in values if isinstance(value, str) and DAY.match(value)] for axis, values in self.values.items()}
        return {axis: days for axis, days in found.items() if days}


def drawn(figure: Figure) -> Drawn:
    """What can be seen of a figure in plotly's JSON: points whose every part has a value, within its axes and shapes."""
    seen = Drawn()
    for trace in figure["data"]:
        if trace.get("hoverinfo") == "skip":
            continue
        named = [str(id) for id in listed(trace.get("ids"))]
        points = list(_points(trace))
        shown = [index for index, point in enumerate(points) if _is_seen(point, trace, figure["layout"])]
        for index in shown:
            if index < len(named):
                seen.rows.update(split(named[index]))
            else:
                seen.nameless += 1
            for part in SIZES:
                if part in points[index]:
                    seen.values.setdefault(axis_of(trace, part), []).append(points[index][part])
        for part in ("x", "y"):
            if said := [ends for index in shown if (ends := _range(trace, part, index, points[index].get(part)))]:
                seen.ranges.setdefault(axis_of(trace, part), []).extend(said)
        seen.kinds[trace["type"]] += len(shown)
        seen.series += bool(shown)
    for axis in [axis for axis in seen.values if axis_layout(figure, axis).get("type") == "category"]:
        del seen.values[axis]
    return seen


def axis_of(trace: Trace, part: str) -> str:
    """The axis on which a part of the trace's points is measured: x, y, x2; the part itself where it has none."""
    return str(trace.get(f"{part}axis", part)) if part in ("x", "y") else part


def axis_layout(figure: Figure, axis: str) -> dict[str, Any]:
    """The layout of an axis ("y2": of yaxis2); empty where the figure says nothing of it."""
    return dict(figure["layout"].get(f"{axis[0]}axis{axis[1:]}", {}))


def listed(values: Any) -> list[Any]:
    """Values of a trace as a list; plotly packs arrays of numbers as base64."""
    if isinstance(values, dict):
        return list(np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist())
    return list(values or [])


def described(seen: Drawn, units: Mapping[str, str]) -> str:
    """What can be seen, in a sentence of computed numbers, for those who do not see it. `units` are those of its axes."""
    parts = [" and ".join(f"{count:,} {_noun(kind, count)}" for kind, count in seen.kinds.items() if count)]
    if seen.series > 1:
        parts[0] += f" in {seen.series} series"
    years = sorted(day[:4] for days in seen.days().values() for day in days)
    if years:
        parts.append(years[0] if years[0] == years[-1] else f"{years[0]} to {years[-1]}")
    every = seen.numbers()
    for axis, numbers in every.items():
        low, high = (printed(number, units[axis]) for number in (min(numbers), max(numbers)))
        # Numbers across a chart, such as years, say where its values are.
        if axis == "x" and "y" in every:
            parts.append(low if low == high else f"{low} to {high}")
            continue
        parts.append(f"values from {low} to {high}" if low != high else f"{'value' if len(numbers) == 1 else 'each'} {low}")
    for axis, ranges in seen.ranges.items():
        said = (f"{printed(low, units[axis])} to {printed(high, units[axis])}" for low, high in ranges)
        parts.append(f"where statements disagree a range: {'; '.join(said)}")
    return f"{', '.join(parts)}."


def as_labels(value: Any) -> Any:
    """A figure whose labels say their words: plotly would make links and styles of tags in them, and keeps only ours."""
    match value:
        case dict():
            return {key: as_labels(part) for key, part in value.items()}
        case list():
            return [as_labels(part) for part in value]
        case str():
            return TAG.sub("&lt;", value)
    return value


def _noun(kind: str, count: int) -> str:
    return NOUNS.get(kind, NOUNS["scatter"])[count != 1]


def _points(trace: Trace) -> Iterator[dict[str, Any]]:
    """The points of a trace, each with its parts by name; a grid of values is so many points."""
    parts = {name: listed(holder.get(name)) for holder in (trace, trace.get("link", {})) for name in PLACES if holder.get(name) is not None}
    if "z" in parts and parts["z"] and isinstance(parts["z"][0], list):
        yield from ({"z": value} for line in parts["z"] for value in line)
        return
    for values in zip(*parts.values(), strict=False):
        yield dict(zip(parts, values, strict=True))


def _range(trace: Trace, part: str, index: int, value: Any) -> tuple[float, float] | None:
    """The ends of a point's error bar along x or y; None where it has none."""
    bars = trace.get(f"error_{part}", {})
    more, less = (listed(bars.get(name)) for name in ("array", "arrayminus"))
    if index >= min(len(more), len(less)) or more[index] is None:
        return None
    return value - less[index], value + more[index]


def _is_seen(point: Mapping[str, Any], trace: Trace, layout: Mapping[str, Any]) -> bool:
    if any(value is None or value == NO_DAY or value != value for value in point.values()):
        return False
    if "locations" in point and point["locations"] not in _shapes(trace):
        return False
    return all(_is_on_axis(point[part], axis_layout({"layout": layout}, axis_of(trace, part))) for part in ("x", "y") if part in point)


def _is_on_axis(value: Any, axis: Mapping[str, Any]) -> bool:
    """Whether an axis shows a value: a logarithm has none of zero or less, and a range may be narrower than the values."""
    ends = sorted(axis["range"]) if axis.get("range") else []
    if axis.get("type") == "log":
        return bool(value > 0) and (not ends or ends[0] <= np.log10(value) <= ends[1])
    if ends and all(_is_number(each) for each in (value, *ends)):
        return bool(ends[0] <= value <= ends[1])
    if ends and all(isinstance(each, str) and DAY.match(each) for each in (value, *ends)):
        return bool(ends[0] <= value <= ends[1])
    return True


def _shapes(trace: Trace) -> set[Any]:
    """What a trace's shapes are called: ours by country code, others as the trace says."""
    shapes = trace.get("geojson")
    if shapes == SHAPES_ADDRESS:
        return set(countries())
    if not isinstance(shapes, dict):
        return set(listed(trace.get("locations")))
    names = []
    for shape in shapes["features"]:
        for key in trace.get("featureidkey", "id").split("."):
            shape = shape.get(key) if isinstance(shape, dict) else None
        names.append(shape)
    return set(names)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
