"""What a card tells of a row, and how a table says that it sorts."""

from __future__ import annotations

import pytest

from casebook.edition import Edition
from casebook.frame import Book, Grid, printed, render
from casebook.project import Project


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


@pytest.mark.parametrize(
    ("decided", "reviewed", "said"),
    [
        ("the desk", "", "Decided by: the desk. One pair of eyes: nobody else has read the decision against the evidence."),
        ("the desk", "an editor", "Decided by: the desk. Read against the evidence by: an editor."),
        ("", "", ""),
    ],
)
def test_a_verdict_says_how_many_have_looked(decided: str, reviewed: str, said: str) -> None:
    verdict = {"id": "c1", "kind": "verdict", "verdict": "partly", "basis": "So.", "confidence": "high", "would_change": "A ruling."}
    shown = render("frame.html", exhibit=verdict | {"decided_by": decided, "reviewed_by": reviewed}, is_figure=False, known_on="today", review="")
    assert said in shown and ("Decided by" in shown) == bool(said)


def test_the_dictionary_says_what_was_searched_for_a_table() -> None:
    table = {"name": "water/use", "path": "water/use.csv", "description": "Use.", "schema": {"fields": []}}
    shown = render("dictionary.html", table=table | {"coverage": "Three towns <alone>."}, rows=1)
    assert "<strong>What was looked for.</strong> Three towns &lt;alone&gt;." in shown
    assert "What was looked for" not in render("dictionary.html", table=table, rows=1)
