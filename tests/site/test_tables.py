"""Tables as a reader uses them: every heading that can be pressed sorts its column rightly, up and down."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.site.browsing import served
from tests.site.reading import amount, pages, printed_day, words

# Presses every heading of these tables twice and gives what then stands in its column, top down, each time.
PRESS = """wanted => [...document.querySelectorAll('table.casebook-table')].filter((_, place) => wanted.includes(place)).map(table => [...table.tHead.rows[0].cells].map((heading, index) => {
  const column = () => [...table.tBodies[0].rows].map(row => row.cells[index].textContent.trim().replace(/\\s+/g, ' '));
  const button = heading.querySelector('button');
  if (!button) return [heading.textContent, null, column()];
  const seen = ['ascending', 'descending'].map(order => {
    button.click();
    return heading.getAttribute('aria-sort') === order ? column() : order;
  });
  return [heading.textContent, ...seen];
}))"""


MOST_ROWS = 80


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as found:
        yield found


def kinds(site: Path) -> dict[str, list[int]]:
    """One table of each kind, as places on its page, by page: kinds are told apart by headings, or by the table of the record."""
    best: dict[str, tuple[tuple[bool, int], str, int]] = {}
    for name, page in pages(site):
        for place, table in enumerate(page.xpath("//table[contains(@class, 'casebook-table')]")):
            caption = words(table.xpath("./caption")[0]) if table.xpath("./caption") else ""
            kind = caption if caption.startswith("Rows of ") else " | ".join(words(th) for th in table.xpath("./thead//th"))
            rows = len(table.xpath("./tbody/tr"))
            # The longest is the best test, and a very long one only takes longer.
            found = ((rows <= MOST_ROWS, rows), name, place)
            if rows > 1 and (kind not in best or found[0] > best[kind][0]):
                best[kind] = found
    by_page: dict[str, list[int]] = {}
    for _, name, place in best.values():
        by_page.setdefault(name, []).append(place)
    return by_page


def is_in_order(texts: list[str]) -> bool:
    """Whether texts rise as a person reads them: by day, by amount, or by the letter, and what is empty comes last."""
    known = [text for text in texts if text]
    if texts != known + [""] * (len(texts) - len(known)):
        return False
    days, amounts = [printed_day(text) for text in known], [amount(text) for text in known]
    if all(days):
        # A year, printed as such, may stand before or after a month in it.
        return all(one[0] <= other[1] for one, other in itertools.pairwise(days))  # type: ignore[index]
    if all(amounts):
        return len({unit for _, unit in amounts}) == 1 and amounts == sorted(amounts)  # type: ignore[misc, type-var]
    letters = [text[:1].casefold() for text in known]
    plain = [letter for letter in letters if letter.isascii() and letter.isalpha()]
    return plain == sorted(plain)


def is_of_one_kind(texts: list[str]) -> bool:
    """Whether a column holds days alone, or amounts of one unit."""
    known = [text for text in texts if text]
    amounts = [amount(text) for text in known]
    return bool(known) and (all(map(printed_day, known)) or (all(amounts) and len({unit for _, unit in amounts if unit is not None}) == 1))  # type: ignore[misc]


def test_every_column_that_can_be_sorted_is_sorted_rightly_both_ways(browser: Browser, site: Path, address: str) -> None:
    tab = browser.new_page()
    pressed = 0
    for name, places in sorted(kinds(site).items()):
        tab.goto(f"{address}{name}", wait_until="domcontentloaded")
        for table in tab.evaluate(PRESS, places):
            for heading, up, down in table:
                if up is None:
                    assert len(down) < 2 or not is_of_one_kind(down), f"{name}: '{heading}' cannot be sorted"
                    continue
                assert is_in_order(up), (name, heading, up)
                assert is_in_order([*[text for text in reversed(down) if text], *[text for text in down if not text]]), (name, heading, down)
                assert down == [text for text in down if text] + [text for text in down if not text], (name, heading)
                pressed += 1
    assert pressed > 100
    tab.close()


def test_no_table_is_cut_at_a_desk(browser: Browser, site: Path, address: str) -> None:
    """Beside an empty margin; whether the page scrolls sideways says nothing of what is cut within it."""
    tab = browser.new_page(viewport={"width": 1280, "height": 900})
    seen = 0
    for name in sorted(kinds(site)):
        tab.goto(f"{address}{name}", wait_until="domcontentloaded")
        for id, width, wanted in tab.evaluate(
            "[...document.querySelectorAll('figure.is-table > .casebook-scroll')].map(box => [box.parentElement.id, box.clientWidth, box.scrollWidth])"
        ):
            assert wanted <= width, (name, id)
            seen += 1
    assert seen > 25
    tab.close()


def test_a_long_table_is_filtered_by_what_a_reader_types(browser: Browser, address: str) -> None:
    tab = browser.new_page()
    tab.goto(f"{address}ai/company/openai.html", wait_until="domcontentloaded")
    rows = tab.locator("figure.is-table table.casebook-table").first.locator("tbody tr")
    every = rows.all_inner_texts()
    field = tab.locator("figure.is-table > .casebook-filter").first
    assert field.get_attribute("placeholder") == f"Filter {len(every)} rows"
    for typed in ("tender", "MICROSOFT", "no row has these words"):
        field.fill(typed)
        shown = [text for row, text in zip(rows.all(), every, strict=True) if row.is_visible()]
        assert shown == [text for text in every if typed.casefold() in text.casefold()]
    field.fill("")
    assert all(row.is_visible() for row in rows.all())
    tab.close()
