"""The record as known on a past day: a small site of the made pages alone, an index of them, and the list of sources.

Chapters are no part of it: prose is written with hindsight, and is always today's.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from itertools import groupby
from typing import Any

import yaml

from casebook.edition import Edition
from casebook.format import day
from casebook.frame import SOURCES_PAGE
from casebook.plan import Step

INDEX = "# {sentence}\n\nWhat became public later is not in it. {chapters}\n\n```{{tableofcontents}}\n```\n"
SOURCES = "# Sources\n\n```{source-list}\n```\n"


def sentence(as_of: str) -> str:
    """What such a site says of itself. `as_of` as YYYY-MM-DD."""
    return f"The record as known on {day(as_of)}"


def write_texts(edition: Edition, steps: Sequence[Step]) -> None:
    """Put beside the made pages of a past day's edition what leads to them: an index, the list of sources, the contents."""
    for old in edition.book.rglob("*.md"):
        old.unlink()
    html = edition.project.config["html"]
    today = html.get("baseurl", "")
    chapters = f"The chapters are always [today's]({today})." if today else "The chapters are always today's."
    texts = {"index": INDEX.format(sentence=sentence(edition.as_of), chapters=chapters), SOURCES_PAGE: SOURCES}
    for name, text in texts.items():
        file = edition.book / f"{name}.md"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, "utf-8")
    if favicon := html.get("favicon"):
        shutil.copyfile(edition.project.book / favicon, edition.book / favicon)
    edition.toc.write_text(yaml.safe_dump(contents([step.page.name for step in steps]), sort_keys=False), "utf-8")


def contents(pages: Sequence[str]) -> dict[str, Any]:
    """The table of contents: a part for each folder of pages (names, sorted), then the sources."""
    folders = groupby(sorted(pages, key=_folder), key=_folder)
    parts = [{"caption": folder, "chapters": [{"file": page} for page in found]} for folder, found in folders]
    return {"format": "jb-book", "root": "index", "parts": [*parts, {"caption": "sources", "chapters": [{"file": SOURCES_PAGE}]}]}


def _folder(page: str) -> str:
    return page.rpartition("/")[0] or "pages"
