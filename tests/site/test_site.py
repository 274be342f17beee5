"""What readers see: the built site in a real browser, at the width of a desk and of a phone."""

from __future__ import annotations

import csv
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from xml.etree import ElementTree

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from casebook import budget
from casebook.format import day
from casebook.parse import parse
from tests.conftest import CONFIG, RECORD, ROOT, TODAY, VERSION
from tests.site.browsing import served, wait_until
from tests.site.reading import page, pages

# One page of each kind: landing, chapters, and a made page of every notebook.
PAGES = [
    "index", "lithium/index", "platform/index", "ai/index", "government/index", "claims/limits", "claims/forecasts", "claims/index", "methods/index", "methods/sources", "methods/dictionary",
    "lithium/world", "lithium/country/CHL", "lithium/bolivia", "lithium/tesla", "lithium/accounts", "lithium/supply", "lithium/prices",
    "platform/purchase", "platform/x-revenue", "platform/x-valuation", "platform/x-debt", "platform/x-staff", "platform/x-users", "platform/company/snap",
    "ai/valuations", "ai/company/xai", "ai/multiples", "ai/ownership", "government/awards", "government/channels",
    "platform/x-revenue-then", "claims/ledger", "claims/story", "claims/measures", "claims/forecasts-table", "claims/claim/c28", "methods/corrections", "methods/translation",
]  # fmt: skip
WITHOUT_CHART = {"claims/limits", "claims/forecasts", "claims/index", "methods/index", "methods/sources", "methods/dictionary", "government/channels", "claims/measures", "claims/forecasts-table", "methods/corrections", "methods/translation"}  # fmt: skip


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as found:
        yield found


class Visit:
    """A page opened in a context of its own; `said` gathers console messages, errors, and requests to any other host."""

    def __init__(self, browser: Browser, address: str, name: str, query: str = "", **context: Any) -> None:
        self.context = browser.new_context(**context)
        self.page = self.context.new_page()
        self.said: list[str] = []
        self.fetched: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text) if message.type in ("error", "warning") else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        if context.get("java_script_enabled", True):  # without it, preloaded scripts are dropped
            self.page.on("requestfailed", lambda request: self.said.append(f"failed {request.url}"))
        self.page.on("request", lambda request: self._asked(request.url, address))
        self.page.goto(f"{address}{name}.html{query}")

    def _asked(self, url: str, address: str) -> None:
        self.fetched.append(url)
        if not url.startswith((address, "data:", "blob:")):
            self.said.append(f"asked {url}")

    def __enter__(self) -> Visit:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def unfold_and_scroll(page: Page) -> int:
    """Bring every picture into view, folded ones too; return how many there are."""
    page.locator("details.casebook-then > summary").evaluate_all("all => all.forEach(summary => summary.click())")
    pictures = page.locator(".casebook-picture")
    for index in range(pictures.count()):
        pictures.nth(index).scroll_into_view_if_needed()
    return pictures.count()


# Each chart shows the one picture meant for this width and theme, loaded and not empty.
SHOWN = """(pictures, theme) => pictures.map(picture => {
  const shown = [...picture.querySelectorAll('img')].filter(img => img.offsetParent !== null);
  return shown.length === 1 && shown[0].complete && shown[0].naturalWidth > 0 && shown[0].alt.length > 20
    && shown[0].currentSrc.includes(theme) && shown[0].clientHeight > 80 && getComputedStyle(shown[0]).filter === 'none' ? 'shown' : shown.map(img => img.currentSrc).join(' ') || 'nothing';
})"""


@pytest.mark.parametrize("script", [True, False], ids=["script", "no-script"])
@pytest.mark.parametrize("name", PAGES)
def test_every_picture_is_seen_at_every_width_in_both_themes(browser: Browser, address: str, name: str, script: bool) -> None:
    for width in (1280, 390):
        with Visit(browser, address, name, viewport={"width": width, "height": 900}, java_script_enabled=script) as visit:
            page = visit.page
            charts = unfold_and_scroll(page)
            assert charts or name in WITHOUT_CHART
            # Without script the theme stays light: nothing tells it otherwise.
            for theme in ("light", "dark") if script else ("light",):
                if script:
                    page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
                    unfold_and_scroll(page)
                    page.wait_for_load_state("networkidle")
                for _ in range(40):
                    seen = page.locator(".casebook-picture").evaluate_all(SHOWN, theme) if script else []
                    if seen == ["shown"] * len(seen):
                        break
                    page.wait_for_timeout(100)
                assert seen == ["shown"] * len(seen)
                assert len(seen) == (charts if script else 0)
            if not script:
                light = page.locator(".casebook-picture img:visible")
                assert light.count() == charts
            assert page.locator("body").bounding_box()["width"] <= width  # type: ignore[index]
            if script:
                assert page.evaluate("document.documentElement.scrollWidth") <= width
            assert not any("plotly" in url for url in visit.fetched)
            assert visit.said == []


