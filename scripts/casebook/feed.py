"""What other machines follow: an Atom feed (RFC 4287) of versions and moved verdicts, and a sitemap (sitemaps.org 0.9)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from casebook.changes import moves, versions
from casebook.cited import Numbers, filled
from casebook.data.record import Record
from casebook.reviews import address

ATOM = "http://www.w3.org/2005/Atom"
SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
CHANGES_PAGE = "methods/changes.html"


def atom(record: Record, config: dict[str, Any], claim_pages: Mapping[str, str], exhibits: Numbers) -> str:
    """The feed: one entry a version of the record and one a verdict that moved. `claim_pages` are pages by claim."""
    feed = ElementTree.Element("feed", xmlns=ATOM)
    _text(feed, "title", config["title"])
    _text(feed, "id", address(config, ""))
    _text(feed, "updated", _moment(record.known_on("latest")))
    ElementTree.SubElement(feed, "link", rel="self", href=address(config, "feed.xml"))
    ElementTree.SubElement(feed, "link", href=address(config, "index.html"))
    _text(ElementTree.SubElement(feed, "author"), "name", config["author"])
    _text(feed, "rights", f"© {config['copyright']} {config['author']}, CC BY 4.0")
    entries = [(v.day, f"{CHANGES_PAGE}#{v.anchor}", v.day, f"The record, version {v.name}", v.text) for v in versions(record.folder)]
    for move in (move for move in moves(record) if move.claim in claim_pages):
        about = f"{move.title}\n\nNow: {move.after}. Before: {move.before}. {filled(move.why, exhibits)}"
        title = f"Verdict on {move.claim}: {move.before} → {move.after}"
        entries.append((move.day, f"{claim_pages[move.claim]}.html#{move.claim}", move.rows, title, about))
    for day, page, which, title, text in sorted(entries, key=lambda entry: entry[:3], reverse=True):
        entry = ElementTree.SubElement(feed, "entry")
        _text(entry, "title", title)
        _text(entry, "id", f"{address(config, page)}@{which}")
        _text(entry, "updated", _moment(day))
        ElementTree.SubElement(entry, "link", href=address(config, page))
        _text(entry, "summary", text)
    return _xml(feed)


def sitemap(config: dict[str, Any], pages: Iterable[str], day: str) -> str:
    """Every page of the book, as of the day of the record."""
    urls = ElementTree.Element("urlset", xmlns=SITEMAP)
    for page in sorted(pages):
        url = ElementTree.SubElement(urls, "url")
        _text(url, "loc", address(config, page))
        _text(url, "lastmod", day)
    return _xml(urls)


def write(site: Path, record: Record, config: dict[str, Any], claim_pages: Mapping[str, str], exhibits: Numbers, pages: Iterable[str]) -> None:
    """Write `feed.xml`, `sitemap.xml` and `robots.txt` into a site whose public address is known."""
    (site / "feed.xml").write_text(atom(record, config, claim_pages, exhibits), "utf-8")
    (site / "sitemap.xml").write_text(sitemap(config, pages, record.known_on("latest")), "utf-8")
    (site / "robots.txt").write_text(f"User-agent: *\nAllow: /\nSitemap: {address(config, 'sitemap.xml')}\n", "utf-8")


def _moment(day: str) -> str:
    return f"{day}T00:00:00Z"


def _text(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, tag).text = text


def _xml(root: ElementTree.Element) -> str:
    ElementTree.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ElementTree.tostring(root, encoding="unicode") + "\n"
