"""Who acts, holds, owes, counts or is counted is an entity, by its id: nothing hangs on how a name is spelt."""

from __future__ import annotations

from typing import Any

import pytest

from casebook import exhibits
from casebook import notebook as nb
from casebook.data.record import split
from casebook.files import load
from casebook.project import Project
from casebook.what_if import apply
from tests.conftest import RECORD, ROOT, edit_rows

# Columns of people and bodies, and whether a cell may be empty.
KEYS = {
    "lithium/ventures": {"holder": False},
    "lithium/deals": {"holder": False},
    "lithium/bolivia_events": {"actor_id": True, "subject": True},
    "platform/debt": {"party_id": False, "debtor": False},
    "platform/events": {"actor_id": False},
    "platform/stakes": {"holder": False, "company": False},
    "platform/valuation_marks": {"holder_id": False},
    "government/awards": {"agency_id": False},
    "government/channels": {"agency": False},
    "influence/figures": {"counted_by": False, "subject": False},
}
# What is printed of them. It names no fact.
PRINTED = {
    "lithium/deals": "counterparty",
    "lithium/bolivia_events": "actor",
    "platform/debt": "party",
    "platform/events": "actor",
    "platform/valuation_marks": "holder",
    "government/awards": "agency",
}


@pytest.mark.parametrize("table", KEYS)
def test_a_column_of_people_and_bodies_holds_ids_of_entities_and_its_schema_says_so(table: str) -> None:
    known = {row["id"] for row in RECORD.all_rows("entities")}
    keys = RECORD.tables[table]["schema"].get("foreignKeys", [])
    referring = {key["fields"][0] for key in keys if key["reference"]["resource"] == "entities"}
    referring |= {name for name, field in RECORD.fields(table).items() if field.get("references") == "entities"}
    assert set(KEYS[table]) <= referring
    for row in RECORD.all_rows(table):
        for column, may_be_empty in KEYS[table].items():
            assert set(split(row[column])) <= known, (row["id"], column)
            assert row[column] or may_be_empty, (row["id"], column)


@pytest.mark.parametrize("table", PRINTED)
def test_what_is_printed_tells_no_fact_apart(table: str) -> None:
    assert PRINTED[table] not in RECORD.tables[table]["factKey"]
    assert RECORD.fields(table)[PRINTED[table]].get("of") != "fact"


def test_the_steps_of_a_deal_are_by_its_holders_and_in_its_countries() -> None:
    deals = {row["id"]: row for row in RECORD.rows("lithium/ventures")}
    steps = RECORD.rows("lithium/deals")
    for column in ("holder", "country_iso3"):
        said = {(step["deal_id"], item) for step in steps for item in split(step[column])}
        assert said == {(id, item) for id, deal in deals.items() for item in split(deal[column])}


def test_the_regulator_is_asked_for_the_filers_that_the_entities_are() -> None:
    filers = load(ROOT / "data" / "refresh.yml", "data/refresh.yml")["sources"]["sec"]["companies"]
    assert {id: RECORD.entity(id)["cik"] for id in filers} == {id: str(cik) for id, cik in filers.items()}


def test_a_counterparty_by_another_spelling_is_the_same_holder(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Talks in Bolivia that would move claim 5 move it also where they are told of "Tesla, Inc."."""
    apply(project.data, ["c05-up-1"])
    edit_rows(project.data / "lithium" / "deals.csv", lambda row: row.update(counterparty=row["counterparty"].replace("Tesla", "Tesla, Inc.")))
    steps = RECORD.rows("lithium/deals", holder="tesla")
    found = numbers(project, "lithium/tesla", monkeypatch) | numbers(project, "claims/measures", monkeypatch)
    assert (found["c05-firmest-step"], found["tesla-bolivia"]) == (2, 1)
    assert found["tesla-deals"] == 1 + len({step["deal_id"] for step in steps if step["status"] != "rumoured"})


def numbers(project: Project, notebook: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, float]:
    """The numbers that a notebook publishes, run in this process."""
    published: list[dict[str, Any]] = []
    monkeypatch.chdir(project.root)
    monkeypatch.setattr(exhibits, "display", lambda bundle, raw: published.append(bundle[exhibits.EXHIBIT_MIME]))
    names: dict[str, Any] = {}
    for cell in nb.load(project.notebooks, notebook).cells:
        if cell.cell_type == "code":
            exec(cell.source, names)
    return {exhibit["id"]: exhibit["value"] for exhibit in published if exhibit["kind"] == "number"}
