"""Which row stands for a fact, and what is said beside it."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.data.facts import CRITERIA, Fact, Facts, agree, answer
from casebook.data.record import LATEST, Record
from casebook.errors import Problem

DAYS = st.dates(date(2020, 1, 1), date(2021, 12, 31)).map(str)
COLUMNS = ["id", "company", "event_date", "date_precision", "value", "value_high", "status", "source_ids", "published_on", "supersedes"]
NUMERIC = {"value", "value_high"}
SOURCES = [
    {"id": "filing", "read_at": "original", "published_on": "2020-06-01"},
    {"id": "paper", "read_at": "original", "published_on": "2020-03-01"},
    {"id": "blog", "read_at": "relay", "published_on": "2020-03-01"},
]
ROW = dict.fromkeys(COLUMNS, "") | {
    "company": "x",
    "event_date": "2020-03-01",
    "date_precision": "day",
    "value": "100",
    "status": "reported-press",
    "source_ids": "paper",
    "published_on": "2020-03-01",
}


def record_of(folder: Path, rows: list[dict[str, str]], marks: list[dict[str, str]] | None = None) -> Record:
    """A record of one table whose facts are told apart by company, its sources, and the editors' marks."""
    tables = {
        "t": (COLUMNS, rows),
        "sources": (["id", "read_at", "published_on"], SOURCES),
        "methods/ranks": (["id", "table", "row", "column", "rank", "published_on", "supersedes"], marks or []),
    }
    resources = []
    for name, (columns, content) in tables.items():
        fields = [{"name": column, "type": "number" if column in NUMERIC else "string"} for column in columns]
        resource = {"name": name, "path": f"{name.replace('/', '-')}.csv", "schema": {"fields": fields}}
        resources.append(resource | ({"factKey": ["company"]} if name == "t" else {}))
        with (folder / resource["path"]).open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(content)
    (folder / "datapackage.json").write_text(json.dumps({"created": "2026-01-01", "resources": resources}))
    return Record(folder)


def the_fact(folder: Path, *rows: dict[str, str], marks: list[dict[str, str]] | None = None, as_of: str = LATEST) -> Fact:
    numbered = [ROW | {"id": f"r{number}"} | row for number, row in enumerate(rows)]
    [fact] = Facts(record_of(folder, numbered, marks), as_of).ask("t", "value")
    return fact


@pytest.mark.parametrize(
    ("first", "second", "by"),
    [
        ({"status": "estimate"}, {"status": "announced"}, "how it is known"),
        ({"source_ids": "blog"}, {"source_ids": "paper"}, "original before relay"),
        ({"event_date": "2020-03-09"}, {"published_on": "2020-04-01"}, "not said beforehand"),
        ({"published_on": "2020-09-01"}, {"published_on": "2020-04-01"}, "earliest day"),
        ({}, {"value_high": "120"}, "completeness"),
        ({"value": "120"}, {"value": "123"}, "completeness"),
    ],
)
def test_the_first_criterion_that_differs_decides(tmp_path: Path, first: dict[str, str], second: dict[str, str], by: str) -> None:
    fact = the_fact(tmp_path, first, second)
    assert (fact.row["id"], fact.by) == ("r1", by)


def test_an_editor_prefers_or_deprecates_and_the_mark_passes_on(tmp_path: Path) -> None:
    mark = {"id": "m", "table": "t", "row": "r1", "column": "value", "rank": "preferred", "published_on": "2020-03-01"}
    better, worse = {"status": "audited"}, {"status": "rumoured", "value": "70"}
    assert the_fact(tmp_path, better, worse).row["id"] == "r0"
    preferred = the_fact(tmp_path, better, worse, marks=[mark])
    assert (preferred.row["id"], preferred.by) == ("r1", CRITERIA[0])
    followed = the_fact(tmp_path, better, worse, worse | {"supersedes": "r1"}, marks=[mark])
    assert followed.row["id"] == "r2"
    deprecated = the_fact(tmp_path, better, worse, marks=[mark | {"rank": "deprecated", "column": ""}])
    assert (deprecated.row["id"], deprecated.others) == ("r0", ())


def test_a_row_speaks_only_for_the_columns_it_fills(tmp_path: Path) -> None:
    fact = the_fact(tmp_path, {"status": "audited", "value": ""}, {"status": "estimate"})
    assert (fact.row["id"], fact.others) == ("r1", ())


