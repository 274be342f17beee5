"""The gate: is the built site whole, before it may replace the one that stands?"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from casebook import budget, published
from casebook.data.record import LATEST
from casebook.edition import Edition
from casebook.elements import drawing_faults, fetched_by_style, is_foreign
from casebook.errors import Problem
from casebook.parse import FROZEN, Page, parse
from casebook.plan import Step, exhibits_of, made_page

IN_STATIC = {".js", ".css", ".map", ".po", ".mo", ".woff", ".woff2"}
KINDS = IN_STATIC | {
    ".html", ".json", ".geojson", ".csv", ".md", ".sqlite", ".zip", ".txt", ".xml", ".svg", ".ico", ".png", ".jpg", ".jpeg", ".webp", ".gif",
}  # fmt: skip


def check(site: Path, steps: Sequence[Step], edition: Edition) -> int:
    """Return the number of pages of a staged site. Raises Problem with everything that is missing, broken or foreign."""
    every = parse(site, edition.work / "parsed.json")
    pages = {name: page for name, page in every.items() if not name.startswith(FROZEN)}
    base = edition.project.config["html"].get("baseurl", "")
    findings = [
        *_ill_formed(every),
        *_missing(pages, steps, edition.book),
        *broken(site, pages),
        *_not_ours(every),
        *_files(site),
        *published.faults(site, pages, steps, edition.book, edition.as_of == LATEST, base),
        *budget.over(site, budget.weigh(site, pages), pages),
    ]
    if findings:
        raise Problem(*findings)
    return len(pages)


def _ill_formed(pages: dict[str, Page]) -> Iterator[str]:
    for name, page in pages.items():
        if page.fault:
            yield f"{name}: it is not well-formed: {page.fault}."
        if twice := sorted({id for id in page.ids if page.ids.count(id) > 1}):
            yield f"{name}: the id '{twice[0]}' stands on it twice; is an exhibit named like a heading?"


def _missing(pages: dict[str, Page], steps: Sequence[Step], book: Path) -> Iterator[str]:
    for step in steps:
        name = f"{step.page.name}.html"
        if name not in pages:
            yield f"{name}: the page is in the plan and not on the site; is it in _toc.yml?"
            continue
        made = made_page(book, step.page.name)
        for exhibit in exhibits_of(made):
            if exhibit["id"] not in pages[name].ids:
                yield f"{name}: the {exhibit['kind']} '{exhibit['id']}' is published by its notebook and not on the page."
            elif exhibit["kind"] in ("chart", "map", "table") and not pages[name].figures.get(exhibit["id"]):
                yield f"{name}: the {exhibit['kind']} '{exhibit['id']}' is an empty box."


def broken(site: Path, pages: dict[str, Page]) -> Iterator[str]:
    """A line for each link of `pages` within the site that leads nowhere."""
    ids = {name: set(page.ids) for name, page in pages.items()}
    files = {file.relative_to(site).as_posix() for file in site.rglob("*") if file.is_file()}
    for name, page in pages.items():
        for link in sorted(set(page.links + page.fetched)):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
                continue
            path = os.path.normpath((Path(name).parent / unquote(parts.path)).as_posix()) if parts.path else name
            target = path if path in files else os.path.normpath(f"{path}/index.html")
            if target not in files:
                yield f"{name}: the link '{link}' leads nowhere."
            elif parts.fragment and target in ids and unquote(parts.fragment) not in ids[target]:
                yield f"{name}: the link '{link}' leads to an anchor that is not there."


def _not_ours(pages: dict[str, Page]) -> Iterator[str]:
    for name, page in pages.items():
        # Of the same on many lines, the first.
        for what, line in {what: line for line, what in reversed(page.refused)}.items():
            yield f"{name}:{line}: {what} is neither the theme's nor an exhibit's; {_remedy(name)}."


def _remedy(name: str) -> str:
    if name.startswith(FROZEN):
        return f"an earlier build may have left it: delete _site/{name}"
    return "take it out of the chapter or the notebook that brings it"


def _files(site: Path) -> Iterator[str]:
    """Files beside the pages that would run or fetch: of a kind that we do not publish, or not in their place."""
    for file in sorted(site.rglob("*")):
        path = file.relative_to(site)
        if not file.is_file():
            continue
        if file.suffix not in KINDS or (file.suffix in IN_STATIC and path.parts[0] != "_static" and path.name != "searchindex.js"):
            yield f"{path}: a file of this kind is not published here; take it out."
        elif file.suffix == ".svg":
            yield from (f"{path}: {fault}, which would run, fetch or lead away; draw it without." for fault in drawing_faults(file.read_bytes()))
        elif file.suffix == ".css":
            for address in filter(is_foreign, fetched_by_style(file.read_text("utf-8"))):
                yield f"{path}: it would fetch '{address[:60]}' from another host."
