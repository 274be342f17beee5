"""Values as readers meet them ($44bn, 48%, 12,000 t, 31 January 2022), by the one list of units in `datapackage.json`."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casebook.errors import Problem

# A unit's `short` names the words in which its millions are written.
SCALES = {
    "bn": ((1e12, "tn"), (1e9, "bn"), (1e6, "m")),
    "billion": ((1e12, " trillion"), (1e9, " billion"), (1e6, " million")),
}
SHORT_FROM = 1e6
DATE = "date"
# So many figures more than a unit asks for are all that a floating-point number has.
ALL = 12
# By so much may a sum of whole numbers miss one, in floating point.
NOISE = 1e-9


@dataclass(frozen=True)
class Unit:
    """How one unit is printed; an entry of `units` in `datapackage.json`.

    A value is multiplied by `scale` and written between `prefix` and `suffix` (`singular` after a 1): to `figures`
    significant figures, but never short of its whole part, or to fixed `decimals`. `whole` takes no fraction, `short`
    writes from a million on in words, `grouped` sets commas. Only a value that is one of `ends` is printed like it.
    """

    name: str
    title: str
    prefix: str = ""
    suffix: str = ""
    singular: str = ""
    scale: float = 1
    figures: int = 3
    decimals: int | None = None
    whole: bool = False
    short: str = ""
    grouped: bool = True
    ends: tuple[float, ...] = ()

    def check(self, value: float) -> None:
        """Raise Problem for a fraction of what is counted whole, and for what is no number."""
        if not math.isfinite(value):
            raise Problem(f"{value} is not a number that can be printed in '{self.name}'.")
        if self.whole and abs(value - round(value)) > NOISE * max(1, abs(value)):
            raise Problem(f"{value:.12g} is a fraction, and '{self.name}' counts whole things; choose another unit.")

    def text(self, value: float, beside: Iterable[float] = ()) -> str:
        """`value` in this unit, with as many figures as tell it from zero, the unit's ends and the values `beside` it.

        Raises Problem as `check`.
        """
        self.check(value)
        others = [other for other in (0, *self.ends, *beside) if other != value]
        return next(text for more in range(ALL) if (text := self._text(value, more)) not in self._texts(others, more) or more == ALL - 1)

    def exact(self, value: float) -> str:
        """`value` in this unit with all its figures, as a bound is printed. Raises Problem as `check`."""
        self.check(value)
        return next(text for more in range(ALL) if (text := self._text(value, more)) == self._text(value, ALL - 1))

    def _texts(self, values: Iterable[float], more: int) -> set[str]:
        return {self._text(value, more) for value in values}

    def _text(self, value: float, more: int) -> str:
        size = abs(value) * self.scale
        word, figures = "", self.figures + more
        scales = SCALES[self.short] if self.short and size >= SHORT_FROM else ()
        if short := next(((scale, word) for scale, word in scales if float(significant(size / scale, figures, grouped=False)) >= 1), None):
            size, word = size / short[0], short[1]
            digits = significant(size, figures, self.grouped)
        elif self.whole:
            digits = plain(round(size), self.grouped)
        elif self.decimals is not None:
            digits, _, rest = f"{size:,.{self.decimals + more}f}".partition(".")
            rest = rest[: self.decimals] + rest[self.decimals :].rstrip("0")
            digits += f".{rest}" if rest.strip("0") else ""
        else:
            digits = significant(size, figures, self.grouped)
        sign = "−" if value < 0 and digits.strip("0.") else ""
        return f"{sign}{self.prefix}{digits}{word}{self.singular if self.singular and digits + word == '1' else self.suffix}"


class Units:
    """The units of a record. `described` is `units` of its `datapackage.json`."""

    def __init__(self, described: Mapping[str, Mapping[str, Any]]) -> None:
        self._units = {name: Unit(name=name, **about) for name, about in described.items()}

    def __getitem__(self, name: str) -> Unit:
        if name not in self._units:
            raise Problem(
                f"'{name}' is not a unit of this record; it knows {', '.join([DATE, *self._units])}; add others to units in datapackage.json."
            )
        return self._units[name]

    def text(self, value: float | str, unit: str, beside: Iterable[float] = ()) -> str:
        """`value` as readers meet it; `date` is the unit of a day in ISO text. Raises Problem as `Unit.text`, and for an unknown unit."""
        return day(str(value)) if unit == DATE else self[unit].text(float(value), beside)

    def exact(self, value: float | str, unit: str) -> str:
        """`value` with all its figures, as a bound is printed. Raises Problem as `text`."""
        return day(str(value)) if unit == DATE else self[unit].exact(float(value))


def significant(size: float, figures: int, grouped: bool = True) -> str:
    """`size` to so many significant figures, but never short of its whole part; no zeros at the end."""
    places = max(0, figures - 1 - math.floor(math.log10(size))) if size else 0
    text = f"{size:{',' if grouped else ''}.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def plain(value: float, grouped: bool = True) -> str:
    """A figure that has no unit, as it is on record: all its digits, and never in scientific notation."""
    text = f"{value:{',' if grouped else ''}.12f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def day(iso: str, precision: str = "day") -> str:
    """2022-01-31 as 31 January 2022; as January 2022, Q1 2022 or 2022 where only the month, quarter or year is known."""
    d = date.fromisoformat(iso)
    match precision:
        case "year":
            return f"{d.year}"
        case "quarter":
            return f"Q{(d.month + 2) // 3} {d.year}"
        case "month":
            return f"{d:%B %Y}"
    return f"{d.day} {d:%B %Y}"
