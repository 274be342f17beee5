"""The gate: is the built site whole, before it may replace the one that stands?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from casebook.errors import Problem
from casebook.plan import Step, exhibits_of, made_page

# Attributes by which a browser fetches something without being asked.
FETCHED = {("script", "src"), ("img", "src"), ("iframe", "src"), ("source", "src"), ("link", "href"), ("video", "src"), ("object", "data")}
LINK_RELATIONS_NOT_FETCHED = {"canonical", "author", "search", "index", "next", "prev", "alternate"}


class Page(HTMLParser):
    """What the checks ask of one HTML file."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.figures: dict[str, bool] = {}
        self._figure = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        classes = given.get("class", "").split()
        if tag == "figure" and "casebook-exhibit" in classes:
            self._figure = given["id"]
            self.figures[self._figure] = False
        if "casebook-data" in classes or "casebook-table" in classes:
            self.figures[self._figure] = True
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        for name, value in given.items():
            if (tag, name) in FETCHED and not (tag == "link" and given.get("rel", "") in LINK_RELATIONS_NOT_FETCHED):
                self.fetched.append(value)


def check(site: Path, steps: Sequence[Step], book: Path) -> int:
    """Return the number of pages of the site. Raises Problem with everything that is missing or foreign."""
    pages = {file.relative_to(site).as_posix(): Page(file.read_text("utf-8")) for file in sorted(site.rglob("*.html"))}
    findings = list(_missing(pages, steps, book)) + list(_broken(site, pages)) + list(_foreign(pages))
    if findings:
        raise Problem(*findings)
    return len(pages)


def _missing(pages: dict[str, Page], steps: Sequence[Step], book: Path) -> Iterator[str]:
    for step in steps:
        name = f"{step.page.name}.html"
        if name not in pages:
            yield f"{name}: the page is in the plan and not on the site; is it in _toc.yml?"
            continue
        made: dict[str, Any] = made_page(book, step.page.name) or {"cells": []}
        for exhibit in exhibits_of(made):
            if exhibit["id"] not in pages[name].ids:
                yield f"{name}: the {exhibit['kind']} '{exhibit['id']}' is published by its notebook and not on the page."
            elif exhibit["kind"] in ("chart", "map", "table") and not pages[name].figures.get(exhibit["id"]):
                yield f"{name}: the {exhibit['kind']} '{exhibit['id']}' is an empty box."


def _broken(site: Path, pages: dict[str, Page]) -> Iterator[str]:
    """Links within the site that lead nowhere."""
    for name, page in pages.items():
        for link in sorted(set(page.links + page.fetched)):
            parts = urlsplit(link)
            if parts.scheme or parts.netloc or not (parts.path or parts.fragment):
                continue
            target = (site / name).parent / unquote(parts.path) if parts.path else site / name
            target = target / "index.html" if target.is_dir() else target
            if not target.is_file():
                yield f"{name}: the link '{link}' leads nowhere."
            elif parts.fragment and target.suffix == ".html":
                other = pages.get(target.resolve().relative_to(site.resolve()).as_posix())
                if other and unquote(parts.fragment) not in other.ids:
                    yield f"{name}: the link '{link}' leads to no anchor."


def _foreign(pages: dict[str, Page]) -> Iterator[str]:
    for name, page in pages.items():
        for address in sorted(set(page.fetched)):
            if urlsplit(address).netloc:
                yield f"{name}: it would fetch '{address}' from another host."
