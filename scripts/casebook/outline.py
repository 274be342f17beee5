"""The order of the book: does `_toc.yml` name what is there, all of it, and once?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any

from sphinx.util.matching import patfilter
from sphinx_external_toc.parsing import MalformedError, parse_toc_data

from casebook import shape
from casebook.citations import Citation
from casebook.errors import Problem, counted, meant
from casebook.files import load
from casebook.pages import FIELD, Page
from casebook.project import Project

FILE = "_toc.yml"
# Names at the site's root that the machine gives away itself.
RESERVED = {"404", "data", "exhibits", "frozen", "genindex", "pictures", "rows", "search"}


def check_outline(project: Project, pages: Iterable[Page]) -> None:
    """Hold `_toc.yml` against the chapters under `book/` and the pages that are made.

    Raises Problem with a finding for each entry that leads nowhere or to what another has, for each chapter and each
    entry of pages.yml that no entry takes in, and for each name that is the site's own.
    """
    toc = load(project.root / FILE, FILE)
    shape.check(toc, "toc", FILE)
    try:
        parse_toc_data(toc)
    except (MalformedError, ValueError, TypeError, AttributeError) as error:
        raise Problem(f"{FILE}: {' '.join(str(error).split())}; correct it.") from None
    made = {page.name: page for page in pages}
    chapters = {file.relative_to(project.book).with_suffix("").as_posix() for file in project.book.rglob("*.md")}
    # What an entry is misspelt for would be left out too: that is one mistake.
    lost = list(_leading_nowhere(toc, chapters | set(made))) or list(_left_out(toc, made, chapters))
    if findings := [*_names(made, chapters), *lost]:
        raise Problem(*findings)


def check_lists(project: Project, cited: Iterable[Citation]) -> None:
    """Raises Problem for each chapter that lists its sections with {tableofcontents} and has none in `_toc.yml`."""
    toc = load(project.root / FILE, FILE)
    parents = {_name(toc["root"]), *_parents(toc)}
    empty = [one for one in cited if one.name == "tableofcontents" and one.page not in parents]
    if empty:
        raise Problem(*(f"{one.place}: {{tableofcontents}} lists the sections of '{one.page}', and {FILE} has none below it." for one in empty))


def _name(entry: str) -> str:
    return re.sub(r"\.(md|ipynb)$", "", entry)


def _parents(part: Any) -> Iterator[str]:
    """Files that have sections of their own."""
    if isinstance(part, dict):
        if part.get("sections"):
            yield _name(part["file"])
        part = list(part.values())
    if isinstance(part, list):
        for item in part:
            yield from _parents(item)


def _entries(part: Any) -> Iterator[tuple[str, str]]:
    """The entries of a table of contents, in order: what they are, `file` or `glob`, and what they name."""
    for key, value in part.items():
        if key in ("root", "file", "glob"):
            yield key, _name(value)
        elif isinstance(value, list):
            for item in value:
                yield from _entries(item)


def _names(made: dict[str, Page], chapters: set[str]) -> Iterator[str]:
    where = {name: f"notebooks/pages.yml: {page.entry}" for name, page in made.items()} | {name: f"book/{name}.md" for name in chapters}
    for name in sorted(made.keys() & chapters):
        yield f"book/{name}.md: pages.yml makes a page of the same name; rename one."
    taken = {where[name]: first for name in sorted(made.keys() | chapters) if (first := name.split("/")[0]) in RESERVED}
    yield from (f"{place}: '{first}' is a name that the site gives to something else; take another." for place, first in taken.items())


def _leading_nowhere(toc: Any, known: set[str]) -> Iterator[str]:
    for kind, name in _entries(toc):
        if kind == "glob" and not patfilter(known, name):
            yield f"{FILE}: 'glob: {name}' matches no chapter and no page; correct it, or take it out."
        elif kind != "glob" and name not in known:
            yield f"{FILE}: '{kind}: {name}' is neither a chapter (book/{name}.md) nor a page of pages.yml; {meant(name, known)}"


def _left_out(toc: Any, made: dict[str, Page], chapters: set[str]) -> Iterator[str]:
    out = made.keys() | chapters
    for kind, name in _entries(toc):
        out.difference_update(patfilter(out, name) if kind == "glob" else [name])
    for name in sorted(out & chapters):
        yield f"book/{name}.md: no entry of {FILE} takes it in; add '- file: {name}', or delete the chapter."
    for entry, pages in Counter(made[name].entry for name in out - chapters).items():
        line = f"glob: {FIELD.sub('*', entry)}" if FIELD.search(entry) else f"file: {entry}"
        yield f"{FILE}: no entry takes in {counted(pages, 'page')} of pages.yml ({entry}); add '- {line}'."
