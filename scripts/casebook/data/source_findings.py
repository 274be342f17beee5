"""What rows owe their sources: said by `validate`."""

from __future__ import annotations

from collections.abc import Iterator

from casebook.data.findings import Finding
from casebook.data.hosts import host_findings
from casebook.data.record import Record, Row

MOST_QUOTED = 50


def source_findings(record: Record) -> Iterator[Finding]:
    """Sources read elsewhere than said, and rows that quote too much, or from nowhere."""
    yield from host_findings(record)
    for table in (name for name in record.tables if name != "sources"):
        for number, row in record.numbered(table):
            for column, what, remedy in _quote_faults(row):
                yield Finding(table, number, column, what, remedy)


def _quote_faults(row: Row) -> Iterator[tuple[str, str, str]]:
    """A quote that is too long, or stands nowhere."""
    if (words := len(row.get("quote", "").split())) > MOST_QUOTED:
        yield "quote", f"it has {words} words", f"keep the {MOST_QUOTED} or fewer that bear the row out"
    if row.get("quote") and not row.get("locator"):
        yield "locator", "the quote stands nowhere", "say where in the source it stands: page, section, table and cell"