# What a drawn trace leaves in the SVG, of whatever kind it is.
TRACES = ".scatterlayer .trace .point, .scatterlayer .trace path, .barlayer .trace .point, .choroplethlayer path, .scattergeo path"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", [name for name in PAGES if name not in WITHOUT_CHART])
def test_every_chart_can_be_explored(browser: Browser, address: str, name: str, width: int) -> None:
    with Visit(browser, address, name, viewport={"width": width, "height": 900}) as visit:
        page = visit.page
        charts = unfold_and_scroll(page)
        page.locator(".casebook-explore").evaluate_all("all => all.forEach(button => button.click())")
        wait_until(page, "[...document.querySelectorAll('.casebook-picture')].every(p => p.classList.contains('is-live'))")
        for index in range(charts):
            picture = page.locator(".casebook-picture").nth(index)
            assert picture.locator(TRACES).count() > 0, f"chart {index + 1} is an empty box"
            assert (picture.bounding_box() or {})["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert visit.said == []


@pytest.mark.parametrize("name", [*PAGES, "search", "404", "exhibits/x-revenue", "exhibits/ledger"])
def test_no_barrier_that_axe_calls_serious(browser: Browser, address: str, name: str) -> None:
    for theme in ("light", "dark"):
        # Without motion, no colour is measured while it fades into the next.
        with Visit(browser, address, name, viewport={"width": 1280, "height": 900}, color_scheme=theme, reduced_motion="reduce") as visit:
            # Folded data and actions are opened too.
            visit.page.locator(".casebook-actions details").evaluate_all("all => all.forEach(details => { details.open = true })")
            # A thousand entries of one form are judged by the first of them.
            visit.page.evaluate("[...document.querySelectorAll('li[id^=source-]')].slice(60).forEach(entry => entry.remove())")
            found = Axe().run(visit.page).response["violations"]
            serious = [(v["id"], v["nodes"][0]["html"][:200]) for v in found if v["impact"] in ("serious", "critical")]
            assert serious == [], theme


@pytest.mark.parametrize("reach", ["hover", "tap", "focus"])
def test_plotly_comes_once_and_only_when_a_reader_reaches_for_a_chart(browser: Browser, address: str, reach: str) -> None:
    with Visit(browser, address, "platform/index", has_touch=True) as visit:
        picture = visit.page.locator(".casebook-picture").first
        picture.scroll_into_view_if_needed()
        visit.page.wait_for_load_state("networkidle")
        assert not any("plotly" in url for url in visit.fetched)
        button = visit.page.locator(".casebook-explore").first
        {"hover": picture.hover, "tap": picture.tap, "focus": button.focus}[reach]()
        picture.locator("svg.main-svg").first.wait_for()
        visit.page.locator(".casebook-explore").nth(1).click()
        visit.page.locator(".casebook-picture").nth(1).locator("svg.main-svg").first.wait_for()
        assert sum("plotly" in url for url in visit.fetched) == 1


def test_a_live_chart_follows_the_reader_into_the_dark(browser: Browser, address: str) -> None:
    with Visit(browser, address, "platform/x-staff", color_scheme="dark") as visit:
        visit.page.locator(".casebook-explore").first.click()
        tick = visit.page.locator(".casebook-picture .ytick text").first
        dark = tick.evaluate("e => getComputedStyle(e).fill")
        visit.page.evaluate("document.documentElement.dataset.theme = 'light'")
        wait_until(visit.page, f"getComputedStyle(document.querySelector('.casebook-picture .ytick text')).fill !== {json.dumps(dark)}")


def test_the_actions_of_an_exhibit(browser: Browser, address: str, site: Path, tmp_path: Path) -> None:
    with Visit(browser, address, "platform/x-revenue", accept_downloads=True, viewport={"width": 390, "height": 900}) as visit:
        actions = visit.page.locator("#x-revenue .casebook-actions")
        actions.get_by_text("Data", exact=True).click()
        table = actions.locator("table").first
        assert table.is_visible() and table.locator("caption").inner_text() == "Rows of platform/financials"
        with visit.page.expect_download() as download:
            actions.get_by_text("Download", exact=True).click()
        download.value.save_as(tmp_path / "rows.zip")
        with zipfile.ZipFile(tmp_path / "rows.zip") as archive:
            assert {"metadata.json", "README.txt", "sources.csv", "platform/financials.csv"} <= set(archive.namelist())
            rows = list(csv.DictReader(io.StringIO(archive.read("platform/financials.csv").decode("utf-8"))))
            metadata = json.loads(archive.read("metadata.json"))
        with (ROOT / "data/platform/financials.csv").open(encoding="utf-8", newline="") as file:
            record = {row["id"]: row for row in csv.DictReader(file)}
        assert rows == [record[row["id"]] for row in rows] and len(rows) == table.locator("tbody tr").count()
        assert metadata["tables"]["platform/financials"]["rows"] == len(rows) and "CC BY" in metadata["license"]
        actions.get_by_text("Embed", exact=True).click()
        live, frozen = (area.input_value() for area in actions.locator("textarea").all())
        assert "/exhibits/x-revenue.html" in live and re.search(r"/frozen/x-revenue-[0-9a-f]{12}\.html", frozen) and "allow-scripts" not in frozen
        actions.get_by_text("Cite", exact=True).click()
        assert CONFIG["author"] in actions.inner_text() and f"as known on {day(TODAY)}" in actions.inner_text()
        actions.get_by_text("Image", exact=True).click()
        for link in actions.get_by_role("link").all():
            href = link.get_attribute("href") or ""
            if not href.startswith("http"):
                assert (site / "platform" / href.split("#")[0]).resolve().is_file(), href
        actions.get_by_text("How this was made", exact=True).click()
        assert "notebooks/platform/x_revenue.ipynb" in actions.inner_text() and "as_of=latest" in actions.inner_text()


@pytest.mark.parametrize("kind", ["exhibits", "frozen"])
def test_an_exhibit_stands_in_a_page_of_others(browser: Browser, address: str, site: Path, kind: str) -> None:
    file = next(iter(sorted((site / kind).glob("x-revenue-[0-9a-f]*.html" if kind == "frozen" else "x-revenue.html"))))
    with Visit(browser, address, "methods/glossary") as visit:
        sandbox = "allow-scripts allow-same-origin" if kind == "exhibits" else ""
        # Not in one of our pages, which hold no frame by their policy.
        theirs = f'<iframe src="{address}{kind}/{file.name}" width="600" height="700" sandbox="{sandbox}"></iframe>'
        visit.page.route("**/newspaper.html", lambda route: route.fulfill(body=theirs, content_type="text/html"))
        visit.page.goto(f"{address}newspaper.html")
        frame = visit.page.frame_locator("iframe")
        image = frame.locator("img:visible")
        image.wait_for()
        assert image.evaluate("img => img.complete && img.naturalWidth") > 0
        assert f"As known on {day(TODAY)}" in frame.locator("main").inner_text()
        if kind == "exhibits":
            frame.locator(".casebook-picture").click()
            frame.locator("svg.main-svg").first.wait_for()
        assert any("plotly" in url for url in visit.fetched) == (kind == "exhibits")
        # The page of the test inherits our origin, which no newspaper's page does: the browser warns of just that.
        assert [text for text in visit.said if "can escape its sandboxing" not in text] == []


@pytest.mark.parametrize("word, page", [("advertising", "claims/claim/"), ("OpenAI", "ai/company/openai"), ("Chile", "lithium/country/CHL")])
def test_the_search_finds_claims_companies_countries(browser: Browser, address: str, word: str, page: str) -> None:
    with Visit(browser, address, "search", f"?q={word}") as visit:
        visit.page.locator(f"#search-results a[href*='{page}']").first.wait_for()
        assert visit.said == []


def test_a_lost_reader_finds_back(site: Path) -> None:
    text = (site / "404.html").read_text("utf-8")
    assert f'<base href="{urlsplit(CONFIG["html"]["baseurl"]).path}">' in text and "Not found" in text


def test_the_feed_and_the_sitemap_lead_to_pages_that_exist(site: Path) -> None:
    base = CONFIG["html"]["baseurl"]
    atom = ElementTree.parse(site / "feed.xml").getroot()
    names = {"a": "http://www.w3.org/2005/Atom"}
    titles = [entry.findtext("a:title", "", names) for entry in atom.findall("a:entry", names)]
    assert any(f"version {VERSION}" in title for title in titles) and any(title.startswith("Verdict on c") for title in titles)
    links = [entry.find("a:link", names).get("href") for entry in atom.findall("a:entry", names)]  # type: ignore[union-attr]
    places = [element.text or "" for element in ElementTree.parse(site / "sitemap.xml").iter() if element.tag.endswith("loc")]
    assert f"{base}claims/claim/c17.html" in places and not any("/frozen/" in place for place in places)
    for link in [*links, *places]:
        assert link and link.startswith(base) and (site / link.removeprefix(base).split("#")[0]).is_file()


def test_shared_pages_show_a_picture_of_their_own(site: Path) -> None:
    head = (site / "platform/x-revenue.html").read_text("utf-8").split("</head>")[0]
    image = re.search(r'property="og:image" content="[^"]*/(pictures/[0-9a-f]+\.png)"', head)
    assert image and (site / image[1]).read_bytes().startswith(b"\x89PNG") and "summary_large_image" in head


def test_a_shared_page_shows_no_picture_of_another(site: Path) -> None:
    """Which would still be shared after that other page was corrected."""
    shared = 0
    for _, found in pages(site):
        for image in found.xpath("//meta[@property='og:image']/@content"):
            key = Path(image).stem
            assert found.xpath(f"//img[contains(@src, 'pictures/{key}-')]")
            shared += 1
    assert shared > 50
    glossary = page(site / "methods/glossary.html")
    assert not glossary.xpath("//meta[@property='og:image']") and glossary.xpath("//meta[@name='twitter:card' and @content='summary']")


def test_the_record_as_one_sqlite_file(site: Path) -> None:
    with closing(sqlite3.connect(f"file:{site / 'data/record.sqlite'}?mode=ro", uri=True)) as database:
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        with (ROOT / "data/ai/rounds.csv").open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert database.execute("SELECT count(*) FROM ai_rounds").fetchone() == (len(rows),)
        assert database.execute("SELECT count(*) FROM row_sources WHERE source_id NOT IN (SELECT id FROM sources)").fetchone() == (0,)


def test_no_page_is_heavier_than_it_may_be(site: Path) -> None:
    pages = parse(site)
    weights = budget.weigh(site, pages)
    assert "lithium/index.html" in [weight.page for weight in weights] and not list(budget.over(site, weights, pages))


def test_a_chapter_prints_with_pictures_and_sources(browser: Browser, address: str) -> None:
    with Visit(browser, address, "platform/index", color_scheme="dark") as visit:
        visit.page.emulate_media(media="print")
        assert not visit.page.locator(".casebook-actions").first.is_visible()
        assert not visit.page.locator(".bd-sidebar-primary").is_visible()
        assert visit.page.locator(".casebook-picture .light img").first.is_visible()
        assert visit.page.locator(".casebook-sources").is_visible()


@pytest.mark.parametrize("by", ["click", "keyboard"])
def test_a_number_opens_to_its_rows_and_sources(browser: Browser, address: str, by: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}index.html")
    number = page.locator("button.casebook-number", has_text="48%").first
    card = page.locator("#card-x-revenue-2024-fall")
    assert not card.is_visible()
    if by == "click":
        number.click()
    else:
        number.focus()
        page.keyboard.press("Enter")
    assert card.is_visible()
    said = card.inner_text()
    assert "one less revenue of 2024 over that of 2021" in said and "twitter-x-revenue-2021" in said and "audited" in said and "As known on" in said
    assert card.locator("a[rel~=external]").count() >= 2
    page.keyboard.press("Escape")
    assert not card.is_visible()
    number.click()
    card.get_by_role("link", name="How this was made").click()
    page.wait_for_url("**/platform/x-revenue.html#x-revenue-2024-fall")
    page.close()


def test_the_record_stands_at_stable_addresses(site: Path) -> None:
    package = json.loads((site / "data" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        assert (site / "data" / resource["path"]).read_bytes() == (ROOT / "data" / resource["path"]).read_bytes()
    exhibits = json.loads((site / "exhibits.json").read_text("utf-8"))
    assert {"story", "x-revenue-fall", "c17"} <= {exhibit["id"] for exhibit in exhibits} and all(
        exhibit["rows"] for exhibit in exhibits if exhibit["kind"] != "sentence"
    )


def test_no_page_carries_the_icon_script_and_french_says_so(site: Path) -> None:
    for file in site.rglob("*.html"):
        assert "fontawesome.js" not in file.read_text("utf-8")
    assert 'lang="fr">' in (site / "claims/claim/c28.html").read_text("utf-8")


def test_the_strip_leads_to_every_claim(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}index.html")
    marks = page.locator(".casebook-strip .marks a")
    assert marks.count() == len(RECORD.rows("claims/claims"))
    marks.filter(has_text="c17").click()
    assert "Contradicted" in page.locator("#c17").inner_text()
    page.close()
