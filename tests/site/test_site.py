"""What readers see: the built site in a real browser, at the width of a desk and of a phone."""

from __future__ import annotations

import functools
import json
import shutil
import threading
from collections.abc import Iterator
from http.server import ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from casebook.cli import QuietHandler
from tests.conftest import ROOT

# One page of each kind: landing, chapters, and a made page of every notebook.
PAGES = [
    "index", "lithium/index", "platform/index", "ai/index", "government/index", "claims/limits", "claims/forecasts", "claims/index", "methods/index", "methods/sources", "methods/dictionary",
    "lithium/world", "lithium/country/CHL", "lithium/bolivia", "lithium/tesla", "lithium/accounts", "lithium/supply", "lithium/prices",
    "platform/purchase", "platform/x-revenue", "platform/x-valuation", "platform/x-debt", "platform/x-staff", "platform/x-users", "platform/company/snap",
    "ai/valuations", "ai/company/xai", "ai/multiples", "ai/ownership", "government/awards", "government/channels",
    "platform/x-revenue-then", "claims/ledger", "claims/story", "claims/measures", "claims/forecasts-table", "claims/claim/c28", "methods/corrections", "methods/translation",
]  # fmt: skip
WITHOUT_CHART = {"claims/limits", "claims/forecasts", "claims/index", "methods/index", "methods/sources", "methods/dictionary", "government/channels", "claims/measures", "claims/forecasts-table", "methods/corrections", "methods/translation"}  # fmt: skip
# Debian's chromium, as root and without asking any host of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(QuietHandler, directory=str(site))) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome") if shutil.which(name)), None)
    assert found, "no Chromium; run scripts/install-browser"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


def draw_all(page: Page) -> int:
    """Scroll to every chart and wait until each is drawn; return how many there are."""
    page.evaluate("document.querySelectorAll('details.casebook-then').forEach(details => { details.open = true })")
    pictures = page.locator(".casebook-picture")
    for index in range(pictures.count()):
        pictures.nth(index).scroll_into_view_if_needed()
        pictures.nth(index).locator("svg.main-svg").first.wait_for(timeout=20_000)
    page.wait_for_function("[...document.querySelectorAll('.casebook-picture')].every(p => p.dataset.drawn)", timeout=20_000)
    return pictures.count()


# What a drawn trace leaves in the SVG, of whatever kind it is.
TRACES = ".scatterlayer .trace .point, .scatterlayer .trace path, .barlayer .trace .point, .choroplethlayer path, .scattergeo path"


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole(browser: Browser, address: str, name: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: said.append(f"asked {request.url}") if not request.url.startswith((address, "data:", "blob:")) else None)
    page.goto(f"{address}{name}.html")
    charts = draw_all(page)
    assert charts or name in WITHOUT_CHART
    for index in range(charts):
        picture = page.locator(".casebook-picture").nth(index)
        assert picture.locator(TRACES).count() > 0, f"chart {index + 1} is an empty box"
        assert (picture.bounding_box() or {})["width"] <= width
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert said == []
    context.close()


def test_plotly_is_fetched_once_and_only_when_a_chart_comes_near(browser: Browser, address: str) -> None:
    page = browser.new_page()
    fetched: list[str] = []
    page.on("request", lambda request: fetched.append(request.url))
    page.goto(f"{address}methods/index.html", wait_until="networkidle")
    assert not any("plotly" in url for url in fetched)
    page.goto(f"{address}platform/index.html")
    draw_all(page)
    assert sum("plotly" in url for url in fetched) == 1
    page.close()


def test_charts_follow_the_reader_into_the_dark(browser: Browser, address: str) -> None:
    page = browser.new_page(color_scheme="dark")
    page.goto(f"{address}platform/x-staff.html")
    draw_all(page)
    tick = ".casebook-picture .ytick text"
    dark = page.locator(tick).first.evaluate("e => getComputedStyle(e).fill")
    page.evaluate("document.documentElement.dataset.theme = 'light'")
    page.wait_for_function("dark => getComputedStyle(document.querySelector('.casebook-picture .ytick text')).fill !== dark", arg=dark)
    page.close()


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
    assert "1 less revenue of 2024 over that of 2021" in said and "twitter-x-revenue-2021" in said and "audited" in said and "As known on" in said
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
    assert {"story", "x-revenue-fall", "c17"} <= {exhibit["id"] for exhibit in exhibits} and all(exhibit["rows"] for exhibit in exhibits)


def test_no_page_carries_the_icon_script_and_french_says_so(site: Path) -> None:
    for page in site.rglob("*.html"):
        assert "fontawesome.js" not in page.read_text("utf-8")
    assert '<p lang="fr">' in (site / "claims/claim/c28.html").read_text("utf-8")


def test_the_strip_leads_to_every_claim(browser: Browser, address: str) -> None:
    page = browser.new_page()
    page.goto(f"{address}index.html")
    marks = page.locator(".casebook-strip .marks a")
    assert marks.count() == 53
    marks.filter(has_text="c17").click()
    assert "Contradicted" in page.locator("#c17").inner_text()
    page.close()
