"""The record as known on a day: it builds, it differs in the right places, and nothing later leaks into any file of it."""

from __future__ import annotations

import json
import random
import re
import zipfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from casebook.data.record import Record
from casebook.project import Project
from tests.conftest import RECORD, ROOT, TODAY, casebook

DAYS = ["2022-10-28", "2025-04-16"]
SENTENCES = ["The record as known on 28 October 2022.", "The record as known on 16 April 2025."]
READ = {".html", ".json", ".csv", ".js", ".md", ".txt", ".xml", ".yml"}
WORDS = re.compile(r"[a-z0-9][a-z0-9.-]*[a-z0-9]")
# Hashes of scripts hold anything.
HASH = re.compile(r"'sha256-[^']+'")
ANCHOR = "source-"


def later_ids(record: Record, day: str) -> set[str]:
    """Ids of all rows that became public after a day, but of entities and claims: their ids are words by which rows are sorted."""
    tables = (table for table in record.tables if table not in ("entities", "claims/claims"))
    return {row["id"] for table in tables for row in record.all_rows(table) if row["published_on"] > day}


def texts_of(site: Path) -> Iterator[tuple[str, str]]:
    """Every text of a site by its name, those in archives too."""
    for file in sorted(site.rglob("*")):
        name = file.relative_to(site).as_posix()
        if file.suffix == ".zip":
            with zipfile.ZipFile(file) as archive:
                yield from ((f"{name}/{part}", archive.read(part).decode("utf-8")) for part in archive.namelist())
        elif file.suffix in READ and not name.startswith("_static/"):
            yield name, file.read_text("utf-8")


def words_of(text: str) -> set[str]:
    return {word.removeprefix(ANCHOR) for word in WORDS.findall(HASH.sub("", text))}


@pytest.fixture(scope="module", params=DAYS)
def edition(request: pytest.FixtureRequest) -> tuple[str, Path]:
    project = Project(ROOT)
    done = casebook(project, "build", "--as-of", request.param)
    assert done.returncode == 0, done.stderr
    return request.param, project.root / "_editions" / request.param


def test_no_later_row_leaks_into_any_file(edition: tuple[str, Path]) -> None:
    day, site = edition
    later = later_ids(RECORD, day)
    assert len(later) > 500
    # Names of our own pages and exhibits may equal a row's id.
    exhibits = json.loads((site / "exhibits.json").read_text("utf-8"))
    later -= {exhibit["id"] for exhibit in exhibits} | {name for page in site.rglob("*.html") for name in words_of(page.stem)}
    read: dict[str, set[str]] = {name: words_of(text) for name, text in texts_of(site)}
    leaked = {name: sorted(words & later)[:5] for name, words in read.items() if words & later}
    assert leaked == {}
    # What was public is found in the same files in the same way.
    known = {row["id"] for table in ("platform/staff", "sources") for row in RECORD.rows(table, day)}
    for kind in (".html", ".json", ".csv"):
        assert any(words & known for name, words in read.items() if name.endswith(kind)), kind
    assert any(words & known for name, words in read.items() if ".zip/" in name)


def test_twenty_days_by_lot_know_nothing_later() -> None:
    first, dice = date(2022, 1, 1), random.Random(24)
    for _ in range(20):
        day = (first + timedelta(dice.randrange((date.fromisoformat(TODAY) - first).days))).isoformat()
        later = later_ids(RECORD, day)
        for table in RECORD.tables:
            for row in RECORD.rows(table, day):
                named = set(";".join(row[column] for column in ("id", "supersedes", "source_ids") if column in row).split(";"))
                assert row["published_on"] <= day and not named & later, (day, table, row["id"])


def test_every_page_says_what_it_is_and_no_chapter_is_among_them(edition: tuple[str, Path]) -> None:
    day, site = edition
    sentence = SENTENCES[DAYS.index(day)]
    chapters = {file.relative_to(ROOT / "book").with_suffix(".html").as_posix() for file in (ROOT / "book").rglob("*.md")}
    pages = {file.relative_to(site).as_posix() for file in site.rglob("*.html")} - {"404.html", "genindex.html", "search.html"}
    of_book = {page for page in pages if page.split("/")[0] not in ("_static", "exhibits", "frozen")}
    assert of_book & chapters == {"index.html", "methods/sources.html"} and len(of_book) >= 40
    for page in sorted(of_book):
        text = (site / page).read_text("utf-8")
        assert f"{sentence} The chapters are always today" in text, page
    index = (site / "index.html").read_text("utf-8")
    assert all(f'href="{page}"' in index for page in of_book - {"index.html"})


def test_editions_differ_in_the_right_places(site: Path) -> None:
    project = Project(ROOT)
    for day in DAYS:
        assert casebook(project, "build", "--as-of", day).returncode == 0
    before, article = (project.root / "_editions" / day for day in DAYS)
    # Before the purchase nobody had claimed anything, and X had no price after it.
    assert not (before / "claims/claim/c28.html").exists() and "x-fund-marks" not in (before / "platform/x-valuation.html").read_text()
    # When the article ran Ms Áñez's sentence stood; since then she has been acquitted, and every page of it says so.
    then, now = ((root / "claims/claim/c10.html").read_text() for root in (article, site))
    assert "acquitted" in now and "denies any offence" in now and "annulled" not in then and "acquitted" not in then
    # Firms signed with X after the article ran, and a newspaper counted them.
    then, now = ((root / "claims/claim/c35.html").read_text() for root in (article, site))
    assert 'casebook-verdict partly">Partly' in then and 'casebook-verdict mostly-supported">Mostly' in now
    assert "When this was said, the record bore" in now and "x-ads-2025" not in (article / "platform/x-revenue.html").read_text()
    # Advertising of 2025 was a forecast; the price of the merger was known, and no later one.
    pages = [(root / "ai/valuations.html").read_text() for root in (before, article, site)]
    assert ['id="xai-merger-price"' in page for page in pages] == [False, True, True]
    prices = [(root / "exhibits/ai-valuations.json").read_text() for root in (article, site)]
    assert ["250bn" in price for price in prices] == [False, True]
