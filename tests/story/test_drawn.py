"""What charts draw and what their headlines say, held against the rows by a computation of its own."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from casebook.style import SYMBOL_OF_STATUS
from tests.conftest import RECORD
from tests.site.reading import amount

Row = dict[str, str]
SCALE = ("supported", "mostly-supported", "unproven", "not-checkable")


@pytest.fixture(scope="module")
def published(site: Path) -> dict[str, dict[str, Any]]:
    return {exhibit["id"]: exhibit for exhibit in json.loads((site / "exhibits.json").read_text("utf-8"))}


def rows_of(exhibit: dict[str, Any], table: str) -> list[Row]:
    return [RECORD.row(table, id) for id in exhibit["rows"].get(table, [])]


def test_no_rumour_is_drawn(site: Path, published: dict[str, dict[str, Any]]) -> None:
    for exhibit in published.values():
        if exhibit["kind"] in ("chart", "map"):
            rumours = [id for table, ids in exhibit["rows"].items() for id in ids if RECORD.row(table, id).get("status") == "rumoured"]
            assert rumours == [], exhibit["id"]
            figure = (site / "exhibits" / f"{exhibit['id']}.json").read_text("utf-8")
            assert SYMBOL_OF_STATUS["rumoured"] not in figure, exhibit["id"]


def test_the_headline_of_a_company_is_the_highest_of_what_its_chart_draws(published: dict[str, dict[str, Any]]) -> None:
    """In each currency: none is dropped for another."""
    read = 0
    for id, exhibit in published.items():
        if not re.fullmatch(r"rounds-(?!table-).+", id):
            continue
        told = [row for row in RECORD.rows("ai/rounds", company=id.removeprefix("rounds-")) if row["kind"] != "talks" and row["status"] != "rumoured"]
        if exhibit["kind"] == "sentence":
            assert not any(row["post_money"] for row in told), id
            continue
        what, tops = exhibit["title"].split(": at the highest ")
        column = {"Value after the money": "post_money", "Money raised": "amount"}[what]
        drawn = rows_of(exhibit, "ai/rounds")
        assert {row["id"] for row in drawn} == {row["id"] for row in told if row[column]}, id
        highest = {}
        for row in sorted(drawn, key=lambda row: float(row[column])):
            highest[row["currency"]] = row
        found = [re.fullmatch(r"(.+) \((\w+ \d{4})\)", top) for top in tops.split(" and ")]
        said = [(amount(top[1])[0], datetime.strptime(top[2], "%B %Y").strftime("%Y-%m")) for top in found]  # type: ignore[index]
        assert len(said) == len(highest), id
        for row in highest.values():
            assert any(size == pytest.approx(float(row[column]), rel=0.005) and month == row["event_date"][:7] for size, month in said), id
        read += 1
    assert read > 15


def span(days: list[str]) -> str:
    first, last = min(days)[:4], max(days)[:4]
    return first if first == last else f"{first} to {last}"


def of_country(exhibit: dict[str, Any]) -> str:
    rows = rows_of(exhibit, "lithium/deals")
    return f"{len({row['deal_id'] for row in rows})} deals and talks, {span([row['event_date'] for row in rows])}"


def of_finances(exhibit: dict[str, Any]) -> str:
    return f"Revenue and result, {span([row['period_end'] for row in rows_of(exhibit, 'platform/financials')])}"


def of_ledger(exhibit: dict[str, Any]) -> str:
    verdicts = [row["verdict"] for row in RECORD.rows("claims/verdicts")]
    held, open_ = (sum(verdict in names for verdict in verdicts) for names in (SCALE[:2], SCALE[2:]))
    return f"{held} of {len(verdicts)} claims hold at least for the most part; {open_} cannot be settled by the record"


def of_evidence(exhibit: dict[str, Any]) -> str:
    count = len(rows_of(exhibit, "claims/evidence"))
    return f"{count} fact{'' if count == 1 else 's'} on this claim"


def of_moved(exhibit: dict[str, Any]) -> str:
    then, now = ({row["claim_id"]: row["verdict"] for row in RECORD.rows("claims/verdicts", day)} for day in ("2025-04-16", "latest"))
    # What was pending has been decided, and has not moved.
    moved = [claim for claim in then if then[claim] not in ("pending", now[claim])]
    return f"{len(moved)} verdicts differ between the day the article ran and today"


HEADLINES: list[tuple[str, Callable[[dict[str, Any]], str]]] = [
    (r"lithium-deals-[A-Z]{3}", of_country),
    (r"finances-(?!table-).+", of_finances),
    (r"ledger-verdicts", of_ledger),
    (r"evidence-c\d\d", of_evidence),
    (r"verdicts-moved", of_moved),
]


@pytest.mark.parametrize(("ids", "computed"), HEADLINES, ids=[ids for ids, _ in HEADLINES])
def test_a_headline_with_figures_agrees_with_the_rows(
    published: dict[str, dict[str, Any]], ids: str, computed: Callable[[dict[str, Any]], str]
) -> None:
    found = [exhibit for id, exhibit in published.items() if re.fullmatch(ids, id)]
    assert found
    for exhibit in found:
        assert exhibit["title"] == computed(exhibit), exhibit["id"]
