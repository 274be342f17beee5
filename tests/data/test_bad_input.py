"""Malformed tables: each is read rightly, or refused in a line that names file, row, column and remedy; never a wrong number in silence."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from casebook.data.record import Record
from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.frame import ASSETS
from tests.bad_tables import CORPUS, TABLE

GOOD = (ASSETS / "starter" / "data" / f"{TABLE}.csv").read_text("utf-8")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ASSETS / "starter" / "data", tmp_path / "data"))


def put(data: Path, content: str | bytes) -> None:
    (data / f"{TABLE}.csv").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))


@pytest.mark.parametrize("name", CORPUS)
def test_a_malformed_table_is_read_rightly_or_refused(data: Path, name: str) -> None:
    spoil, said = CORPUS[name]
    spoilt = spoil(GOOD)
    assert spoilt != GOOD
    put(data, spoilt)
    if said is None:
        validate(data)
        text = spoilt if isinstance(spoilt, str) else spoilt.decode("utf-8")
        wanted = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert Record(data).all_rows(TABLE) == sorted(wanted, key=lambda row: row["id"])
        return
    with pytest.raises(Problem) as refused:
        validate(data)
    assert said in str(refused.value)
    assert all(line.startswith("data/") or line.startswith("and ") for line in refused.value.findings)
    assert all("\n" not in line and len(line) < 700 for line in refused.value.findings)


# What people and programs really type into cells, and any letters at all.
CELLS = st.one_of(
    st.text(max_size=12),
    st.sampled_from(
        ["", " ", "0", "-0", "1e400", "142,0", "2020-02-30", "=1", "easton", "waterworks;", ";", "true", "null", '"', "'", "\\N", "\u2212" + "1"]
    ),
    st.floats().map(str),
    st.dates().map(str),
)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(column=st.integers(0, 8), value=CELLS)
@example(column=3, value="1e400")
def test_any_cell_is_read_as_it_is_written_or_refused_in_a_line(data: Path, column: int, value: str) -> None:
    rows = list(csv.reader(io.StringIO(GOOD, newline="")))[:20]
    rows[1][column] = value
    text = io.StringIO()
    csv.writer(text, lineterminator="\n", quoting=csv.QUOTE_ALL).writerows(rows)
    put(data, text.getvalue())
    try:
        validate(data)
    except Problem as problem:
        assert all("\n" not in line and line.startswith(f"data/{TABLE}.csv, row 2") for line in problem.findings)
        return
    read = next(row for row in Record(data).all_rows(TABLE) if row["id"] == rows[1][0])
    assert list(read.values()) == rows[1]
    assert 0 <= float(read["litres"]) < float("inf")
    assert date.fromisoformat(read["event_date"]).isoformat() == read["event_date"]


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.one_of(st.binary(max_size=200), st.text(max_size=200).map(lambda text: text.encode("utf-8", "surrogatepass"))))
def test_any_bytes_at_all_are_refused_without_a_traceback(data: Path, content: bytes) -> None:
    put(data, content)
    with pytest.raises(Problem) as refused:
        validate(data)
    assert all("\n" not in line and line.startswith(f"data/{TABLE}.csv") for line in refused.value.findings)
