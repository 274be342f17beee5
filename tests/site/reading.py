"""A built page read back as a person would: its words, numbers, tables and charts."""

from __future__ import annotations

import calendar
import csv
import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from lxml import html

Rows = list[dict[str, str]]
# Folders of the site that hold no page of the book.
SCALES = {"tn": 1e12, "trillion": 1e12, "bn": 1e9, "billion": 1e9, "m": 1e6, "million": 1e6}
AMOUNT = re.compile(
    r"(?P<sign>[−-]?)(?P<before>[^\d\s−-]{0,3} ?)(?P<figures>\d[\d,]*(?:\.\d+)?) ?(?P<scale>tn|bn|m|trillion|billion|million)?(?P<after>(?:[ %×].{0,20})?)"
)
DAYS = ("%d %B %Y", "%d %b %Y", "%B %Y", "%Y", "%Y-%m-%d")
NO_PAGES = ("_static", "frozen", "exhibits", "data", "rows", "pictures")


@dataclass(frozen=True)
class Download:
    """What a zip of rows holds: its metadata, what its README says, and the rows of each table."""

    about: dict[str, Any]
    readme: str
    rows: dict[str, Rows]


def download(file: Path) -> Download:
    """A zip of rows, unpacked."""
    with zipfile.ZipFile(file) as archive:
        held = {name: archive.read(name).decode("utf-8") for name in archive.namelist()}
    tables = {name[:-4]: list(csv.DictReader(io.StringIO(text))) for name, text in held.items() if name.endswith(".csv")}
    return Download(json.loads(held["metadata.json"]), held["README.txt"], tables)


@cache
def page(file: Path) -> html.HtmlElement:
    """A built page without what no reader sees: scripts and styles."""
    found = html.fromstring(file.read_bytes())
    for unseen in found.xpath("//script|//style"):
        unseen.drop_tree()
    return found


def pages(site: Path) -> Iterator[tuple[str, html.HtmlElement]]:
    """Every page of the book, with its name."""
    for file in sorted(site.rglob("*.html")):
        name = file.relative_to(site).as_posix()
        if not name.startswith(NO_PAGES):
            yield name, page(file)


def words(element: html.HtmlElement) -> str:
    """The text of an element, as one line."""
    return " ".join("".join(element.itertext()).split())


def exhibits(site: Path, kind: str = "") -> Iterator[tuple[str, html.HtmlElement]]:
    """Every framed exhibit where it is published or cited, once each, by id: chart, map or table."""
    seen = set()
    for _, found in pages(site):
        for figure in found.xpath(f"//figure[contains(@class, 'casebook-exhibit') and contains(@class, 'is-{kind}')]"):
            if figure.get("id") not in seen:
                seen.add(figure.get("id"))
                yield figure.get("id"), figure


def table_of(element: html.HtmlElement) -> tuple[list[str], list[list[str]]]:
    """Headings and rows of the first table in an element, as text."""
    (first, *_) = element.xpath(".//table")
    return [words(th) for th in first.xpath("./thead//th")], [[words(cell) for cell in row] for row in first.xpath("./tbody/tr")]


def amount(text: str) -> tuple[float, str] | None:
    """A printed amount and its unit ("$80bn" is 80e9 and "$"); None for other words."""
    if not (found := AMOUNT.fullmatch(text.strip())):
        return None
    size = float(found["figures"].replace(",", "")) * SCALES.get(found["scale"] or "", 1)
    return -size if found["sign"] else size, (found["before"] + found["after"]).strip()


def printed_day(text: str) -> tuple[datetime, datetime] | None:
    """The day that a text prints, or the first and the last of its month, quarter or year; None for other words."""
    if quarter := re.fullmatch(r"Q([1-4]) (\d{4})", text):
        month, year = 3 * int(quarter[1]), int(quarter[2])
        return datetime(year, month - 2, 1), datetime(year, month, calendar.monthrange(year, month)[1])
    for form in DAYS:
        try:
            first = datetime.strptime(text, form)
        except ValueError:
            continue
        if "%d" in form:
            return first, first
        month = 12 if form == "%Y" else first.month
        return first, first.replace(month=month, day=calendar.monthrange(first.year, month)[1])
    return None
