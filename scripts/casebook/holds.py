"""What a sentence leans on: `x-fall > 0.4`, a published number held against a plain one, a day, or another number."""

from __future__ import annotations

import operator
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from casebook.errors import Problem, meant
from casebook.numerals import figures

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

    def fault(self, numbers: Mapping[str, Mapping[str, Any]]) -> str:
        """Why it cannot be relied on: it is false of these exhibits, by id, or is none on them; empty where it holds."""
        try:
            if self.is_true(numbers):
                return ""
        except Problem as problem:
            return str(problem)
        return f"holds '{self.text}' is false now: " + ", ".join(f"{id} is {numbers[id]['value']}" for id in self.ids)


def leans_on(what: str, headline: str, holds: str | Sequence[str]) -> list[str]:
    """The conditions on which the words of an exhibit lean, as written.

    Raises Problem, naming `what`, for one that is none, and for a headline with neither a condition nor a figure of its own.
    """
    conditions = [holds] if isinstance(holds, str) else list(holds)
    for condition in conditions:
        try:
            Guard.of(condition)
        except Problem as problem:
            raise Problem(f"{what}, {problem}") from None
    if headline and not conditions and not figures(headline):
        raise Problem(
            f"{what} is headed '{headline}', and nothing in the record could prove that wrong; build its finding= from numbers of the page, "
            'or say with holds= what it leans on, such as holds="x-fall > 0.4".'
        )
    return conditions


def _plain(side: str) -> float | str | None:
    """A plain number, or a day, as its value; None for an id."""
    if NUMBER.fullmatch(side):
        return float(side)
    try:
        return date.fromisoformat(side).isoformat() if DAY.fullmatch(side) else None
    except ValueError:
        return None
