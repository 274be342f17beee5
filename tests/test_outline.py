"""The order of the book: what `_toc.yml` names is there, and what is there it names; said before a page runs."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from casebook.data.record import Record
from casebook.edition import Edition
from casebook.errors import Problem
from casebook.inputs import checked
from casebook.outline import RESERVED, check_outline
from casebook.pages import pages
from casebook.project import Project
from tests.conftest import ROOT


def toc(old: str, new: str) -> Callable[[Project], None]:
    def edit(story: Project) -> None:
        file = story.root / "_toc.yml"
        text = file.read_text("utf-8")
        assert old in text
        file.write_text(text.replace(old, new, 1), "utf-8")

    return edit


def put(name: str, text: str = "# A chapter\n") -> Callable[[Project], None]:
    def edit(story: Project) -> None:
        (story.root / name).parent.mkdir(parents=True, exist_ok=True)
        (story.root / name).write_text(text, "utf-8")

    return edit


def page(entry: str) -> Callable[[Project], None]:
    def edit(story: Project) -> None:
        with (story.notebooks / "pages.yml").open("a", encoding="utf-8") as text:
            text.write(f"- {entry}\n")

    return edit


def both(*edits: Callable[[Project], None]) -> Callable[[Project], None]:
    return lambda story: [edit(story) for edit in edits] and None


USE, TOWNS, PARTS = "- file: water/use\n", "          - glob: water/town/*\n", "parts:\n  - caption: The story\n    chapters:\n"
MISTAKES: dict[str, tuple[Callable[[Project], None], str]] = {
    "an open bracket": (toc("root: index", "root: [index"), "_toc.yml, line "),
    "another form": (toc("jb-book", "jb-boook"), "_toc.yml: format: 'jb-boook' must be 'jb-book'."),
    "no root": (toc("root: index\n", ""), "_toc.yml: the key 'root' is missing; add it."),
    "a misspelt root": (toc("root", "rooot"), "_toc.yml: unknown key 'rooot'; did you mean 'root'?"),
    "a root that is nowhere": (toc("root: index", "root: indx"), "'root: indx' is neither a chapter (book/indx.md) nor a page"),
    "a misspelt key": (toc("- file: water/index", "- fil: water/index"), "The story, chapters, number 1: unknown key 'fil'; did you mean 'file'?"),
    "a misspelt part": (toc("caption: The claims", "captoin: The claims"), "parts, number 2: unknown key 'captoin'; did you mean 'caption'?"),
    "a part without chapters": (toc("    chapters:\n      - glob: claims", "    chapter:\n      - glob: claims"), "unknown key 'chapter'; did you mean"),
    "an empty list": (toc("      - glob: claims/claim/*\n", ""), "parts, The claims, chapters: this empty value must be a list."),
    "a text for an entry": (toc(USE, "- water/use\n"), "water/index, sections, number 1: 'water/use' must be keys with values."),
    "a file and a glob": (toc(USE, "- {file: water/use, glob: water/*}\n"), "water/use: it must have one of file, glob or url"),
    "a glob with sections": (toc(TOWNS, "          - {glob: water/town/*, sections: [{file: a}]}\n"), "sections only with file"),
    "an address that is none": (toc(USE, USE + "          - url: example.org\n"), "'example.org' is not a web address"),
    "a file that is a number": (toc(USE, "- file: 7\n"), "file: '7' must be text; put it in quotes."),
    "a list of keys": (toc("format: jb-book", "- format: jb-book"), "_toc.yml, line "),
    "parts and chapters": (toc("parts:", "chapters: [{file: water/use}]\nparts:"), "_toc.yml: Both 'parts' and 'chapters' found"),
    "a misspelt chapter": (toc(USE, "- file: water/uze\n" + "          " + USE), "'file: water/uze' is neither a chapter (book/water/uze.md) nor a page of pages.yml; did you mean 'water/use'?"),
    "a chapter twice": (toc(USE, USE + "          " + USE), "document file used multiple times: 'water/use'"),
    "the root again": (toc(USE, USE + "          - file: index\n"), "document file used multiple times: 'index'"),
    "a glob of nothing": (toc("claims/claim/*", "claim/claims/*"), "_toc.yml: 'glob: claim/claims/*' matches no chapter and no page"),
    "a forgotten chapter": (put("book/water/second.md"), "book/water/second.md: no entry of _toc.yml takes it in; add '- file: water/second', or delete"),
    "a forgotten page": (toc(USE + "          ", ""), "_toc.yml: no entry takes in 1 page of pages.yml (water/use); add '- file: water/use'."),
    "forgotten pages": (toc(TOWNS, ""), "_toc.yml: no entry takes in 3 pages of pages.yml (water/town/{town}); add '- glob: water/town/*'."),
    "a chapter called like a page": (put("book/water/use.md"), "book/water/use.md: pages.yml makes a page of the same name; rename one."),
    "a chapter in a folder of the site": (both(put("book/data/index.md"), toc(USE, "- file: data/index\n          " + USE)), "book/data/index.md: 'data' is a name that the site gives"),
    "a page in a folder of the site": (both(page("{page: pictures/use, notebook: water/use}"), toc(USE, "- file: pictures/use\n          " + USE)), "notebooks/pages.yml: pictures/use: 'pictures' is a name that the site gives"),
    "a chapter for what is not found": (both(put("book/404.md"), toc(USE, "- file: '404'\n          " + USE)), "book/404.md: '404' is a name that the site gives"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_slip_in_the_order_of_the_book_is_one_line(starter: Project, mistake: str) -> None:
    make, said = MISTAKES[mistake]
    check_outline(starter, pages(starter, Record(starter.data)))
    make(starter)
    with pytest.raises(Problem, match=re.escape(said)) as refused:
        check_outline(starter, pages(starter, Record(starter.data)))
    (line,) = refused.value.findings
    assert "\n" not in line


def test_it_is_said_before_a_page_runs(starter: Project) -> None:
    put("book/water/second.md")(starter)
    with pytest.raises(Problem, match=r"book/water/second.md: no entry of _toc.yml takes it in"):
        checked(Edition(starter))


def test_the_names_of_the_site_are_those_it_has(small_built: Project) -> None:
    own = {path.relative_to(small_built.book).parts[0].split(".")[0] for path in small_built.book.rglob("*.*")}
    there = {path.name.split(".")[0] for path in small_built.site.iterdir() if path.is_dir() or path.suffix == ".html"}
    assert {name for name in there if not name.startswith("_")} - own == RESERVED


def test_our_own_book_is_in_order() -> None:
    project = Project(ROOT)
    check_outline(project, pages(project, Record(project.data)))
