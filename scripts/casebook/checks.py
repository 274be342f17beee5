"""What of the record should be looked at again, and by when: the table `methods/checks`."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

from casebook.data.record import Record
from casebook.errors import meant

TABLE = "methods/checks"


@dataclass(frozen=True)
class Check:
    """A table to look at again, what to look for there, and the last day (ISO) to do it."""

    table: str
    what: str
    by: str
    is_overdue: bool


def due(record: Record, today: str = "") -> list[Check]:
    """All checks, the oldest first; none where the record has no such table. `today` is this day where left out."""
    if TABLE not in record.tables:
        return []
    today = today or datetime.now(UTC).date().isoformat()
    found = [Check(row["table"], row["what"], row["check_by"], row["check_by"] < today) for row in record.rows(TABLE) if row["check_by"]]
    return sorted(found, key=lambda check: (check.by, check.table))


def check_findings(record: Record) -> Iterator[str]:
    """A line for each check of a table that is not there."""
    for row in record.rows(TABLE) if TABLE in record.tables else []:
        if row["table"] not in record.tables:
            hint = meant(row["table"], record.tables)
            yield f"data/{TABLE}.csv, row of '{row['id']}', column table: the record has no table '{row['table']}'; {hint}"
