"""What is wrong with the record, in lines for people: one line a mistake, however many rows it stands in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

MOST_LINES = 20


class Finding(NamedTuple):
    """A mistake in a table: its row as a spreadsheet counts (or the row's id), its column, what is wrong, what to do."""

    table: str
    row: int | str
    column: str
    what: str
    remedy: str

    def line(self, more: int) -> str:
        """The finding in a line; `more`: in how many rows it is the same."""
        column = f", column {self.column}" if self.column else ""
        others = f" and {more} more" if more else ""
        return f"data/{self.table}.csv, row {self.row}{column}{others}: {self.what}; {self.remedy}."


def of_column(finding: Finding) -> Hashable:
    """Findings of one column that have one remedy are one mistake."""
    return finding.table, finding.column, finding.remedy


def of_record(finding: Finding) -> Hashable:
    """Findings that have one remedy are one mistake, wherever they are."""
    return finding.remedy


def in_lines(findings: Iterable[Finding], mistake: Callable[[Finding], Hashable] = of_column) -> list[str]:
    """A line for each mistake: the first finding of it, and in how many more rows it stands."""
    shown: dict[Hashable, tuple[Finding, int]] = {}
    more = 0
    for finding in findings:
        key = mistake(finding)
        if key in shown:
            shown[key] = (shown[key][0], shown[key][1] + 1)
        elif len(shown) < MOST_LINES:
            shown[key] = (finding, 0)
        else:
            more += 1
    lines = [finding.line(count) for finding, count in shown.values()]
    return [*lines, f"and {more} more like these."] if more else lines
