"""The gate: is the built site whole, before it may replace the one that stands?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from casebook import budget
from casebook.errors import Problem
from casebook.parse import Page, parse
from casebook.plan import Step, exhibits_of, made_page


def check(site: Path, steps: Sequence[Step], book: Path) -> int:
    """Return the number of pages of the site. Raises Problem with everything that is missing or foreign."""
    pages = parse(site)
    findings = [*_missing(pages, steps, book), *_broken(site, pages), *_foreign(pages), *budget.over(site, budget.weigh(site, pages), pages)]
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
