"""What rows owe their sources, and sources their addresses: each mistake is one line, with place and remedy."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.data.hosts import HOSTS, bears
from casebook.data.validate import validate
from casebook.errors import Problem
from tests.conftest import ROOT
from tests.data.household import TABLES, cells, make, put, resource, rows_of

QUOTED = {"quote": {"type": "string"}, "locator": {"type": "string"}}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The household, whose bills quote, with a table of hosts as the record has one."""
    columns, keys, rows = TABLES["water/bills"]
    monkeypatch.setitem(TABLES, "water/bills", (columns | QUOTED, keys, [row | {"quote": "", "locator": ""} for row in rows]))
    data = make(tmp_path)
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    package["resources"].append(resource(json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8")), HOSTS))
    (data / "datapackage.json").write_text(json.dumps(package), "utf-8")
    (data / "methods").mkdir(exist_ok=True)
    kept = {"publisher": "", "source_ids": "leaflet", "published_on": "2026-01-31", "supersedes": "", "note": ""}
    named = {"hub.example": "copy", "keep.example": "archive", "register.example": "original", "mill.example": "relay"}
    hosts = [{"id": f"host-{host}", "host": host, "read_at": read_at, **kept} for host, read_at in named.items()]
    put(data, HOSTS, [*hosts, hosts[0] | {"id": "host-own", "host": "elsewhere.example", "read_at": "original", "publisher": "The waterworks"}])
    return data


def at(url: str, read_at: str, publisher: str = "The waterworks (invented)") -> Callable[[Path], None]:
    return cells("sources", "waterworks", url=url, read_at=read_at, publisher=publisher)


def findings(data: Path) -> tuple[str, ...]:
    with pytest.raises(Problem) as refused:
        validate(data)
    return refused.value.findings


@pytest.mark.parametrize(
    "source",
    [
        at("https://www.waterworks.example/", "original"),
        at("https://news.waterworks.example/", "relay"),
        at("https://register.example/9", "original"),
        at("https://elsewhere.example/", "original"),
        at("https://hub.example/file", "copy"),
        at("https://web.keep.example/a", "archive"),
        at("https://stranger.example/", "copy"),
        at("", "original"),
    ],
)
def test_where_a_source_was_read_follows_from_its_address(data: Path, source: Callable[[Path], None]) -> None:
    source(data)
    validate(data)


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            at("https://stranger.example/", "original"),
            "'original', at stranger.example, of what The waterworks (invented) published; write copy or relay;",
        ),
        (at("https://www.hub.example/file", "original", "Hub"), "'original', at www.hub.example, of what Hub published; write copy or relay;"),
        (at("https://mill.example/", "copy"), "'copy', at mill.example, of what The waterworks (invented) published; write relay;"),
        (at("https://web.keep.example/a", "copy"), "write archive; or name the author"),
        (at("https://waterworks.example/", "archive"), "write original or copy or relay;"),
        (at("https://elsewhere.example/", "original", "Another"), "'original', at elsewhere.example, of what Another published; write copy"),
    ],
)
def test_what_its_address_does_not_bear_out_is_one_line(data: Path, source: Callable[[Path], None], said: str) -> None:
    source(data)
    (line,) = findings(data)
    assert line.startswith("data/sources.csv, row 3, column read_at: ") and said in line


def test_a_host_bears_a_name_in_full_in_part_or_by_beginnings() -> None:
    names = [
        ("www.latimes.com", "Los Angeles Times"), ("nysun.com", "The New York Sun"), ("www.afr.com", "Australian Financial Review"),
        ("thewest.com.au", "The West Australian"), ("eju.tv", "Eju!"), ("diario.example", "El Diário"),
    ]  # fmt: skip
    assert all(bears(host, name) for host, name in names)
    assert not bears("whistlebuzz.com", "CNBC")
    assert not bears("www.nasdaq.com", "Reuters (Nasdaq)"), "what stands in brackets is no author"


def test_a_quote_is_short_and_says_where_it_stands(data: Path) -> None:
    cells("water/bills", "bill-1", quote="word " * 50 + "word", locator="p. 2")(data)
    assert findings(data) == ("data/water/bills.csv, row 2, column quote: it has 51 words; keep the 50 or fewer that bear the row out.",)
    cells("water/bills", "bill-1", quote="1 000", locator="")(data)
    (line,) = findings(data)
    assert line.startswith("data/water/bills.csv, row 2, column locator: the quote stands nowhere; say where")
    assert rows_of(data, "water/bills")[0]["quote"] == "1 000"


def test_no_row_is_public_before_all_of_its_sources(data: Path) -> None:
    put(data, "water/bills", [row | {"published_on": "2026-01-14"} for row in rows_of(data, "water/bills")])
    assert findings(data) == (
        "data/water/bills.csv, row 2, column published_on and 6 more: 2026-01-14 is before all of its sources; the earliest, "
        "'leaflet', is of 2026-01-15; cite the source of that day, or move the row to its earliest source's.",
    )


def test_a_row_is_as_old_as_the_earliest_of_its_sources(data: Path) -> None:
    for id in (row["id"] for row in rows_of(data, "water/bills")):
        cells("water/bills", id, source_ids="waterworks;leaflet")(data)
    validate(data)


@pytest.mark.parametrize(
    ("kind", "read_at", "is_audited"),
    [("filing", "original", True), ("filing", "copy", True), ("filing", "relay", False), ("dataset", "original", False)],
)
def test_audited_is_a_filing_that_was_read(data: Path, kind: str, read_at: str, is_audited: bool) -> None:
    cells("sources", "waterworks", kind=kind, read_at=read_at, url="")(data)
    cells("water/use", "easton-2020-01", status="audited")(data)
    if is_audited:
        validate(data)
    else:
        assert findings(data) == (
            "data/water/use.csv, row 2, column status: audited, by waterworks: none is a filing read in full; cite the filing, in the "
            "original, an archive or a copy, or say how it is known instead.",
        )
