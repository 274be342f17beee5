"""The book as known on a day: it builds, it differs in the right places, and nothing later leaks into it."""

from __future__ import annotations

import html
import re
import zipfile
from pathlib import Path

import pytest

from casebook.data.record import Record
from casebook.project import Project
from tests.conftest import ROOT, casebook

DAYS = ["2022-10-28", "2025-04-16"]
MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"]


@pytest.fixture(scope="module", params=DAYS)
def edition(request: pytest.FixtureRequest) -> tuple[str, Path]:
    project = Project(ROOT)
    done = casebook(project, "build", "--as-of", request.param)
    assert done.returncode == 0, done.stderr
    return request.param, project.root / "_editions" / request.param


def text_of(page: Path) -> str:
    """What a reader may read of a page, cards and data of charts too, in one line."""
    body = page.read_text("utf-8")
    body = body[body.find("<article") : body.find("</article")]
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)))


def test_no_later_row_leaks(edition: tuple[str, Path]) -> None:
    day, site = edition
    record = Record(ROOT / "data")
    later = {row["id"] for table in record.tables if table != "entities" for row in record.all_rows(table) if row["published_on"] > day}
    assert len(later) > 500
    words = re.compile(r"[a-z0-9][a-z0-9.-]*")
    for page in sorted(site.rglob("*.html")):
        # Ids of sources and rows stand in links, cards and tables; names of our own pages and exhibits may equal one.
        leaked = {word for word in words.findall(text_of(page)) if word in later}
        assert not leaked, (page.name, sorted(leaked)[:5])
    for file in sorted((site / "rows").rglob("*.zip")):
        with zipfile.ZipFile(file) as archive:
            for name in archive.namelist():
                if name.endswith(".csv"):
                    leaked = {line.split(",", 1)[0] for line in archive.read(name).decode().splitlines()} & later
                    assert not leaked, (file.name, name, sorted(leaked)[:5])


def test_no_later_day_is_spoken_of_in_a_chapter(edition: tuple[str, Path]) -> None:
    day, site = edition
    chapters = [file.relative_to(ROOT / "book").with_suffix(".html") for file in (ROOT / "book").rglob("*.md")]
    for chapter in chapters:
        # Method and sources speak of how the record was gathered, which was later than any edition.
        if chapter.parts[0] == "methods" or not (site / chapter).is_file():
            continue
        for month, year in re.findall(rf"({'|'.join(MONTHS)}) (20\d\d)", text_of(site / chapter)):
            spoken = f"{year}-{MONTHS.index(month) + 1:02d}"
            assert spoken <= day[:7], (chapter, month, year)
        for year in re.findall(r"\b20\d\d\b", text_of(site / chapter)):
            assert year <= day[:4], (chapter, year)


def test_no_later_sentence_leaks(edition: tuple[str, Path]) -> None:
    """Every paragraph that says since when it is known is absent before that day."""
    day, site = edition
    checked = 0
    for chapter in (ROOT / "book").rglob("*.md"):
        page = site / chapter.relative_to(ROOT / "book").with_suffix(".html")
        if not page.is_file():
            continue
        shown = text_of(page)
        for paragraph in re.split(r"\n\s*\n", chapter.read_text("utf-8")):
            if any(since > day for since in re.findall(r"\{since\}`([0-9-]+)`", paragraph)):
                plain = max(re.split(r"\{[a-z]+\}`[^`]*`|[\[\]()*`\n]", paragraph), key=len).strip()
                assert plain not in shown, (chapter.name, plain)
                checked += 1
    assert checked > 3


def test_the_edition_says_what_it_is(edition: tuple[str, Path]) -> None:
    day, site = edition
    year, month, date = day.split("-")
    assert f"This is the book as known on {int(date)} {MONTHS[int(month) - 1]} {year}." in (site / "index.html").read_text()


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
