"""Headings and text that a notebook makes: real in a plain run, a Markdown cell in the book."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

import casebook
from casebook import passages
from casebook.data.read import read
from casebook.errors import Problem
from casebook.headings import check_headings
from casebook.mime import EXHIBIT_MIME, TEXT_MIME
from casebook.pages import Page
from casebook.passages import spelt, words
from casebook.plan import STALE, Step
from casebook.project import Project
from casebook.run import finish


@pytest.fixture
def said(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(passages, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


def step(*cells: nbformat.NotebookNode) -> Step:
    parameters = nbformat.v4.new_code_cell('as_of = "latest"', metadata={"tags": ["parameters"]})
    template = nbformat.v4.new_notebook(cells=[parameters, *cells])
    return Step(Page("wells", "wells", {"as_of": "latest"}), STALE, "", template, {})


def code(source: str, *bundles: dict[str, Any]) -> nbformat.NotebookNode:
    return nbformat.v4.new_code_cell(source, outputs=[nbformat.v4.new_output("display_data", data=bundle) for bundle in bundles])


def test_a_heading_is_markdown_for_all_and_a_cell_of_the_book(said: list[dict[str, Any]]) -> None:
    passages.heading("Wells *of* Easton", "How deep.", level=2)
    passages.include("rule", "c1")
    heading, citation = said
    assert heading["text/markdown"] == "## Wells &#42;of&#42; Easton\n\nHow deep."
    assert heading["text/plain"] == "## Wells *of* Easton\n\nHow deep."
    assert citation["text/markdown"] == "*The book shows here: rule `c1`.*" and citation[TEXT_MIME]["markdown"].startswith("```{rule} c1")
    page = step(code("x = 1", {"text/plain": "1"}, heading, citation, {EXHIBIT_MIME: {"id": "a"}}))
    cells = finish(page.template, page)["cells"]
    assert [cell["cell_type"] for cell in cells] == ["code", "markdown", "code", "markdown"]
    assert cells[1]["source"] == "## Wells &#42;of&#42; Easton\n\nHow deep.\n\n```{rule} c1\n```"
    assert [list(output["data"]) for output in cells[2]["outputs"]] == [["text/plain"], [TEXT_MIME], [TEXT_MIME], [EXHIBIT_MIME]]


def test_what_the_book_would_put_elsewhere_or_could_not_show_is_refused(said: list[dict[str, Any]]) -> None:
    passages.heading("Wells", "![A picture](https://example.org/a.png)")
    late = step(code("x = 1", {EXHIBIT_MIME: {"id": "a"}}, *said))
    with pytest.raises(Problem, match=r"page wells.*: cell 2: it says a heading or a citation after an exhibit; begin a cell with it"):
        finish(late.template, late)
    drawn = step(code("x = 1", *said))
    with pytest.raises(Problem, match=r"page wells.*: Markdown cell 2, line 3: "):
        finish(drawn.template, drawn)


def test_levels_of_headings_that_code_says_are_checked_before_it_runs(project: Project) -> None:
    check_headings(project, [step(code('x = 1\nheading(f"{x} wells")'), code("if x:\n    heading('Depth', level=2)"))])
    for source, fault in (("heading('Depth', level=2)", "the first heading is the page's title"), ("x = 1", "it has no title")):
        with pytest.raises(Problem, match=fault):
            check_headings(project, [step(code(source))])
    with pytest.raises(Problem, match="cell 3, line 2: a page has one title; begin this heading with ##"):
        check_headings(project, [step(code("heading('Wells')"), code("\nheading('Depth')"))])


def test_a_page_of_another_day_says_so() -> None:
    assert passages.dated("Wells", "latest") == "Wells"
    assert passages.dated("Wells", "2025-04-16") == "Wells, as known on 16 April 2025"


MARKED = st.text("\\`*_{}[]<>$~|#!&%:+-=.)'\"/^@ \n\t1aé\u2028")


@given(MARKED)
@example("a._b__c_ 1. <b>x</b> _a_ [x](javascript:y) `{raw}` {{ z }} %")
def test_a_cell_in_text_stays_words_of_one_line(cell: str) -> None:
    parser = create_md_parser(MdParserConfig(enable_extensions={"colon_fence", "deflist"}), RendererHTML)
    said = " ".join(cell.split())
    for text in (words(cell), f"# {words(cell)}", f"{words(cell)} {words(cell)}"):
        blocks = [token for token in parser.parse(text) if token.type != "inline"]
        inline = [child for token in parser.parse(text) for child in token.children or []]
        assert {token.tag for token in blocks} <= {"p", "h1"} and {child.type for child in inline} <= {"text"}
        assert not inline or "".join(child.content for child in inline) in (said, f"{said} {said}")
    (shown,) = html.fragments_fromstring(f"<p title='{words(cell)}'>{words(cell)}</p>")
    assert len(shown) == 0 and (shown.text or "") == shown.get("title") == said


def test_no_name_of_the_face_is_a_modules_too() -> None:
    """Python would give whichever was imported first."""
    modules = {file.stem for file in Path(casebook.__file__ or "").parent.iterdir()}
    assert modules.isdisjoint(casebook.__all__) and all(callable(getattr(casebook, name)) for name in casebook.__all__)


def test_a_row_is_told_as_readers_meet_its_cells() -> None:
    rows = read("ai/rounds", "latest", company="xai", round_id="xai-x-merger").head(1)
    rows = rows.assign(who="xai_x", event_date=pd.Timestamp("2025-03-31"), date_precision="month", amount=float("nan"))
    (said,) = spelt(rows, "{who}, {event_date}: {post_money}{amount} in {currency}<br>{status}")
    assert said in ("xai_x, March 2025: $80bn in USD<br>announced", "xai_x, March 2025: $80bn in USD<br>press report")
    (where,) = spelt(read("lithium/deals", "latest", country_iso3="CHL").head(1), "{country_iso3}")
    assert where == "Chile" and spelt(rows.head(0), "{status}").empty
    with pytest.raises(Problem, match="spelt: the rows have no column 'sum'; they have id, "):
        spelt(rows, "{sum}")