def test_what_disagrees_stands_beside_and_gives_the_ends(tmp_path: Path) -> None:
    answered = the_fact(
        tmp_path, {"value": "262"}, {"value": "260", "published_on": "2021-01-01"}, {"value": "340", "published_on": "2021-02-01"}
    ).answer()
    assert (answered["id"], answered["states"], answered["beside"], answered["low"], answered["high"]) == ("r0", "3", "r2", "260", "340")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ({"value": "2620000000"}, {"value": "2600000000"}, True),
        ({"value": "2620000000"}, {"value": "2700000000"}, False),
        ({"value": "1200000000"}, {"value": "1250000000"}, True),
        ({"value": "10000000000"}, {"value": "14000000000"}, False),
        ({"value": "100", "value_high": "150"}, {"value": "140"}, True),
        ({"value": "0"}, {"value": "0.0"}, True),
        ({"value": "-6.4"}, {"value": "6.4"}, False),
    ],
)
def test_figures_agree_but_for_rounding(one: dict[str, str], other: dict[str, str], same: bool) -> None:
    assert agree(ROW | one, ROW | other, "value") is agree(ROW | other, ROW | one, "value") is same


def test_a_month_agrees_with_a_day_in_it() -> None:
    month = ROW | {"event_date": "2022-01-31", "date_precision": "month"}
    assert agree(month, ROW | {"event_date": "2022-01-12"}, "event_date")
    assert not agree(month, ROW | {"event_date": "2022-02-01"}, "event_date")


def test_a_correction_of_a_correction_does_not_raise_the_first(tmp_path: Path) -> None:
    """r2 is public before r1, which stands between it and r0."""
    rows = [{}, {"supersedes": "r0", "published_on": "2021-01-01"}, {"supersedes": "r1", "value": "90"}]
    assert the_fact(tmp_path, *rows, as_of="2020-06-01").row["id"] == "r2"


@pytest.mark.parametrize(
    ("asked", "says"),
    [
        (("sources", "published_on", {}), "has no factKey"),
        (("t", "worth", {}), "has no column 'worth'"),
        (("t", "value", {"value": 100}), "'value' belongs to what a row of t says"),
        (("t", "value", {"id": "r0"}), "'id' belongs to what a row of t says"),
    ],
)
def test_questions_that_are_none(tmp_path: Path, asked: tuple[str, str, dict[str, str]], says: str) -> None:
    table, column, where = asked
    with pytest.raises(Problem, match=says):
        Facts(record_of(tmp_path, [ROW | {"id": "r0"}])).ask(table, column, **where)


STATEMENTS = st.fixed_dictionaries(
    {
        "company": st.sampled_from("xy"),
        "value": st.sampled_from(["", "100", "101", "200"]),
        "status": st.sampled_from(["audited", "reported-press", "announced", "rumoured"]),
        "source_ids": st.sampled_from(["filing", "paper", "blog", "paper;blog"]),
        "published_on": DAYS,
    }
)


@st.composite
def statements(draw: st.DrawFn) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = []
    for number, drawn in enumerate(draw(st.lists(STATEMENTS, max_size=7))):
        old = draw(st.lists(st.sampled_from([row["id"] for row in rows]), max_size=1)) if rows else []
        rows.append(ROW | drawn | {"id": f"r{number}", "supersedes": ";".join(old)})
    return rows


@given(rows=statements(), day=DAYS)
def test_facts_of_a_day_are_those_of_a_record_cut_there(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], day: str) -> None:
    folder = tmp_path_factory.mktemp("r")
    question = {"table": "t", "column": "value", "as_of": day, "where": {}}
    then = answer(record_of(folder, rows), question)
    # What is not yet public is cut away but for what it supersedes, which is a bond between other rows.
    kept = [row if row["published_on"] <= day else row | {"value": "", "company": "z"} for row in rows]
    assert answer(record_of(folder, kept), question) == then


@given(rows=statements())
def test_a_twin_that_supersedes_a_standing_row_changes_nothing_but_the_id(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("r")

    def values(record: Record) -> list[tuple[str, ...]]:
        return sorted((*fact.key, fact.row["value"], fact.low, fact.high, str(len(fact.others))) for fact in Facts(record).ask("t", "value"))

    record = record_of(folder, rows)
    before = values(record)
    for row in record.rows("t"):
        twin = row | {"id": f"{row['id']}-v2", "supersedes": row["id"]}
        assert values(record_of(folder, [*rows, twin])) == before


@given(rows=statements(), status=st.sampled_from(["audited", "rumoured"]))
def test_the_firmest_stand_whether_one_filters_before_the_rank_or_after(
    tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], status: str
) -> None:
    facts = Facts(record_of(tmp_path_factory.mktemp("r"), rows))
    standing = {fact.row["id"] for fact in facts.ask("t", "value") if fact.row["status"] == "audited"}
    assert {fact.row["id"] for fact in facts.ask("t", "value", status="audited")} == standing
    assert {fact.row["id"] for fact in facts.ask("t", "value", status=status)} >= {
        fact.row["id"] for fact in facts.ask("t", "value") if fact.row["status"] == status
    }


@given(rows=statements(), data=st.data())
def test_the_order_of_the_file_decides_nothing(tmp_path_factory: pytest.TempPathFactory, rows: list[dict[str, str]], data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("r")
    question = {"table": "t", "column": "value", "as_of": LATEST, "where": {}}
    before = answer(record_of(folder, rows), question)
    assert answer(record_of(folder, data.draw(st.permutations(rows))), question) == before
