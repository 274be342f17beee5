"""The one kind of error that is meant for people, and the turns of phrase that its sentences share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from difflib import get_close_matches

# What differs between findings that one mistake brings on many pages: quoted values, and numbers but for cells and lines.
VALUES = re.compile(r"'[^']*'|\"[^\"]*\"|(?<!cell )(?<!line )\b\d+")


class Problem(Exception):
    """A mistake in the record, a notebook or a chapter, said in one line per finding.

    `findings` are complete sentences: where it is, what is wrong, what to do. Those that say the same of
    several places are one: it names the first place and counts the others.
    """

    def __init__(self, *findings: str) -> None:
        self.findings = once(map(_seen, findings))
        super().__init__("\n".join(self.findings))

    def __reduce__(self) -> tuple[type[Problem], tuple[str, ...]]:
        # A problem met on another machine comes back with its findings apart.
        return type(self), self.findings


def _seen(finding: str) -> str:
    """A finding in which what nobody would see, or a terminal would obey, stands as its code."""
    return "".join(sign if sign.isprintable() or sign == "\n" else f"U+{ord(sign):04X}" for sign in finding)


def once(findings: Iterable[str], but_for: re.Pattern[str] | None = None) -> tuple[str, ...]:
    """Findings `place: what`, those with the same `what` (but for what the pattern finds) as one, of the first place.

    `a.md:3: no X.` and `b.md:7: no X.` are `a.md:3 and 1 more: no X.`
    """
    alike: dict[str, list[str]] = {}
    for finding in findings:
        _, colon, what = finding.partition(": ")
        what = what if colon else finding
        alike.setdefault(but_for.sub("", what) if but_for else what, []).append(finding)
    return tuple(_joined(*found) for found in alike.values())


def of_notebooks(findings: Iterable[tuple[str, str]]) -> list[str]:
    """Findings on pages, each with the notebook that the page is made of: those of one notebook that differ by values alone are one."""
    by_notebook: dict[str, list[str]] = {}
    for notebook, finding in findings:
        by_notebook.setdefault(notebook, []).append(finding)
    return [line for said in by_notebook.values() for line in once(said, VALUES)]


def _joined(first: str, *others: str) -> str:
    place, colon, what = first.partition(": ")
    return f"{place} and {len(others)} more: {what}" if colon and others else first


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`: a number with its noun, which takes an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def some(words: Sequence[str], most: int = 5) -> str:
    """`a, b and c`; of more than `most`, the first of them: `a, b, c, d, e and 418 more`."""
    shown, more = list(words[:most]), len(words) - most
    last = f"{more} more" if more > 0 else shown.pop() if shown else ""
    return f"{', '.join(shown)} and {last}" if shown else last


def meant(word: object, known: Iterable[str], otherwise: str = "") -> str:
    """What a person may have meant by a word that is none of the known ones: the nearest; else `otherwise`, or a few that there are."""
    names = sorted(known)
    if near := [name for name in names if name.lower() == str(word).lower()] or get_close_matches(str(word), names, 1):
        return f"did you mean '{near[0]}'?"
    return otherwise or (f"use {some(names, 20)}." if names else "there is none.")
