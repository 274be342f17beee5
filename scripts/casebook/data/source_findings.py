"""What rows owe their sources: said by `validate`."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from casebook.data.findings import Finding
from casebook.data.hosts import host_findings
from casebook.data.record import Record, Row, split

# What an auditor has signed is filed; where only a report of the filing was read, it is that report's word.
AUDITED, FILED, READ_IN_FULL = "audited", "filing", ("original", "archive", "copy")
MOST_QUOTED = 50


def source_findings(record: Record) -> Iterator[Finding]:
    """Sources read elsewhere than said, and rows that are older, firmer or longer in quoting than their sources bear."""
    yield from host_findings(record)
    sources = {row["id"]: row for row in record.all_rows("sources")}
    for table in (name for name in record.tables if name != "sources"):
        for number, row in record.numbered(table):
            cited = [sources[id] for id in split(row["source_ids"])]
            for column, what, remedy in chain(_quote_faults(row), _date_faults(row, cited), _status_faults(row, cited)):
                yield Finding(table, number, column, what, remedy)


def _date_faults(row: Row, cited: list[Row]) -> Iterator[tuple[str, str, str]]:
    """A row that is public before any page that it cites."""
    first = min(cited, key=lambda source: source["published_on"])
    if row["published_on"] < first["published_on"]:
        what = f"{row['published_on']} is before all of its sources; the earliest, '{first['id']}', is of {first['published_on']}"
        yield "published_on", what, "cite the source of that day, or move the row to its earliest source's"


def _status_faults(row: Row, cited: list[Row]) -> Iterator[tuple[str, str, str]]:
    """A row that is called audited and rests on no filing that was read."""
    if row.get("status") != AUDITED or not all({"kind", "read_at"} <= source.keys() for source in cited):
        return
    if not any(source["kind"] == FILED and source["read_at"] in READ_IN_FULL for source in cited):
        what = f"{AUDITED}, by {', '.join(source['id'] for source in cited)}: none is a {FILED} read in full"
        yield "status", what, f"cite the {FILED}, in the original, an archive or a copy, or say how it is known instead"


def _quote_faults(row: Row) -> Iterator[tuple[str, str, str]]:
    """A quote that is too long, or stands nowhere."""
    if (words := len(row.get("quote", "").split())) > MOST_QUOTED:
        yield "quote", f"it has {words} words", f"keep the {MOST_QUOTED} or fewer that bear the row out"
    if row.get("quote") and not row.get("locator"):
        yield "locator", "the quote stands nowhere", "say where in the source it stands: page, section, table and cell"
