"""What the site publishes for machines: is each file there, of its shape, and does it say what the pages say?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit
from xml.etree import ElementTree

from casebook import shape
from casebook.parse import Page
from casebook.plan import Step, exhibits_of, made_page

# Files of a site, and the schema (under assets/schemas) of each.
FILES = {"exhibits.json": "exhibits", "manifest.json": "manifest"}
LINKED_DATA = {"ClaimReview": "claim_review", "Dataset": "dataset"}


def faults(site: Path, pages: dict[str, Page], steps: Sequence[Step], book: Path, is_latest: bool, base: str) -> Iterator[str]:
    """A line for each file that is missing, of another shape, or in disagreement with the made pages. `base`: the public address, if any."""
    wanted = {exhibit["id"]: exhibit for step in steps for exhibit in exhibits_of(made_page(book, step.page.name))}
    for name, schema in FILES.items():
        yield from _shape(site / name, name, schema)
    reviews = _load(site / "claims.json")
    for review in reviews or []:
        yield from (f"claims.json: {line}" for line in shape.faults(review, "claim_review"))
    for name, page in pages.items():
        yield from _linked(name, page)
    yield from _counts(site, wanted, reviews)
    if is_latest and base:
        yield from _followed(site, base)


def _load(file: Path) -> Any:
    try:
        return json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None


def _shape(file: Path, name: str, schema: str) -> Iterator[str]:
    content = _load(file)
    if content is None:
        yield f"{name}: the file is missing, or not valid JSON."
        return
    yield from (f"{name}: {line}" for line in shape.faults(content, schema))


def _linked(name: str, page: Page) -> Iterator[str]:
    for text in page.linked_data:
        try:
            content = json.loads(text)
            kind = LINKED_DATA[content["@type"]]
        except (ValueError, KeyError, TypeError):
            yield f"{name}: its linked data is neither a ClaimReview nor a Dataset: {text[:60]}."
            continue
        yield from (f"{name}: its linked data: {line}" for line in shape.faults(content, kind))


def _counts(site: Path, wanted: dict[str, Any], reviews: Any) -> Iterator[str]:
    """Every exhibit of the plan, by name: in exhibits.json, with its rows, its figure, its pages to embed; every verdict in claims.json."""
    listed = {exhibit["id"] for exhibit in _load(site / "exhibits.json") or []}
    for id in sorted(wanted.keys() ^ listed):
        yield f"exhibits.json: '{id}' is {'missing' if id in wanted else 'in no planned page'}."
    for id, exhibit in wanted.items():
        if exhibit["kind"] in ("chart", "map", "table"):
            files = [f"exhibits/{id}.html", f"exhibits/{id}.zip", *([f"exhibits/{id}.json"] if exhibit["kind"] != "table" else [])]
            yield from (f"{file}: the file of the exhibit '{id}' is missing." for file in files if not (site / file).is_file())
    verdicts = sum(exhibit["kind"] == "verdict" for exhibit in wanted.values())
    if reviews is None or len(reviews) != verdicts:
        yield f"claims.json: it has {'no' if reviews is None else len(reviews)} reviews where the pages publish {verdicts} verdicts."


def _followed(site: Path, base: str) -> Iterator[str]:
    """The feed and the sitemap are XML, and lead to files of the site."""
    for name, tag in (("feed.xml", "link"), ("sitemap.xml", "loc")):
        try:
            tree = ElementTree.parse(site / name)  # noqa: S314 written by this build
        except (OSError, ElementTree.ParseError) as error:
            yield f"{name}: it is missing, or not valid XML ({error})."
            continue
        for element in tree.iter():
            if element.tag.split("}")[-1] == tag:
                address = element.get("href") or element.text or ""
                path = unquote(urlsplit(address.removeprefix(base)).path).lstrip("/")
                if not address.startswith(base) or not (site / (path or "index.html")).is_file():
                    yield f"{name}: it leads to {address}, which is not a file of the site."
