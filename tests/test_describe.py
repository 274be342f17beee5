"""A table of one's own is described by a few answers, or refused in a line with nothing written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from casebook.data.record import Record
from casebook.data.validate import validate
from casebook.describe import add_table
from casebook.errors import Problem
from tests.data.household import make, resource

HEADER = "id,zip,latitude,longitude,country_iso3,height,day,is_old,source_ids,published_on,supersedes,note\n"
TREES = HEADER + "oak-1,01234,48.1,2.1,FRA,12,2026-01-02,true,leaflet,2026-01-20,,\noak-2,,48.2,2.2,FRA,3.5,2026-01-03,false,leaflet,2026-01-20,,\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = make(tmp_path)
    (data / "trees").mkdir()
    (data / "trees" / "tall.csv").write_text(TREES, "utf-8")
    return data


def words(question: str) -> str:
    return f"About {question}."


def test_kinds_are_guessed_and_what_would_lose_a_nought_stays_text(data: Path) -> None:
    kinds = add_table(data, "trees/tall", words)
    assert kinds["zip"] == "string" and kinds["height"] == "number" and kinds["day"] == "date" and kinds["is_old"] == "boolean"
    assert kinds["latitude"] == "number" and validate(data)["trees/tall"] == 2
    assert Record(data).fields("trees/tall")["supersedes"]["references"] == "trees/tall"


def test_places_need_no_shapes_of_countries(data: Path) -> None:
    assert not (data / "geo").exists()
    add_table(data, "trees/tall", words)


def test_the_first_table_of_a_record_needs_no_other(data: Path) -> None:
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    package["resources"] = [resource(package, "sources")]
    (data / "datapackage.json").write_text(json.dumps(package), "utf-8")
    assert add_table(data, "trees/tall", words)["source_ids"] == "list"


def test_another_table_that_waits_to_be_described_is_no_hindrance(data: Path) -> None:
    (data / "trees" / "small.csv").write_text(TREES.replace("oak", "bush"), "utf-8")
    add_table(data, "trees/tall", words)
    with pytest.raises(Problem, match=r"run `.venv/bin/casebook add-table trees/small`"):
        validate(data)
    add_table(data, "trees/small", words)
    validate(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "data/trees/tall.csv: the file is empty"),
        (TREES.replace(",", ";"), "data/trees/tall.csv, row 1: the cells are separated by semicolons; save the file with commas."),
        (TREES.replace(",", "\t"), "row 1: the cells are separated by tabs"),
        ("sep=;\n" + TREES, "'sep=;' is a note to a spreadsheet; delete the line"),
        (TREES.encode("utf-16"), "is not UTF-8; save the file as UTF-8."),
        (TREES.replace("note", "the note"), "row 1: the column 'note' is missing"),
        (TREES.replace("height", "=height"), "'=height' is not a name of lower-case letters, digits and underscores"),
        (TREES.replace("height", "zip"), "the column zip is described twice"),
        (TREES.replace("2026-01-20", "20.1.2026"), "row 2, column published_on and 1 more: '20.1.2026' is not a date; write a day as YYYY-MM-DD"),
        (TREES.replace("leaflet", "leaf"), "row 2, column source_ids and 1 more: 'leaf': no source has this id"),
        (TREES.replace("oak-1,", "oak-1,,"), "row 2: it has 13 cells where the header has 12"),
    ],
)
def test_a_bad_table_is_refused_and_nothing_is_written(data: Path, text: Any, said: str) -> None:
    (data / "trees" / "tall.csv").write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    before = (data / "datapackage.json").read_bytes()
    with pytest.raises(Problem) as refused:
        add_table(data, "trees/tall", words)
    assert said in str(refused.value) and len(refused.value.findings) == 1
    assert (data / "datapackage.json").read_bytes() == before


@pytest.mark.parametrize("stop", [KeyboardInterrupt, RuntimeError])
def test_whatever_happens_nothing_is_written(data: Path, monkeypatch: pytest.MonkeyPatch, stop: type[BaseException]) -> None:
    def stopped(folder: Path) -> None:
        raise stop

    monkeypatch.setattr("casebook.describe.check", stopped)
    before = (data / "datapackage.json").read_bytes()
    with pytest.raises(stop):
        add_table(data, "trees/tall", words)
    assert (data / "datapackage.json").read_bytes() == before
