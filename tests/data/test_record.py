"""The record as known on a date."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from unittest import mock

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.data.record import Record, digest
from casebook.errors import Problem

DAYS = st.dates(date(2020, 1, 1), date(2021, 12, 31)).map(str)


@st.composite
def tables(draw: st.DrawFn) -> list[dict[str, str]]:
    """Rows whose `supersedes` names only earlier rows, as editors write them."""
    rows: list[dict[str, str]] = []
    for index in range(draw(st.integers(0, 8))):
        old = draw(st.lists(st.sampled_from([r["id"] for r in rows]), max_size=2, unique=True)) if rows else []
        rows.append({"id": f"r{index}", "kind": draw(st.sampled_from("ab")), "published_on": draw(DAYS), "supersedes": ";".join(old)})
    return rows


def record_of(folder: Path, rows: list[dict[str, str]]) -> Record:
    fields: list[dict[str, str]] = [{"name": n, "type": "string"} for n in ("id", "kind", "published_on")]
    fields.append({"name": "supersedes", "type": "list", "references": "t"})
    package = {"created": "2026-01-01", "resources": [{"name": "t", "path": "t.csv", "schema": {"fields": fields}}]}
    (folder / "datapackage.json").write_text(json.dumps(package))
    lines = ["id,kind,published_on,supersedes", *(",".join(row.values()) for row in rows)]
    (folder / "t.csv").write_text("\n".join(lines) + "\n")
    return Record(folder)


@given(rows=tables(), day=DAYS)
def test_an_edition_shows_what_was_public_and_not_superseded(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], day: str) -> None:
    seen = {row["id"] for row in record_of(tmp_path_factory.mktemp("r"), rows).rows("t", day)}
    public = [row for row in rows if row["published_on"] <= day]
    after = {row["id"]: set(row["supersedes"].split(";")) for row in rows}
    gone = {old for row in public for old in after[row["id"]]}
    # A row goes with what supersedes it by way of one that is not yet public.
    for _ in rows:
        gone |= {older for old in gone if old in after for older in after[old]}
    assert seen == {row["id"] for row in public} - gone


@given(rows=tables(), extra=DAYS, day=DAYS)
def test_a_later_row_never_changes_an_earlier_edition(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], extra: str, day: str
) -> None:
    folder = tmp_path_factory.mktemp("r")
    before = digest(record_of(folder, rows).rows("t", day))
    later = {"id": "z", "kind": "a", "published_on": max(extra, day) + "x", "supersedes": ";".join(r["id"] for r in rows)}
    assert digest(record_of(folder, [*rows, later]).rows("t", day)) == before


@given(rows=tables(), data=st.data())
def test_the_order_of_the_file_does_not_matter(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("r")
    before = digest(record_of(folder, rows).rows("t"))
    assert digest(record_of(folder, data.draw(st.permutations(rows))).rows("t")) == before


@given(rows=tables(), day=DAYS)
def test_what_rests_on_a_row_keeps_it_when_another_takes_its_place(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], day: str
) -> None:
    record = record_of(tmp_path_factory.mktemp("r"), rows)
    ids = [row["id"] for row in rows]
    assert record.named("t", ids) == [record.row("t", id) for id in sorted(ids)]
    public = {row["id"] for row in rows if row["published_on"] <= day}
    named = {row["id"]: row for row in record.named("t", ids, day)}
    assert named.keys() == public
    assert all(set(row["supersedes"].split(";")) <= public | {""} for row in named.values())
    with mock.patch("casebook.data.record.IN_MEMORY_BYTES", 0):
        assert record_of(record.folder, rows).named("t", ids, day) == list(named.values())
    # What stands on that day is the same row by either way.
    assert [named[row["id"]] for row in record.rows("t", day)] == record.rows("t", day)


def test_a_row_stands_where_the_first_stood_that_it_supersedes(tmp_path: Path) -> None:
    rows = [
        {"id": id, "kind": "a", "published_on": "2020-01-01", "supersedes": older}
        for id, older in (("r0", ""), ("r0b", ""), ("r1", ""), ("s-of-r0", "r0"), ("t-of-s", "s-of-r0"), ("z", ""))
    ]
    assert [row["id"] for row in record_of(tmp_path, rows).rows("t")] == ["t-of-s", "r0b", "r1", "z"]


@given(rows=tables())
def test_a_filter_parts_the_rows(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]) -> None:
    record = record_of(tmp_path_factory.mktemp("r"), rows)
    a, b, both = (record.rows("t", kind=kind) for kind in ("a", "b", ["a", "b"]))
    assert [r["id"] for r in both] == [r["id"] for r in record.rows("t")]
    assert sorted(r["id"] for r in a + b) == sorted(r["id"] for r in both)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda r: r.rows("ai/round"), "no table is called 'ai/round'"),
        (lambda r: r.rows("ai/rounds", companny="xai"), "has no column 'companny'"),
        (lambda r: r.rows("ai/rounds", kind="primry"), "ai/rounds.kind never holds 'primry'"),
        (lambda r: r.rows("ai/rounds", "31/02/2025"), "as_of is '31/02/2025'"),
        (lambda r: r.row("sources", "nobody"), "no row has the id 'nobody'"),
    ],
)
def test_a_slip_in_a_read_is_said_plainly(call: object, says: str) -> None:
    with pytest.raises(Problem, match=says.replace("(", r"\(")):
        call(Record(Path(__file__).parents[2] / "data"))  # type: ignore[operator]


def test_misreadings_are_kept_and_never_read() -> None:
    record = Record(Path(__file__).parents[2] / "data")
    read = {row["id"] for row in record.rows("platform/financials")}
    kept = {row["id"] for row in record.all_rows("platform/financials")}
    misread = {row["id"] for row in record.all_rows("platform/financials") if "MISREADING" in row["note"]}
    assert misread and misread <= kept and not misread & read


def test_a_list_is_asked_by_its_items(tmp_path: Path) -> None:
    record = record_of(
        tmp_path, [{"id": f"r{n}", "kind": kind, "published_on": "2020-01-01", "supersedes": ""} for n, kind in enumerate(["a;b", "ab", "b", ""])]
    )
    record.fields("t")["kind"]["type"] = "list"
    asked = {"b": ["r0", "r2"], "ab": ["r1"], "a;b": [], "": ["r3"]}
    assert {value: [row["id"] for row in record.rows("t", kind=value)] for value in asked} == asked
