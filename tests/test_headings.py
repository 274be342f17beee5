"""Titles and levels of headings, in chapters and in what notebooks say; a list of sections where there are some."""

from __future__ import annotations

import json

import pytest

from casebook.citations import citations
from casebook.data.record import Record
from casebook.errors import Problem
from casebook.headings import check_headings
from casebook.outline import check_lists
from casebook.plan import Step, plan
from casebook.project import Project


def steps(story: Project) -> list[Step]:
    return plan(story, Record(story.data), story.book)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "book/index.md: it has no title; begin it with a heading, # and the title."),
        ("Words.\n", "book/index.md: it has no title"),
        ("#Title\n", "book/index.md: it has no title"),
        ("## Title\n", "book/index.md:1: the first heading is the page's title; begin it with one #."),
        ("# One\n\n# Two\n", "book/index.md:3: a page has one title; begin this heading with ##."),
        ("# One\n\nWords.\n\n### Three\n", "book/index.md:5: a level is left out; begin this heading with ##."),
        ("# One\n\n## Two\n\n#### Four\n", "book/index.md:5: a level is left out; begin this heading with ###."),
    ],
)
def test_a_slip_in_a_heading_is_one_line(starter: Project, text: str, said: str) -> None:
    check_headings(starter, steps(starter))
    (starter.book / "index.md").write_text(text, "utf-8")
    with pytest.raises(Problem) as refused:
        check_headings(starter, steps(starter))
    (line,) = refused.value.findings
    assert line.startswith(said)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("use = town", " and 2 more: it has no title; begin it with a heading, # and the title."),
        ("heading(town.title(), level=2)", ", cell 2, line 1 and 2 more: the first heading is the page's title"),
        ("heading(town.title())\n\nheading('More', level=3)", ", cell 2, line 3 and 2 more: a level is left out"),
    ],
)
def test_a_slip_in_a_notebook_is_one_line_for_all_its_pages(starter: Project, source: str, said: str) -> None:
    file = starter.notebooks / "water" / "town.ipynb"
    book = json.loads(file.read_text("utf-8"))
    book["cells"][1]["source"] = source
    file.write_text(json.dumps(book), "utf-8")
    with pytest.raises(Problem) as refused:
        check_headings(starter, steps(starter))
    (line,) = refused.value.findings
    assert line.startswith("notebooks/water/town.ipynb, page water/town/easton") and said in line


def test_headings_may_go_up_by_any_step(starter: Project) -> None:
    (starter.book / "index.md").write_text("# One\n\n## Two\n\n### Three\n\n## Two again\n", "utf-8")
    check_headings(starter, steps(starter))


def test_a_list_of_sections_that_are_none_is_said(starter: Project) -> None:
    for name in ("index.md", "water/index.md"):
        with (starter.book / name).open("a", encoding="utf-8") as text:
            text.write("\n```{tableofcontents}\n```\n")
    check_lists(starter, citations(starter, steps(starter)))
    with (starter.book / "methods" / "changes.md").open("a", encoding="utf-8") as text:
        text.write("\n```{tableofcontents}\n```\n")
    with pytest.raises(Problem) as refused:
        check_lists(starter, citations(starter, steps(starter)))
    said = "book/methods/changes.md:6: {tableofcontents} lists the sections of 'methods/changes', and _toc.yml has none below it."
    assert refused.value.findings == (said,)
