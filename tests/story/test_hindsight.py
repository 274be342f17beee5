"""The record as known on a past day holds nothing that its day did not know."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from casebook.data.facts import begins
from casebook.data.record import Record, Row, split
from tests.conftest import RECORD

DAYS = ["2022-10-28", "2025-04-16"]
# Names and words, and the first day on which anybody could have written them of this story.
FIRST = {
    r"\bxAI\b": "2023-07-12",
    r"\bGrok\b": "2023-11-04",
    r"\bX Corp\b": "2023-04-04",
    r"\bDOGE\b": "2024-11-12",
    r"\b(SpaceX|AI) (segment|prospectus)\b": "2026-05-20",
    r"\bacquit": "2025-11-05",
}
# What may lie ahead of a row's day: the terms of a contract, and what a source of the day quotes.
AHEAD = {"fiscal_years", "award_id", "quote", "url"}
# What the desk writes of a row later, by its own day.
DESK = {"decided_on", "accessed_on", "check_by"}
YEAR = re.compile(r"(?<![\d-])20\d\d(?!\d)")


def rows(record: Record, day: str) -> Iterator[tuple[str, Row]]:
    for table in record.tables:
        yield from ((table, row) for row in record.rows(table, day))


def hindsight(record: Record, day: str) -> Iterator[str]:
    """What of the record as known on `day` its day did not know."""
    later = {row["id"] for row in record.all_rows("sources") if row["published_on"] > day}
    for table, row in rows(record, day):
        fields, where = record.fields(table), f"{table}, {row['id']}"
        if "source_ids" in row and (not row["source_ids"] or later & {*split(row["source_ids"])}):
            yield f"{where}: its sources are {row['source_ids'] or 'all of a later day'}"
        if begins(row) > day and not row.get("made_on"):
            yield f"{where}: it begins on {begins(row)} and is no forecast"
        for name, field in fields.items():
            if field["type"] == "date" and name.endswith("_on") and name not in DESK and row[name] > day:
                yield f"{where}: {name} is {row[name]}"
            if field["type"] == "string" and name != "id":
                words = [word for word, first in FIRST.items() if first > day and re.search(word, row[name])]
                years = [year for year in YEAR.findall(row[name]) if year > day[:4] and name not in AHEAD]
                yield from (f"{where}: {name} says {what}" for what in words + years)


@pytest.mark.parametrize("day", DAYS)
def test_a_past_day_knows_nothing_of_what_came(day: str) -> None:
    assert sum(1 for _ in rows(RECORD, day)) > 300
    assert [*hindsight(RECORD, day)] == []


def test_a_row_of_a_past_day_quotes_no_later_source() -> None:
    """A quote may be of any of a row's sources; where one of them is of a later day, nothing is quoted."""
    (day,) = DAYS[1:]
    sources = {row["id"]: row["published_on"] for row in RECORD.all_rows("sources")}
    for table, row in rows(RECORD, day):
        if row.get("quote"):
            today = RECORD.row(table, row["id"])
            assert max(sources[id] for id in split(today["source_ids"])) <= day, row["id"]
