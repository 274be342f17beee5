"""Exhibits outside the book: what a plain run of a notebook shows a person."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

from casebook import plain
from casebook.data.shapes import SHAPES_ADDRESS
from casebook.mime import EXHIBIT_MIME, FIGURE_MIME, PLOTLY_MIME, own
from tests.conftest import ROOT

DAY = "24 November 2026"
NUMBER = {"id": "n", "kind": "number", "title": "Cut", "text": "80%", "formula": "one over the other", "said": ["70%", "80%"]}
TABLE = {
    "id": "t", "kind": "table", "title": "Wells", "subtitle": "By depth", "note": "Two of three.",
    "columns": ["Well", "Depth"], "cells": [["Easton", "3 m"], ["<b>", ""]], "sort": [None, [3.0, None]],
}  # fmt: skip
VERDICT = {
    "id": "c1", "kind": "verdict", "title": "The wells are dry", "verdict": "partly", "basis": "One is.", "confidence": "high",
    "would_change": "Rain.", "then": None,
}  # fmt: skip
CHART = {"id": "c", "kind": "chart", "title": "Depth of <wells>", "subtitle": "Metres", "alt": "Three bars.", "note": ""}


def chart(kind: str = "bar", **trace: Any) -> str:
    figure = {"data": [{"type": kind, **trace}], "layout": {}}
    return plain.html(CHART, DAY, plain.figure(CHART, figure, DAY, ROOT / "data"))


@pytest.fixture(autouse=True)
def _a_new_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plain.Drawers, "brought_by", {})


def test_each_kind_of_exhibit_says_in_html_and_text_what_it_says_in_the_book() -> None:
    for exhibit, words in (
        (NUMBER, ["80%", "Cut", "one over the other", "70% to 80%"]),
        (TABLE, ["Wells", "By depth. As known on 24 November 2026.", "Well", "Depth", "Easton", "3 m", "<b>", "Two of three."]),
        (VERDICT, ["The wells are dry", "Partly supported. One is.", "Confidence: high", "Rain."]),
        ({"id": "s", "kind": "sentence", "title": "The record has no well."}, ["The record has no well."]),
    ):
        shown = html.fromstring(plain.html(exhibit, DAY)).text_content()
        assert [word for word in words if word not in shown or word not in plain.text(exhibit, DAY)] == []
    assert [cell.text for cell in html.fromstring(plain.html(TABLE, DAY)).iter("td")] == ["Easton", "3 m", "<b>", None]


def test_a_chart_stands_alone_under_its_title_and_is_the_same_each_time() -> None:
    shown = chart(x=["a"], y=[1])
    (script, drawing) = html.fromstring(shown).iter("script")
    assert "<strong>Depth of &lt;wells&gt;</strong>" in shown and "Depth of" not in drawing.text
    assert "Plotly.newPlot" in drawing.text and "Copyright" in script.text and len(script.text) > 1_000_000
    assert re.search(r'id="plot-c".*', shown) and 'aria-label="Three bars."' in shown and "<script src" not in shown
    # The exhibit that brought it brings it again when its cell runs again; the others lean on it.
    assert chart(x=["a"], y=[1]) == shown
    other = plain.html(CHART | {"id": "d"}, DAY, {"data": [{"type": "bar"}], "layout": {}})
    assert len(other) < 2_000 and "window.casebookDrawers['plotly-basic.min.js']" in other


def test_a_map_brings_its_shapes_and_a_file_that_draws_maps() -> None:
    bare = {"data": [{"type": "choropleth", "geojson": SHAPES_ADDRESS, "locations": ["CHL"], "z": [1]}], "layout": {}}
    whole = plain.figure(CHART, bare, DAY, ROOT / "data")
    assert whole["data"][0]["geojson"]["type"] == "FeatureCollection" and bare["data"][0]["geojson"] == SHAPES_ADDRESS
    assert "casebookDrawers ??= {})['plotly-geo.min.js']" in plain.html(CHART, DAY, whole)


@given(words=st.text("<>\"'&/ab \u2028`=", min_size=1, max_size=20))
def test_a_word_of_the_record_is_only_a_word(words: str) -> None:
    for exhibit in (NUMBER, TABLE, VERDICT, CHART):
        spoilt = {key: words if isinstance(value, str) and key not in ("id", "kind", "verdict") else value for key, value in exhibit.items()}
        if exhibit is TABLE:
            spoilt |= {"columns": [words, words], "cells": [[words, words]]}
        figure = plain.figure(spoilt, {"data": [{"type": "bar", "text": [words]}], "layout": {}}, DAY, ROOT / "data") if exhibit is CHART else None
        plain.Drawers.brought_by = {"plotly-basic.min.js": "another"}
        tags = [element.tag for element in html.fromstring(plain.html(spoilt, DAY, figure)).iter()]
        plainly = plain.html(exhibit | {"note": spoilt.get("note", "")}, DAY, figure)
        if exhibit is not TABLE:
            assert tags == [element.tag for element in html.fromstring(plainly).iter()]
        assert set(tags) <= {"div", "p", "strong", "small", "table", "caption", "br", "thead", "tbody", "tr", "th", "td", "script"}


def test_the_book_keeps_its_own_types_alone() -> None:
    bundle = {EXHIBIT_MIME: {}, FIGURE_MIME: {}, PLOTLY_MIME: {}, "text/html": "<p>", "text/plain": "x"}
    assert own(bundle) == {EXHIBIT_MIME: {}, FIGURE_MIME: {}}
    assert own({"text/plain": "x"}) == {"text/plain": "x"}
