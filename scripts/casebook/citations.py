"""What chapters, the changelog and the text of notebooks cite. What the record alone can tell of it is said before a page runs."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, normpath, relpath
from typing import Any
from urllib.parse import unquote, urlsplit

from casebook.changes import versions
from casebook.data.record import Record
from casebook.errors import Problem, meant, of_notebooks
from casebook.files import read_text
from casebook.holds import Guard
from casebook.markdown import Directive, blocks
from casebook.plan import Step
from casebook.project import Project
from casebook.verdicts import RULES_TABLE, VERDICTS_TABLE

# Our directives, and how many words each takes.
WORDS = {"exhibit": 1, "then-and-now": 2, "rule": 1} | dict.fromkeys(
    ("verdicts", "page-sources", "dictionary", "source-list", "changes", "tableofcontents"), 0
)
LINK, IMAGE = "link", "image"
PUBLISH = "publish it in a notebook, or correct the id."


@dataclass(frozen=True)
class Citation:
    """A role, directive, link or image: the text and the place (file and line) where it stands, the page that shows it (of the
    changelog: none), its name, what it names, and the line itself."""

    text: str
    place: str
    page: str
    name: str
    words: str
    line: str

    @property
    def in_chapter(self) -> bool:
        """Whether it stands in a chapter or the changelog, and not in the text of a notebook."""
        return not self.text.startswith("notebooks/")


def citations(project: Project, steps: Sequence[Step]) -> list[Citation]:
    """Every citation of the book, in the order of texts."""
    found: list[Citation] = []
    for file in sorted(project.book.rglob("*.md")):
        name = file.relative_to(project.root).as_posix()
        found += _of(read_text(file, name), name, file.relative_to(project.book).with_suffix("").as_posix(), f"{name}:{{}}".format)
    for version in versions(project.data):
        found += _of(version.text, "data/CHANGES.md", "", "data/CHANGES.md:{}".format, version.line)
    for step in steps:
        name = f"notebooks/{step.page.notebook}.ipynb, page {step.page.name}"
        for index, cell in enumerate(step.template.cells, start=1):
            if cell.cell_type == "markdown":
                found += _of(cell.source, name, step.page.name, f"{name}, cell {index}, line {{}}".format)
    return found


def _of(text: str, name: str, page: str, place: Callable[[int], str], first: int = 1) -> Iterator[Citation]:
    lines = text.splitlines()
    for block in blocks(text, first):
        for token, number in ((part.token, part.line) for part in block):
            line = "".join(lines[number - first : number - first + 1]).strip()
            match token.type:
                case "myst_role":
                    yield Citation(name, place(number), page, token.meta["name"], token.content, line)
                case "link_open":
                    yield Citation(name, place(number), page, LINK, str(token.attrs.get("href", "")), line)
                case "image":
                    yield Citation(name, place(number), page, IMAGE, str(token.attrs.get("src", "")), line)
                case "fence" | "colon_fence" if (directive := Directive.of(token)).name in WORDS:
                    yield Citation(name, place(number), page, directive.name, directive.words, line)


def check_with_record(cited: Sequence[Citation], record: Record, book: Path, made: Iterable[str]) -> None:
    """Raises Problem for each citation that is written wrongly, or names what no row of the record is.

    Of links and images: what is no chapter or file under `book`, and none of the pages that are `made`.
    """
    pages = {*made, *(file.relative_to(book).with_suffix("").as_posix() for file in book.rglob("*.md"))}
    without: dict[str, None] = {}
    for one in cited:
        if one.name == "source" and one.in_chapter:
            without[one.text] = None
        elif one.name == "page-sources":
            # It lists what was cited before it. A made page has one by itself.
            without.pop(one.text, None)
    _complain(
        [(one, fault) for one in cited if (fault := _fault(one, record) or _leading_nowhere(one, pages, book))],
        [f"{text}: it cites sources and has no list of them; add the directive {{page-sources}} at its end." for text in without],
    )


def check_with_exhibits(cited: Sequence[Citation], exhibits: Mapping[str, Mapping[str, Any]]) -> None:
    """Raises Problem for each citation of what no page publishes, and for each condition, of a chapter or an exhibit, that is false now."""
    numbers = {id: exhibit for id, exhibit in exhibits.items() if exhibit["kind"] == "number"}
    words = (
        f"page {exhibit['page']}, {exhibit['kind']} '{id}': {fault}; rewrite its words: {exhibit['title']}"
        for id, exhibit in exhibits.items()
        for condition in exhibit.get("holds", [])
        if (fault := Guard.of(condition).fault(numbers))
    )
    _complain([(one, fault) for one in cited if (fault := _lacking(one, exhibits, numbers))], [*words])


def _complain(faults: Sequence[tuple[Citation, str]], more: Sequence[str] = ()) -> None:
    """Raise Problem with a finding for each fault of a chapter, and for those that a notebook has on many pages one."""
    lines = [f"{one.place}: {fault}" for one, fault in faults if one.in_chapter]
    of_pages = of_notebooks((one.text.split(",")[0], f"{one.place}: {fault}") for one, fault in faults if not one.in_chapter)
    if findings := [*lines, *more, *of_pages]:
        raise Problem(*findings)


def _fault(one: Citation, record: Record) -> str:
    """What is wrong with a citation as far as the record can tell, and what to do; empty where nothing is."""
    words = one.words.split()
    if one.name in WORDS and len(words) != WORDS[one.name]:
        takes = ("no words", "the id of one", "the ids of two: today's, then the earlier one")[WORDS[one.name]]
        return f"the directive {{{one.name}}} takes {takes} beside its name, and not '{one.words}'; correct it."
    match one.name:
        case "source" if not record.rows("sources", id=one.words):
            return f"no source has the id '{one.words}'; {meant(one.words, _ids(record, 'sources', 'id'), 'add the row to data/sources.csv first.')}"
        case "verdict" if VERDICTS_TABLE in record.tables and one.words not in (known := _ids(record, VERDICTS_TABLE, "claim_id")):
            return f"no claim '{one.words}' has a verdict; {meant(one.words, known, f'add the row to data/{VERDICTS_TABLE}.csv.')}"
        case "rule" if one.in_chapter and one.words not in (known := _ids(record, RULES_TABLE, "claim_id")):
            return f"no claim '{one.words}' has a rule; {meant(one.words, known)}"
        case "record-day" if not one.words.isdigit():
            return f"{{record-day}} takes a whole number of days, and not '{one.words}'; correct it."
        case "holds":
            try:
                Guard.of(one.words)
            except Problem as problem:
                return str(problem)
    return ""


def _leading_nowhere(one: Citation, pages: set[str], book: Path) -> str:
    """What is wrong with where a link within the book leads, or with an image; empty where nothing is."""
    parts = urlsplit(unquote(one.words)) if one.name in (LINK, IMAGE) else urlsplit("")
    if parts.scheme or parts.netloc or not parts.path:
        return ""
    target = normpath(f"{dirname(one.page)}/{parts.path}".lstrip("/"))
    if (book / target).is_file() or (one.name == LINK and re.sub(r"\.(md|ipynb|html)$", "", target) in pages):
        return ""
    seen = (relpath(page, dirname(one.page) or ".") for page in pages)
    return f"the {one.name} '{one.words}' leads nowhere; {meant(parts.path, seen, 'name a chapter or page as seen from this one.')}"


def _ids(record: Record, table: str, column: str) -> set[str]:
    return {row[column] for row in record.rows(table)} if table in record.tables else set()


def _lacking(one: Citation, exhibits: Mapping[str, Mapping[str, Any]], numbers: Mapping[str, Mapping[str, Any]]) -> str:
    """What a citation names and no page publishes, or what is false in it; empty where nothing is."""
    match one.name:
        case "number" if one.words not in numbers:
            return f"no number '{one.words}' is published; {meant(one.words, numbers, PUBLISH)}"
        case "verdict" if exhibits.get(one.words, {}).get("kind") != "verdict":
            return f"no page publishes the verdict on '{one.words}'; make a page of claims/claim for it in notebooks/pages.yml."
        case "exhibit" | "then-and-now":
            if unknown := [id for id in one.words.split() if id not in exhibits]:
                return f"no exhibit '{unknown[0]}' is published; {meant(unknown[0], exhibits, PUBLISH)}"
        case "holds":
            if fault := Guard.of(one.words).fault(numbers):
                return f"{fault}; rewrite the sentence beside it: {one.line}"
    return ""
