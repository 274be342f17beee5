"""The built site read as a person reads it: every number, cell, heading, alt text and label says what it should, in words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import etree, html

from tests.conftest import RECORD
from tests.site.reading import amount, download, pages, words

# What no reader should meet: how a computer writes a large number, or nothing at all.
UNREADABLE = re.compile(r"(?<![\w.-])[\d.]+e[+-]?\d+(?![\w-])|(?<![\w-])(nan|NaN|NaT|<NA>|undefined|null|-?inf)(?![\w-])")
NOTHING = {"None", "nan", "NaT", "True", "False", "null"}
ONE_OF_MANY = re.compile(r"(?<![\w.,$€£-])1 (?!less\b|was\b|is\b|as\b|has\b)(\w+[^su\W]s)\b")
TO_ITSELF = re.compile(r"(?<![\w.,])(\d[\d.,]*(?: [bmtr]+illion)?) to \1(?![\w,]|\.\d| [bmtr]+illion)")
READ_ALOUD = ("alt", "aria-label", "title", "placeholder", "content", "summary")


def texts(element: html.HtmlElement) -> Iterator[str]:
    """Every piece of text in an element, and what is read aloud in its place."""
    for part in element.iter():
        if isinstance(part.tag, str):
            yield from (text.strip() for text in (part.text, part.tail) if text and text.strip())
            yield from (part.get(name) for name in READ_ALOUD if part.get(name))


def told(element: html.HtmlElement) -> html.HtmlElement:
    """What the book itself says on a page: without the sources' titles, which are quoted, and the code."""
    (article,) = element.xpath("//article") or element.xpath("//main")
    copy = html.fromstring(html.tostring(article))
    for quoted in copy.xpath("//*[contains(@class, 'casebook-sources') or contains(@class, 'casebook-source-list')]|//pre"):
        quoted.drop_tree()
    return copy


def figures(site: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for file in sorted((site / "exhibits").glob("*.json")):
        yield file.stem, json.loads(file.read_text("utf-8"))


def strings(value: Any) -> Iterator[str]:
    """Every text in a figure."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from strings(part)


def test_no_page_shows_what_only_a_computer_reads(site: Path) -> None:
    found = []
    for name, page in pages(site):
        for text in texts(told(page)):
            if UNREADABLE.search(text) or text.strip(" ,.:;()") in NOTHING:
                found.append((name, text[:120]))
    assert found == []


def test_one_is_not_many(site: Path) -> None:
    found = [(name, match[0], text[:80]) for name, page in pages(site) for text in texts(told(page)) for match in ONE_OF_MANY.finditer(text)]
    assert found == []


def test_nothing_ranges_from_a_thing_to_itself(site: Path) -> None:
    found = [(name, match[0]) for name, page in pages(site) for text in texts(told(page)) for match in TO_ITSELF.finditer(text)]
    assert found == []


def test_no_heading_is_empty(site: Path) -> None:
    found = [
        (name, html.tostring(heading)[:100])
        for name, page in pages(site)
        for heading in page.xpath("//h1|//h2|//h3|//h4|//th|//caption|//dt|//p[@class='title']|//figcaption|//title")
        if not words(heading)
    ]
    assert found == []


def test_no_title_says_everything_twice_or_ends_in_the_air(site: Path) -> None:
    for name, page in pages(site):
        for text in (words(found) for found in page.xpath("//figcaption//p|//div[@popover]/p")):
            assert text and not re.search(r"\.\.$|[,;:]\.$| [.,;]|\(\)|^[,;:]", text), (name, text)


def test_what_a_chart_is_labelled_with_reads_as_words(site: Path) -> None:
    for id, figure in figures(site):
        for text in strings(figure):
            assert not UNREADABLE.search(text) and text not in NOTHING and not ONE_OF_MANY.search(text), (id, text)


def test_what_is_drawn_reads_as_words(site: Path) -> None:
    """The labels as they were drawn, which plotly wrote for itself."""
    svg = "{http://www.w3.org/2000/svg}text"
    for file in sorted((site / "pictures").glob("*-light.svg")):
        for label in ("".join(text.itertext()) for text in etree.parse(file).iter(svg)):
            assert not UNREADABLE.search(label) and label not in NOTHING, (file.name, label)
            assert not re.search(r"\d:\d\d|\d[kGMµ]$", label), (file.name, label)


def test_what_is_downloaded_reads_as_figures(site: Path) -> None:
    for file in sorted([*(site / "exhibits").glob("*.zip"), *(site / "rows").rglob("*.zip")]):
        for table, rows in download(file).rows.items():
            numbers = [name for name, field in RECORD.fields(table).items() if field["type"] in ("number", "integer")]
            for row in rows:
                assert not any(cell in NOTHING for cell in row.values()), (file.name, table, row["id"])
                assert all(re.fullmatch(r"-?\d+(\.\d+)?|", row[name]) for name in numbers), (file.name, table, row["id"])


def test_a_number_and_the_rows_on_its_card_are_those_of_the_record(site: Path) -> None:
    published = {exhibit["id"]: exhibit for exhibit in json.loads((site / "exhibits.json").read_text("utf-8"))}
    table_of = {row["id"]: (table, row) for table in RECORD.tables for row in RECORD.all_rows(table)}
    read = 0
    for name, page in pages(site):
        for card in page.xpath("//div[@popover]"):
            number = published[card.get("id").removeprefix("card-")]
            assert words(card.xpath("./p[@class='value']")[0]) == number["text"]
            for line in card.xpath("./ul/li[code]"):
                table, row = table_of[words(line.xpath("./code")[0])]
                # The first list is what the number rests on; another is what others say.
                assert row["id"] in number["rows"][table] or line.getparent().xpath("preceding-sibling::ul")
                for column, field in RECORD.fields(table).items():
                    if field["type"] in ("number", "integer") and row[column] and column not in ("latitude", "longitude"):
                        found = re.search(rf"(?:^|; ){column.replace('_', ' ')} ([^;]+?)(?=;| \(| {row['id']})", words(line))
                        assert found, (name, row["id"], column, words(line))
                        size, unit = amount(found[1]) or (None, "")
                        scale = 100 if unit.startswith("%") and float(row[column]) != size else 1
                        assert size == pytest.approx(float(row[column]) * scale, rel=1e-12), (name, row["id"], words(line))
                        read += 1
    assert read > 200


def test_a_number_of_one_row_is_a_number_of_that_row(site: Path) -> None:
    for number in json.loads((site / "exhibits.json").read_text("utf-8")):
        if number["kind"] == "number" and not number["formula"] and number["unit"] != "date" and number["value"] != 1:
            rows = [RECORD.row(table, id) for table, ids in number["rows"].items() for id in ids]
            if len(rows) == 1:
                cells = [float(cell) for cell in rows[0].values() if re.fullmatch(r"-?\d+(\.\d+)?", cell)]
                # A loss or a fall is told as how much it is.
                assert any(abs(number["value"]) == pytest.approx(abs(cell) / scale, rel=0.003) for cell in cells for scale in (1, 100)), number["id"]
