"""Verdicts cite numbers as chapters do: their words follow a correction, and a figure that is typed is refused."""

from __future__ import annotations

from typing import Any

import pytest

from casebook.cited import check_cited, filled, linked, resolved, typed_figures
from casebook.data.record import Record
from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.feed import atom
from casebook.frame import Book, frame, script_json
from casebook.plan import plan
from casebook.project import Project
from casebook.publish import all_exhibits
from casebook.reviews import claim_review
from casebook.run import run
from tests.conftest import ROOT, edit_row, edit_rows

NUMBERS = {"fall": {"id": "fall", "kind": "number", "text": "20% <b>"}}
BASIS = "Use fell by {number}`fall`, not by {said}`half`."
VERDICTS = "claims/verdicts.csv"


def test_what_is_cited_reads_as_it_is_printed() -> None:
    assert filled(BASIS, NUMBERS) == "Use fell by 20% <b>, not by “half”."
    assert filled(BASIS, {}) == "Use fell by (not on record then), not by “half”."
    assert linked(BASIS, NUMBERS) == (
        'Use fell by <button type="button" class="casebook-number" popovertarget="card-fall">20% &lt;b&gt;</button>, not by “half”.'
    )
    assert linked("<i> & {number}`gone`", NUMBERS) == "&lt;i&gt; &amp; (not on record then)"


def test_an_exhibit_carries_the_words_filled_in_and_what_they_cite() -> None:
    verdict: dict[str, Any] = {
        "kind": "verdict",
        "basis": BASIS,
        "would_change": "A rise.",
        "why": "",
        "then": {"verdict": "partly", "basis": "By 3."},
    }
    table = {"kind": "table", "cells": [["c1", BASIS], ["c2", "plain"]]}
    shown = resolved(verdict, NUMBERS)
    assert (shown["basis"], shown["written"], shown["cites"]) == (filled(BASIS, NUMBERS), BASIS, ["fall"])
    assert shown["then"] == verdict["then"] and verdict["basis"] == BASIS
    assert resolved(table, NUMBERS)["cells"] == [["c1", filled(BASIS, NUMBERS)], ["c2", "plain"]]
    assert resolved({"kind": "table", "cells": [["a"]]}, NUMBERS) == {"kind": "table", "cells": [["a"]]}


@pytest.mark.parametrize(
    ("column", "text", "figure"),
    [
        ("basis", "Use in Easton fell by 20 per cent.", "20"),
        ("would_change", "Readings of more than 120 litres.", "120"),
        ("note", "Two readings of 3 were left out.", "3"),
        ("basis", "From {number}`easton-change` to 4.", "4"),
    ],
)
def test_a_figure_typed_into_a_verdict_is_one_line(starter: Project, column: str, text: str, figure: str) -> None:
    edit_row(starter.data / VERDICTS, "v-c1-1", lambda row: row.update({column: text}))
    with pytest.raises(Problem) as refused:
        validate(starter.data)
    (line,) = refused.value.findings
    assert line.startswith(f"data/{VERDICTS}, row v-c1-1, column {column}: the figure '{figure}' is typed; cite a number of the book, {{number}}`id`")


def test_what_may_stand_in_a_verdict_and_what_no_longer_stands(starter: Project) -> None:
    said = "From {number}`easton-change`, not {said}`48 per cent`, on 4 April 2022 and in 2023; see c28."
    edit_row(starter.data / VERDICTS, "v-c1-1", lambda row: row.update(basis=said))
    validate(starter.data)
    file = starter.data / VERDICTS
    old = file.read_text("utf-8").splitlines()[1].replace("v-c1-1", "v-c1-0").replace(said, "It fell by 20 per cent.")
    edit_row(file, "v-c1-1", lambda row: row.update(supersedes="v-c1-0"))
    file.write_text(f"{file.read_text('utf-8')}{old}\n", "utf-8")
    assert list(typed_figures(Record(starter.data))) == []


def test_a_number_that_a_verdict_cites_and_no_page_publishes_is_one_line(starter: Project) -> None:
    edit_row(starter.data / VERDICTS, "v-c1-1", lambda row: row.update(basis="By {number}`easton-chnge`."))
    with pytest.raises(Problem) as refused:
        check_cited(Record(starter.data), {"easton-change": {}})
    (line,) = refused.value.findings
    assert line == f"data/{VERDICTS}, row v-c1-1, column basis: no number 'easton-chnge' is published; did you mean 'easton-change'?"


def test_a_correction_moves_the_figure_in_the_words_of_a_verdict(starter: Project) -> None:
    """Everywhere they are read: on the page, among the rows, in the ClaimReview and the feed."""
    edit_row(starter.data / VERDICTS, "v-c1-1", lambda row: row.update(basis="Use in Easton changed by {number}`easton-change`."))
    before = made(starter)
    edit_rows(
        starter.data / "water" / "use.csv", lambda row: row.update(litres="1") if row["town"] == "easton" and row["event_date"] > "2025-01" else None
    )
    after = made(starter)
    assert before["easton-change"]["text"] != after["easton-change"]["text"]
    for exhibits in (before, after):
        number, verdict = exhibits["easton-change"], exhibits["c1"]
        words = f"Use in Easton changed by {number['text']}."
        assert verdict["basis"] == words
        record, config = Record(starter.data), starter.config
        claim, row = record.row("claims/claims", "c1"), record.row("claims/verdicts", verdict["row"])
        assert claim_review(record, config, claim, row | {"basis": verdict["basis"]}, "c1")["reviewBody"] == words
    book = Book(starter.book)
    html = frame(book, book.exhibits["c1"], "../../")
    assert f'popovertarget="card-easton-change">{number["text"]}</button>' in html and "{number}" not in html
    assert script_json(words)[1:-1] in html
    assert book.cites(book.exhibits["c1"]) == {"easton-change"}
    rows = book.tables({"rows": {"claims/verdicts": ["v-c1-1"]}, "as_of": "latest"})["claims/verdicts"].rows
    assert any(text == words for text, _ in rows[0])


def test_the_feed_tells_a_moved_verdict_with_its_numbers(starter: Project) -> None:
    file = starter.data / VERDICTS
    edit_row(file, "v-c1-1", lambda row: row.update(id="v-c1-2", supersedes="v-c1-1", basis="By {number}`easton-change`."))
    old = file.read_text("utf-8").splitlines()[1].replace("v-c1-2", "v-c1-1").replace(",v-c1-1,", ",,").replace("contradicted", "supported")
    file.write_text(f"{file.read_text('utf-8')}{old}\n", "utf-8")
    text = atom(Record(starter.data), starter.config, {"c1": "claims/claim/c1"}, {"easton-change": {"text": "−20%"}})
    assert "By −20%." in text and "{number}" not in text


def test_no_verdict_of_ours_that_stands_holds_a_typed_figure() -> None:
    assert list(typed_figures(Record(ROOT / "data"))) == []


def made(story: Project) -> dict[str, dict[str, Any]]:
    """The exhibits of the story, its pages brought up to date."""
    steps = plan(story, Record(story.data), story.book)
    run(story, steps, story.book, 1)
    return all_exhibits(steps, story.book)
