"""A filter asks for what it says, whatever library its values come from, or is refused in a line."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.data.filters import Filter, plain
from casebook.data.record import Record
from casebook.errors import Problem
from tests.data.household import cells, make

FIELDS: dict[str, dict[str, Any]] = {
    "year": {"type": "integer"},
    "amount": {"type": "number"},
    "day": {"type": "date"},
    "open": {"type": "boolean"},
    "town": {"type": "string"},
    "kind": {"type": "string", "constraints": {"enum": ["a", "b"]}},
    "source_ids": {"type": "list"},
}
ROW = {"year": "2024", "amount": "1e3", "day": "2024-01-31", "open": "true", "town": "7", "kind": "a", "source_ids": "one;two"}


@pytest.mark.parametrize(
    ("column", "value"),
    [
        *(("year", value) for value in (2024, 2024.0, "2024", np.int64(2024), np.float64(2024), [2023, 2024], (2024,), {2024})),
        *(("year", value) for value in (np.array([2024]), pd.Series([2023, 2024]), pd.Index([2024]), range(2020, 2030), pd.array([2024], "Int64"))),
        *(("amount", value) for value in (1000, 1000.0, "1000", "1e3", np.float32(1000))),
        *(("day", value) for value in ("2024-01-31", date(2024, 1, 31), datetime(2024, 1, 31, 0, 0), pd.Timestamp("2024-01-31"))),
        ("day", pd.to_datetime(pd.Series(["2024-01-31"]))),
        *(("open", value) for value in (True, np.True_, "true")),
        *(("town", value) for value in ("7", 7)),
        *(("source_ids", value) for value in ("one", "two", ["two", "three"])),
    ],
)
def test_a_value_is_one_however_it_is_written(column: str, value: Any) -> None:
    assert Filter("t", FIELDS, {column: value}).fits(ROW)
    assert not Filter("t", FIELDS, {column: value}).fits(ROW | {column: ""})


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [
        ("year", None, "read: year is asked for None, which no cell holds"),
        ("year", float("nan"), "which no cell holds"),
        ("day", pd.NaT, "day is asked for NaT, which no cell holds"),
        ("amount", [1, None], "amount is asked for None"),
        ("town", pd.Series(["7", None]), "which no cell holds"),
        ("year", "last", "read: t.year is of the kind integer, and 'last' is not a number"),
        ("year", True, "'true' is not a number"),
        ("day", "31 January 2024", "'31 January 2024' is not a date; write a day as YYYY-MM-DD"),
        ("day", 2024, "'2024' is not a date"),
        ("open", "yes", "'yes' is neither true nor false"),
        ("kind", "c", "t.kind never holds 'c'; it holds a, b."),
        ("twon", "7", "table t has no column 'twon'"),
    ],
)
def test_what_no_cell_can_equal_is_refused(column: str, value: Any, says: str) -> None:
    with pytest.raises(Problem) as refused:
        Filter("t", FIELDS, {column: value})
    assert says in str(refused.value)


def test_an_empty_cell_is_asked_for_by_an_empty_text() -> None:
    for column in FIELDS.keys() - {"kind"}:
        assert Filter("t", FIELDS, {column: ""}).fits(ROW | {column: ""}) and not Filter("t", FIELDS, {column: ""}).fits(ROW)


@given(value=st.one_of(st.none(), st.integers(), st.floats(), st.text(), st.dates(), st.datetimes(), st.binary(), st.lists(st.integers())))
def test_any_value_is_plain_or_refused(value: Any) -> None:
    try:
        asked = plain("column", value)
    except Problem:
        return
    assert all(type(one) in (str, int, float, bool) for one in (asked if isinstance(asked, list) else [asked]))


def test_a_record_asks_by_the_kind_of_its_columns(tmp_path: Path) -> None:
    data = make(tmp_path)
    cells("water/bills", "bill-3", amount="3e3", source_ids="leaflet;waterworks")(data)
    record = Record(data)

    def ids(**where: Any) -> list[str]:
        return [row["id"] for row in record.rows("water/bills", **where)]

    assert ids(amount=3000) == ids(amount="3000.0") == ids(households=np.int64(300)) == ids(period_end=date(2025, 3, 28)) == ["bill-3"]
    assert ids(source_ids="waterworks") == ["bill-3"] and len(ids(source_ids="leaflet")) == len(ids(is_paid=True)) == 7
