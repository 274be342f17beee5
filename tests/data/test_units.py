"""Every number of the record has a unit that the record knows, and what is counted whole is whole."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from casebook import shape
from casebook.data.findings import in_lines
from casebook.data.record import Record
from casebook.data.units import cell_findings, column_findings
from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.frame import ASSETS
from tests.conftest import RECORD, edit_row

STARTER = ASSETS / "starter"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(STARTER / "data", tmp_path / "data")
    return tmp_path / "data"


def edit(data: Path, field: str, **more: Any) -> Record:
    """The record after the field of water/use was given something else."""
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    (table,) = (resource for resource in package["resources"] if resource["name"] == "water/use")
    next(each for each in table["schema"]["fields"] if each["name"] == field).update(more)
    (data / "datapackage.json").write_text(json.dumps(package), "utf-8")
    return Record(data)


@pytest.mark.parametrize(
    ("field", "unit", "says"),
    [
        ("litres", "furlongs", "table water/use, column litres: 'furlongs' is not a unit of this record; it knows date, share, "),
        ("litres", {"column": "unit"}, "column litres: its unit is in column 'unit', which the table does not have; it has id, town"),
        ("town", "litres", "column town: it has a unit and is a string; only numbers have units."),
    ],
)
def test_the_unit_of_a_column_is_one_that_the_record_knows(data: Path, field: str, unit: Any, says: str) -> None:
    (finding,) = column_findings(edit(data, field, unit=unit))
    assert finding.startswith("data/datapackage.json, ") and says in finding
    with pytest.raises(Problem) as raised:
        validate(data)
    assert raised.value.findings[0] == finding


@pytest.mark.parametrize(
    ("unit", "cells", "says"),
    [
        ("days", {}, "row 2, column litres and 197 more: 142.5 is a fraction, and 'days' counts whole things"),
        ({"column": "note"}, {"note": "acres"}, "row 2, column litres: 'acres' is not a unit of this record"),
        ({"column": "note"}, {}, "row 2, column litres and 215 more: 142.5 has no unit; name one in column note."),
    ],
)
def test_the_unit_of_a_row_is_one_that_fits_its_number(data: Path, unit: Any, cells: dict[str, str], says: str) -> None:
    record = edit(data, "litres", unit=unit)
    edit_row(data / "water/use.csv", record.all_rows("water/use")[0]["id"], lambda row: row.update({"litres": "142.5"} | cells))
    assert says in in_lines(cell_findings(Record(data), "water/use"))[0]


def test_a_unit_itself_is_well_described() -> None:
    package = json.loads((STARTER / "data" / "datapackage.json").read_text("utf-8"))
    for unit, wrong in (({"suffix": " l", "digits": 2}, "unknown key 'digits'"), ({"suffix": " l"}, "the key 'title' is missing")):
        package["units"]["litres"] = unit
        with pytest.raises(Problem, match=f"units, litres: {wrong}"):
            shape.check(package, "package", "data/datapackage.json")


def test_a_row_prints_its_numbers_in_their_units() -> None:
    (row,) = RECORD.rows("ai/rounds", id="xai-2024-05-series-b-2")
    assert RECORD.printed("ai/rounds", "amount", row) == "$6bn"
    assert RECORD.printed("ai/rounds", "pre_money", row | {"pre_money": ""}) == ""
    (row,) = RECORD.rows("platform/events", id="stk-2022-04-04-13g")
    assert RECORD.printed("platform/events", "value", row) == "9.2%"
