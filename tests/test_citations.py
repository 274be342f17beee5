"""What texts cite is there, as far as can be told before a page runs, and the rest before Sphinx begins; a mistake is one line."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from casebook import admit
from casebook.citations import check_with_exhibits, check_with_record, citations
from casebook.data.record import Record
from casebook.errors import Problem
from casebook.plan import plan
from casebook.project import Project
from tests.conftest import ROOT

NUMBER = {"kind": "number", "value": 3.0, "unit": "count"}
EXHIBITS: dict[str, dict[str, Any]] = {
    "towns": NUMBER,
    "easton-change": NUMBER | {"value": -0.2, "unit": "share"},
    "water-use": {"kind": "chart"},
    "c1": {"kind": "verdict"},
}
INDEX, WATER = "book/index.md", "book/water/index.md"


def swap(name: str, old: str, new: str) -> Callable[[Project], None]:
    def edit(story: Project) -> None:
        text = (story.root / name).read_text("utf-8")
        assert old in text
        (story.root / name).write_text(text.replace(old, new, 1), "utf-8")

    return edit


def check(story: Project) -> None:
    """All that is said of a text, in the order of a build."""
    admit.check(story)
    record = Record(story.data)
    steps = plan(story, record, story.book)
    cited = citations(story, steps)
    check_with_record(cited, record, story.book, (step.page.name for step in steps))
    check_with_exhibits(cited, EXHIBITS)


CHANGES, FIRST = "data/CHANGES.md", "First version: "
MISTAKES: dict[str, tuple[Callable[[Project], None], str]] = {
    "a role that is none": (swap(INDEX, "{number}`towns`", "{numbr}`towns`"), "book/index.md:3: the role {numbr} is not for use here; did you mean 'number'?"),
    "a role of Sphinx": (swap(INDEX, "{number}`towns`", "{command}`towns`"), "book/index.md:3: the role {command} is not for use here; use "),
    "a directive that is none": (swap(INDEX, "{exhibit}", "{exibit}"), "book/index.md:10: the directive {exibit} is not for use here; did you mean 'exhibit'?"),
    "a directive of Sphinx": (swap(INDEX, "{exhibit} water-use", "{code-block} python"), "the directive {code-block} is not for use here; use "),
    "a role without backticks": (swap(INDEX, "{number}`towns`", "{number} towns"), "book/index.md:3: '{number}' is read as these letters; write {number}`id`"),
    "a role with a space": (swap(INDEX, "{number}`towns`", "{number} `towns`"), "'{number}' is read as these letters; write {number}`id`"),
    "a role with quotes": (swap(INDEX, "{number}`towns`", "{number}'towns'"), "'{number}' is read as these letters; write {number}`id`"),
    "a role of nothing": (swap(INDEX, "{number}`towns`", "{number}``"), "book/index.md:3: a backtick stands alone"),
    "a backtick too few": (swap(INDEX, "{number}`towns` towns", "{number}`towns towns"), "book/index.md:3: a backtick stands alone, and what follows is read as code; close it"),
    "a directive on one line": (swap(INDEX, "```{exhibit} water-use\n```", "```{exhibit} water-use```"), "'{exhibit}' is read as code; write the directive on lines of its own"),
    "a directive without braces": (swap(INDEX, "{exhibit} water-use", "exhibit water-use"), "'exhibit' is read as the name of a language; write the directive as {exhibit}."),
    "a directive that does not end": (swap(INDEX, "```{exhibit} water-use\n```", "```{exhibit} water-use\n"), "{exhibit} has neither options nor a body; take the lines inside it out."),
    "number: unknown": (swap(INDEX, "`towns`", "`town`"), "book/index.md:3: no number 'town' is published; did you mean 'towns'?"),
    "number: quite unknown": (swap(INDEX, "`towns`", "`zzz`"), "book/index.md:3: no number 'zzz' is published; publish it in a notebook, or correct the id."),
    "number: a chart": (swap(INDEX, "`towns`", "`water-use`"), "book/index.md:3: no number 'water-use' is published"),
    "number: in another case": (swap(INDEX, "`towns`", "`Towns`"), "no number 'Towns' is published; did you mean 'towns'?"),
    "number: with a space": (swap(INDEX, "`towns`", "`towns `"), "no number 'towns ' is published; did you mean 'towns'?"),
    "verdict: unknown": (swap(INDEX, "{verdict}`c1`", "{verdict}`c01`"), "book/index.md:8: no claim 'c01' has a verdict; did you mean 'c1'?"),
    "verdict: a number": (swap(INDEX, "{verdict}`c1`", "{verdict}`towns`"), "no claim 'towns' has a verdict; add the row to data/claims/verdicts.csv."),
    "exhibit: unknown": (swap(INDEX, "{exhibit} water-use", "{exhibit} water-uses"), "book/index.md:10: no exhibit 'water-uses' is published; did you mean 'water-use'?"),
    "exhibit: none": (swap(INDEX, "{exhibit} water-use", "{exhibit}"), "book/index.md:10: the directive {exhibit} takes the id of one beside its name, and not ''"),
    "exhibit: two": (swap(INDEX, "{exhibit} water-use", "{exhibit} water-use towns"), "the directive {exhibit} takes the id of one beside its name, and not 'water-use towns'"),
    "then-and-now: one": (swap(INDEX, "{exhibit} water-use", "{then-and-now} water-use"), "the directive {then-and-now} takes the ids of two"),
    "then-and-now: unknown": (swap(INDEX, "{exhibit} water-use", "{then-and-now} water-use water-then"), "no exhibit 'water-then' is published"),
    "rule: unknown": (swap(INDEX, "{exhibit} water-use", "{rule} c2"), "book/index.md:10: no claim 'c2' has a rule; use c1."),
    "rule: none": (swap(INDEX, "{exhibit} water-use", "{rule}"), "the directive {rule} takes the id of one"),
    "verdicts: a word": (swap(INDEX, "{verdicts}", "{verdicts} c1"), "book/index.md:5: the directive {verdicts} takes no words beside its name, and not 'c1'"),
    "page-sources: a word": (swap(WATER, "{page-sources}", "{page-sources} all"), "the directive {page-sources} takes no words beside its name, and not 'all'"),
    "dictionary: a word": (swap("book/methods/dictionary.md", "{dictionary}", "{dictionary} all"), "{dictionary} takes no words"),
    "source-list: a word": (swap("book/methods/sources.md", "{source-list}", "{source-list} all"), "{source-list} takes no words"),
    "changes: a word": (swap("book/methods/changes.md", "{changes}", "{changes} all"), "{changes} takes no words"),
    "an option": (swap(INDEX, "{exhibit} water-use\n", "{exhibit} water-use\n:width: 5\n"), "{exhibit} has neither options nor a body"),
    "source: unknown": (swap(WATER, "`waterworks`", "`waterwork`"), "book/water/index.md:3: no source has the id 'waterwork'; did you mean 'waterworks'?"),
    "source: quite unknown": (swap(WATER, "`waterworks`", "`zzz`"), "no source has the id 'zzz'; add the row to data/sources.csv first."),
    "source: two": (swap(WATER, "`waterworks`", "`waterworks;leaflet`"), "no source has the id 'waterworks;leaflet'"),
    "source: no list": (swap(WATER, "```{page-sources}\n```", ""), "book/water/index.md: it cites sources and has no list of them; add the directive {page-sources} at its end."),
    "source: after the list": (swap(WATER, "```{page-sources}\n```", "```{page-sources}\n```\n\nSo says {source}`leaflet`."), "book/water/index.md: it cites sources and has no list"),
    "link: a misspelt chapter": (swap(INDEX, "](water/index)", "](water/indx)"), "book/index.md:13: the link 'water/indx' leads nowhere; did you mean 'water/index'?"),
    "link: from elsewhere": (swap(WATER, "once a month", "[once](water/use) a month"), "the link 'water/use' leads nowhere; name a chapter or page as seen from this one."),
    "link: a file that is none": (swap(INDEX, "](water/index)", "](water/index.txt)"), "the link 'water/index.txt' leads nowhere"),
    "link: out of the book": (swap(INDEX, "](water/index)", "](../data/CHANGES.md)"), "book/index.md:13: the link '../data/CHANGES.md' leads out of the book"),
    "link: an address that is none": (swap(INDEX, "](water/index)", "](https://)"), "book/index.md:13: the link 'https://' is no web address"),
    "image: none": (swap(INDEX, "[the chapter on water](water/index)", "![water](water.png)"), "the image 'water.png' leads nowhere"),
    "record-day: a word": (swap(INDEX, "{number}`towns`", "{record-day}`week`"), "book/index.md:3: {record-day} takes a whole number of days, and not 'week'"),
    "holds: another sign": (swap(INDEX, "change < 0", "change = 0"), "book/index.md:8: holds 'easton-change = 0': write a number's id, one of <"),
    "holds: two points": (swap(INDEX, "change < 0", "change < 1.2.3"), "holds 'easton-change < 1.2.3': write a number's id"),
    "holds: unknown": (swap(INDEX, "easton-change <", "weston-change <"), "holds 'weston-change < 0': no number 'weston-change' is published; did you mean"),
    "holds: other units": (swap(INDEX, "change < 0", "change < towns"), "it compares count and share; hold like against like."),
    "holds: false": (swap(INDEX, "change < 0", "change > 0"), "is false now: easton-change is -0.2; rewrite the sentence beside it: Easton's use changed by"),
    "changelog: a role that is none": (swap(CHANGES, FIRST, "{numbr}`towns` "), "the role {numbr} is not for use here; did you mean 'number'?"),
    "changelog: unknown": (swap(CHANGES, FIRST, "{number}`town` "), "data/CHANGES.md:7: no number 'town' is published; did you mean 'towns'?"),
    "changelog: a directive that is none": (swap(CHANGES, FIRST, "```{include} /etc/passwd\n```\n\n"), "the directive {include} is not for use here"),
    "changelog: raw HTML": (swap(CHANGES, FIRST, "<script>x</script> "), "data/CHANGES.md:7: raw HTML, '<script>', is not for use here"),
    "changelog: a picture": (swap(CHANGES, FIRST, "![x](x.png) "), "data/CHANGES.md:7: a picture cannot stand here; link to it."),
    "changelog: a link without its host": (swap(CHANGES, FIRST, "[x](water/index) "), "data/CHANGES.md:7: the link 'water/index' has no host"),
    "changelog: a figure alone": (swap(CHANGES, FIRST, "{holds}`towns > 5` "), "data/CHANGES.md:7: holds 'towns > 5' is false now"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_slip_in_a_text_is_one_line(starter: Project, mistake: str) -> None:
    make, said = MISTAKES[mistake]
    check(starter)
    make(starter)
    with pytest.raises(Problem, match=re.escape(said)) as refused:
        check(starter)
    (line,) = refused.value.findings
    assert "\n" not in line


def test_what_a_notebook_cites_wrongly_on_many_pages_is_one_line(starter: Project) -> None:
    file = starter.notebooks / "water" / "town.ipynb"
    book = json.loads(file.read_text("utf-8"))
    book["cells"].append({"cell_type": "markdown", "id": "last", "metadata": {}, "source": "It is high.\n\nSee {number}`most-easton-ever`.\n"})
    file.write_text(json.dumps(book), "utf-8")
    with pytest.raises(Problem) as refused:
        check(starter)
    (line,) = refused.value.findings
    assert line.startswith("notebooks/water/town.ipynb, page water/town/easton, cell 3, line 3 and 2 more: no number 'most-easton-ever' is published")


@pytest.mark.parametrize(
    ("leans_on", "said"),
    [
        ("easton-change > 0", "holds 'easton-change > 0' is false now: easton-change is -0.2; rewrite its words: Easton uses more"),
        ("weston-change > 0", "holds 'weston-change > 0': no number 'weston-change' is published; did you mean 'easton-change'?"),
    ],
)
def test_a_headline_that_no_longer_holds_is_one_line(leans_on: str, said: str) -> None:
    chart = {"kind": "chart", "title": "Easton uses more", "page": "water/use", "holds": ["towns > 2", leans_on]}
    with pytest.raises(Problem) as refused:
        check_with_exhibits([], EXHIBITS | {"water-use": chart})
    (line,) = refused.value.findings
    assert line.startswith(f"page water/use, chart 'water-use': {said}")
    check_with_exhibits([], EXHIBITS | {"water-use": chart | {"holds": ["towns > 2"]}})


def test_our_own_book_cites_what_is_there() -> None:
    project = Project(ROOT)
    record = Record(project.data)
    steps = plan(project, record, project.book)
    check_with_record(citations(project, steps), record, project.book, (step.page.name for step in steps))
