"""The one kind of error that is meant for people."""

from __future__ import annotations


class Problem(Exception):
    """A mistake in the record, a notebook or a chapter, said in one line per finding.

    `findings` are complete sentences: where it is, what is wrong, what to do.
    """

    def __init__(self, *findings: str) -> None:
        super().__init__("\n".join(findings))
        self.findings = findings

    def __reduce__(self) -> tuple[type[Problem], tuple[str, ...]]:
        # A problem met on another machine comes back with its findings apart.
        return type(self), self.findings


def counted(number: int, noun: str) -> str:
    """`1 page`, `2 pages`: a number with its noun, which takes an s."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
