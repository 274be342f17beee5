"""What a card tells of a row, and a list of a source."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casebook.data.record import Record
from casebook.frame import render
from casebook.told import read_where, told
from tests.conftest import RECORD


def told_as_text(row: dict[str, Any]) -> str:
    figures = "; ".join(f"{name} {text}" for name, text in row["figures"])
    return f"{row['about']} | {figures} | {row['dated']}, {row['status']}"


@pytest.mark.parametrize(
    ("table", "id", "text"),
    [
        # Of 1e10 and more, and with all its figures.
        (
            "platform/events",
            "stk-2022-10-27-close",
            "closing, Elon Musk, Acquisition of Twitter closes | value $44bn | 27 October 2022, press report",
        ),
        (
            "platform/valuation_marks",
            "val-deal-equity-derived",
            "X, X Holdings owners (new equity after the deal)"
            " | equity value $31.295bn; enterprise value $44bn; change vs purchase pct 0% | 27 October 2022, estimate",
        ),
        # A sentence says what the columns after it would repeat; a year is no more than a year.
        (
            "claims/evidence",
            "e-c24-1",
            "c24, supports, Musk spent at least 288 million dollars on the 2024 campaign for Trump and other Republicans. | value $288m | 2024, official",
        ),
    ],
)
def test_a_row_is_told_in_words(table: str, id: str, text: str) -> None:
    assert told_as_text(told(RECORD, table, id)) == text


def test_a_row_of_numbers_is_told_by_its_names(tmp_path: Path) -> None:
    """Of a story that this machine has never seen."""
    kinds = {"id": "string", "district_id": "integer", "district": "string", "candidate": "string", "votes": "integer"}
    schema = {"fields": [{"name": name, "type": kind} for name, kind in kinds.items()]}
    package = {"created": "2026-01-01", "resources": [{"name": "votes", "path": "votes.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (tmp_path / "votes.csv").write_text("id,district_id,district,candidate,votes\na,101,Bois-de-Liesse,Coderre,2481\n", "utf-8")
    row = told(Record(tmp_path), "votes", "a")
    assert (row["about"], row["figures"]) == ("Bois-de-Liesse, Coderre", [("district id", "101"), ("votes", "2481")])


def test_a_passage_is_told_beside_its_row_and_not_among_its_words(tmp_path: Path) -> None:
    kinds = {"id": "string", "town": "string", "quote": "string", "locator": "string", "litres": "number"}
    schema = {"fields": [{"name": name, "type": kind} for name, kind in kinds.items()]}
    package = {"created": "2026-01-01", "resources": [{"name": "use", "path": "use.csv", "schema": schema}]}
    (tmp_path / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (tmp_path / "use.csv").write_text("id,town,quote,locator,litres\na,Easton,we used <142>,table 3,142\nb,Weston,,,99\n", "utf-8")
    rows = [told(Record(tmp_path), "use", id) for id in "ab"]
    assert [row["about"] for row in rows] == ["Easton", "Weston"]
    number = {"id": "use", "text": "241", "title": "Litres"}
    card = render("card.html", number=number, rows=rows, more=0, others=[], sources=[], most=6, known_on="today", page="use.html")
    assert '“we used &lt;142&gt;”</span> <span class="quiet">table 3</span>' in card
    assert card.count("casebook-quote") == 1


@pytest.mark.parametrize(
    ("read_at", "url", "text"),
    [
        ("original", "https://www.press.example/a", ""),
        ("copy", "https://www.mirror.example/a", " (copy at mirror.example)"),
        ("relay", "https://blog.example/a", " (as reported at blog.example)"),
        ("archive", "https://web.keep.example/a", " (archived at web.keep.example)"),
        ("copy", "", ""),
    ],
)
def test_who_said_it_is_told_apart_from_where_it_was_read(read_at: str, url: str, text: str) -> None:
    assert read_where({"url": url, "read_at": read_at}) == text


def test_a_source_of_a_record_that_does_not_say_where_it_was_read_is_told_as_before() -> None:
    assert read_where({"url": "https://press.example/a"}) == ""
