"""What a sentence leans on: `x-fall > 0.4`, a published number held against a plain one, a day, or another number."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from casebook.errors import Problem, meant

COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
FORM = re.compile(r"\s*([A-Za-z0-9.-]+)\s*(<=|>=|==|<|>)\s*([A-Za-z0-9.-]+)\s*")
NUMBER = re.compile(r"-?\d+(\.\d+)?")
DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True)
class Guard:
    """A condition as it is written. Its sides are ids of numbers, plain numbers, or days (ISO)."""

    text: str
    left: str
    sign: str
    right: str

    @classmethod
    def of(cls, text: str) -> Guard:
        """Raises Problem where the text is no condition on a number."""
        guard = cls(text, *match.groups()) if (match := FORM.fullmatch(text)) else None
        if guard is None or not guard.ids or any("." in id for id in guard.ids):
            signs = ", ".join(COMPARE)
            raise Problem(f"holds '{text}': write a number's id, one of {signs}, and a number, a day or an id, such as x-fall > 0.4.")
        return guard

    @property
    def ids(self) -> list[str]:
        """The numbers that it names."""
        return [side for side in (self.left, self.right) if _plain(side) is None]

    def is_true(self, numbers: Mapping[str, Mapping[str, Any]]) -> bool:
        """Whether it holds of these exhibits, by id. Raises Problem for an unknown number, and for two of different units."""
        if unknown := [id for id in self.ids if id not in numbers]:
            raise Problem(
                f"holds '{self.text}': no number '{unknown[0]}' is published; {meant(unknown[0], numbers, 'publish it in a notebook, or correct the id.')}"
            )
        sides: list[Any] = [numbers[side]["value"] if _plain(side) is None else _plain(side) for side in (self.left, self.right)]
        units = {numbers[id]["unit"] for id in self.ids}
        if len(units) > 1 or len({type(side) for side in sides}) > 1:
            what = " and ".join(sorted(units)) if len(units) > 1 else "a day and a number"
            raise Problem(f"holds '{self.text}': it compares {what}; hold like against like.")
        return bool(COMPARE[self.sign](*sides))


def _plain(side: str) -> float | str | None:
    """A plain number, or a day, as its value; None for an id."""
    if NUMBER.fullmatch(side):
        return float(side)
    try:
        return date.fromisoformat(side).isoformat() if DAY.fullmatch(side) else None
    except ValueError:
        return None
