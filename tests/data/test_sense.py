"""What single cells do not show: each mistake in what rows say of each other is one line, with place and remedy."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.data.record import Record
from casebook.data.validate import validate
from casebook.errors import Problem
from tests.data.household import cells, make, put, row, rows_of


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make(tmp_path)


def test_the_record_is_whole(data: Path) -> None:
    assert validate(data)["water/bills"] == 7


BILL = "data/water/bills.csv, row"
RULE = "data/claims/rules.csv, row"
MISTAKES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a company that is not there": (cells("water/bills", "bill-3", company="aquq"), f"{BILL} 4, column company: 'aquq': no row of entities has this id; add it"),
    "a low end above the high": (cells("water/bills", "bill-1", amount_low="20"), f"{BILL} 2, column amount_low: 20 is above amount_high 19; swap them."),
    "a period that ends before it starts": (
        cells("water/bills", "bill-2", period_start="2025-03-01"),
        f"{BILL} 3, column period_start: 2025-03-01 is after period_end 2025-02-28; correct one of them.",
    ),
    "a row of another company": (
        cells("water/bills", "bill-2", supersedes="bill-5"),
        f"{BILL} 3, column supersedes: 'bill-5' has the company 'city', and this row 'aqua'; correct the id, or say in the note why",
    ),
    "a figure in thousands": (cells("water/bills", "bill-2", amount="2"), f"{BILL} 3, column amount: 2 is 316 times larger or smaller"),
    "a source read before it was out": (
        cells("sources", "leaflet", accessed_on="2020-01-01"), "column accessed_on: 2020-01-01 is before published_on 2026-01-15; correct one"
    ),
    "a source seen after the record ends": (cells("sources", "leaflet", accessed_on="2026-11-24"), "column accessed_on: 2026-11-24 is after the record's own day, 2026-01-31"),
    "a verdict of a day to come": (cells("claims/verdicts", "v-c1-1", decided_on="2199-12-31"), "column decided_on: 2199-12-31 is after the record's own day"),
    "a check that is never due": (cells("methods/checks", "check-1", check_by="2199-12-31"), "column check_by: 2199-12-31 is before the row was written, or 10 years away"),
    "a check that was due before it was written": (cells("methods/checks", "check-1", check_by="1999-12-31"), "name a day on which someone will look"),
    "an owner of itself": (cells("entities", "city", parent_id="city"), "data/entities.csv, row city, column parent_id: 'city' is its own parent; remove the loop."),
    "owners in a circle": (cells("entities", "city", parent_id="aqua"), "row aqua, column parent_id and 1 more: 'aqua' is its own parent; remove the loop."),
    "a Cyrillic twin": (row("entities", id="tesla-2", name="ТЕЅLА"), "'ТЕЅLА' mixes letters of two alphabets that look alike; type it again in one"),
    "a twin that is Cyrillic throughout": (
        lambda data: (cells("entities", "tesla", name="COCA")(data), row("entities", id="coca-2", name="СОСА")(data))[0],
        "data/entities.csv, row 5, column name: 'СОСА' looks like the name of 'tesla'; use that row",
    ),
    "a twin in full-width letters": (row("entities", id="tesla-2", name="ＴＥＳＬＡ"), "looks like the name of 'tesla'"),
    "a twin with another letter of its own": (row("entities", id="city-2", name="Clty of Easton"), None),
    "a small L for a capital i": (
        lambda data: (cells("entities", "tesla", name="XAI")(data), row("entities", id="xai-2", name="XAl")(data))[0], "looks like the name of 'tesla'"
    ),
    "a twin in another table": (cells("water/bills", "bill-1", payer="ＴＥＳＬＡ"), "looks like 'TESLA' of entities, and is spelt with other letters; type it again."),
    "evidence of the claim's own source": (cells("claims/evidence", "e-1", source_ids="leaflet"), "data/claims/evidence.csv, row e-1, column source_ids: it supports c1 by the source of the claim itself"),
    "two verdicts": (row("claims/verdicts", id="a-verdict"), "data/claims/verdicts.csv, row v-c1-1, column supersedes: c1 has another verdict too, a-verdict; let the later one"),
    "a rule before its verdict": (cells("claims/rules", "r-c1-1", published_on="2026-01-20", source_ids="leaflet"), f"{RULE} r-c1-1, column relation: the last step of a rule is 'otherwise', so that every value has a verdict (on 2026-01-20)."),
    "a bound that is no number": (cells("claims/rules", "r-c1-1", bound="nan"), f"{RULE} r-c1-1, column bound: 'nan' is neither a number nor a day; write a plain number"),
    "a bound without end": (cells("claims/rules", "r-c1-1", bound="inf"), "'inf' is neither a number nor a day"),
    "a bound in words": (cells("claims/rules", "r-c1-1", bound="abc"), "'abc' is neither a number nor a day"),
    "a bound that is missing": (cells("claims/rules", "r-c1-1", bound=""), "the bound of 'at_least' is empty, and the step needs it"),
    "a bound that says nothing": (cells("claims/rules", "r-c1-2", bound="1"), "the bound of 'otherwise' '1' says nothing here; delete it."),
    "bounds the wrong way round": (cells("claims/rules", "r-c1-1", relation="between", bound="3", upper_bound="2"), "2 is below the bound, 3; swap them."),
    "a bound of days and numbers": (cells("claims/rules", "r-c1-1", relation="between", bound="3", upper_bound="2025-01-01"), "one bound is a day and the other is none"),
    "two steps of one number": (cells("claims/rules", "r-c1-2", step="1"), "c1 has two steps 1; number them in their order."),
    "a step after the last": (row("claims/rules", id="r-c1-3", step="3"), "no step after 'otherwise' is ever reached; put it last."),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line(data: Path, mistake: str) -> None:
    spoil, said = MISTAKES[mistake]
    spoil(data)
    if said is None:
        validate(data)
        return
    with pytest.raises(Problem) as refused:
        validate(data)
    assert said in refused.value.findings[0], refused.value.findings
    assert len(refused.value.findings) == 1, refused.value.findings


def test_a_note_says_why_a_row_takes_the_place_of_anothers(data: Path) -> None:
    cells("water/bills", "bill-2", supersedes="bill-5", note="The bill went to the wrong house.")(data)
    validate(data)


def test_one_mistake_in_many_rows_is_one_line(data: Path) -> None:
    rows = [row | {"status": "certain", "event_date": "31/12/2025"} for row in rows_of(data, "water/use")]
    put(data, "water/use", rows)
    with pytest.raises(Problem) as refused:
        validate(data)
    assert [line[:36] for line in refused.value.findings] == [
        "data/water/use.csv, row 2, column ev",
        "data/water/use.csv, row 2, column st",
    ]
    assert all(f" and {len(rows) - 1} more: " in line for line in refused.value.findings)


def test_a_source_that_many_rows_cite_is_missed_once(data: Path) -> None:
    cited = [row for table in Record(data).tables for row in rows_of(data, table) if "waterworks" in row.get("source_ids", "")]
    put(data, "sources", [row for row in rows_of(data, "sources") if row["id"] != "waterworks"])
    with pytest.raises(Problem) as refused:
        validate(data)
    (line,) = refused.value.findings
    assert line.startswith(f"data/water/use.csv, row 2, column source_ids and {len(cited) - 1} more: 'waterworks': no source has this id; add it")


def test_a_long_series_is_looked_at_once(data: Path) -> None:
    """Each row against all others would be 400 million subtractions."""
    (bill, *_) = rows_of(data, "water/bills")
    rows = [bill | {"id": f"bill-{n}", "amount": f"{1000 + n}"} for n in range(20_000)]
    put(data, "water/bills", [*rows, bill | {"id": "bill-far", "amount": "9000000000"}])
    with pytest.raises(Problem, match="row 20002, column amount: 9000000000 is 316 times larger or smaller than every other figure of aqua"):
        validate(data)
