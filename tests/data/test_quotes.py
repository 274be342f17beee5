"""Figures as sources write them are found in quotes, and figures that are not there are not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from casebook.data.quotes import unheld
from casebook.data.record import Record

UNITS = {"share": {"title": "share", "suffix": "%", "scale": 100}, "USD": {"title": "dollars"}, "persons": {"title": "people"}}


def lacks(folder: Path, value: str, unit: str, quote: str) -> bool:
    """Whether `quote` does not hold `value`, by a record of one row."""
    fields = [{"name": "id", "type": "string"}, {"name": "value", "type": "number", "unit": {"column": "unit"}}]
    fields += [{"name": name, "type": "string"} for name in ("unit", "quote")]
    fields.append({"name": "latitude", "type": "number", "unit": "USD", "of": "row"})
    package = {"created": "2026-01-01", "units": UNITS, "resources": [{"name": "said", "path": "said.csv", "schema": {"fields": fields}}]}
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
    with (folder / "said.csv").open("w", encoding="utf-8", newline="") as text:
        csv.writer(text, lineterminator="\n").writerows([["id", "value", "unit", "quote", "latitude"], ["a", value, unit, quote, "77"]])
    record = Record(folder)
    return unheld(record, "said", record.row("said", "a")) == ["value"]


HELD = [
    ("44000000000", "USD", "to buy it for $44 billion in cash"),
    ("44000000000", "USD", "a 44bn deal"),
    ("44000000000", "USD", "un acuerdo de 44.000 millones de dólares"),
    ("44000000000", "USD", "44 mil millones"),
    ("44000000000", "USD", "Purchase price 44,000 (in millions)"),
    ("1500000", "USD", "1,5 millones"),
    ("5077482000", "USD", "Total revenue $ 5,077,482 (in thousands)"),
    ("5080000000", "USD", "Revenue of $5.08 billion"),
    ("5080000000", "USD", "Revenue was $5,077 million"),
    ("0.48", "share", "fell by 48 per cent"),
    ("0.48", "share", "a ratio of 0.48"),
    ("-221000000", "USD", "a net loss of $221 million"),
    ("1500", "persons", "now they are down to 1 500 people"),
    ("6704", "persons", "X B-1 Term Loan 6,504 6,704"),
    ("6", "persons", "Six of them had signed"),
    ("200000000", "USD", "a $200-million contract"),
]
NOT_HELD = [
    ("44100000000", "USD", "to buy it for $44 billion"),
    ("44000000000", "USD", "to buy it for $4.4 billion"),
    ("0.48", "share", "fell by 4.8 per cent"),
    ("44000000000", "USD", "the deal closed on Thursday"),
    ("1700000000", "USD", "raised $1.6 million and 17 dollars"),
]


@pytest.mark.parametrize(("value", "unit", "quote"), HELD)
def test_a_figure_is_found_as_its_source_writes_it(tmp_path: Path, value: str, unit: str, quote: str) -> None:
    assert not lacks(tmp_path, value, unit, quote)


@pytest.mark.parametrize(("value", "unit", "quote"), NOT_HELD)
def test_a_figure_that_is_not_said_is_missed(tmp_path: Path, value: str, unit: str, quote: str) -> None:
    assert lacks(tmp_path, value, unit, quote)


def test_a_row_that_quotes_nothing_is_asked_nothing(tmp_path: Path) -> None:
    assert not lacks(tmp_path, "44", "USD", "")
