"""What a card tells of a row, and how a table says that it sorts."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casebook.data.record import Record
from casebook.edition import Edition
from casebook.frame import Book, Grid, printed, told
from casebook.project import Project
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


def test_a_table_says_what_its_cells_sort_by() -> None:
    exhibit = {
        "columns": ["Day", "Sum", "Who", "Mixed"],
        "cells": [["31 January 2022", "$1.5bn", "Coderre", "$2"], ["", "", "Plante", "3%"]],
        "sort": [["2022-01-31", None], [1.5e9, None], None, False],
    }
    assert printed(exhibit) == Grid(
        [("Day", "text"), ("Sum", "number"), ("Who", "text"), ("Mixed", "")],
        [
            (("31 January 2022", "2022-01-31"), ("$1.5bn", "1500000000.0"), ("Coderre", "Coderre"), ("$2", "$2")),
            (("", ""), ("", ""), ("Plante", "Plante"), ("3%", "3%")),
        ],
    )


def test_a_book_knows_its_day_before_a_page_is_made(starter: Project) -> None:
    """Chapters may come first: then there is no page that says of which day it is."""
    past = Edition(starter, "2026-01-31")
    past.book.mkdir(parents=True)
    assert (Book(starter.book).as_of, Book(past.book).as_of) == ("latest", "2026-01-31")
