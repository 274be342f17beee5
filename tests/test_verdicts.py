"""Verdicts that a number settles: computed, compared, and refused by name when they part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.cited import filled, numbers_of
from casebook.data.record import Record
from casebook.errors import Problem
from casebook.plan import plan
from casebook.project import Project
from casebook.publish import all_exhibits
from casebook.verdict_findings import verdict_findings
from casebook.verdicts import beside_bounds, check_verdicts, first_that_holds, holds, in_words, steps_by_claim
from tests.conftest import ROOT, edit_row


def step(relation: str, bound: object = "", upper: object = "", verdict: str = "v") -> dict[str, str]:
    return {"relation": relation, "bound": str(bound), "upper_bound": str(upper), "verdict": verdict}


@given(value=st.floats(-1e12, 1e12), bound=st.floats(-1e12, 1e12))
def test_relations_mean_what_they_say(value: float, bound: float) -> None:
    assert holds(step("at_least", bound), value) == (value >= bound)
    assert holds(step("at_most", bound), value) == (value <= bound)
    assert holds(step("between", bound, bound), value) == (value == bound)
    assert holds(step("otherwise"), value)


def test_days_compare_as_days_and_the_first_step_wins() -> None:
    steps = [step("before", "2022-01-01", verdict="supported"), step("otherwise", verdict="contradicted")]
    assert first_that_holds(steps, "2021-12-31")["verdict"] == "supported"
    assert first_that_holds(steps, "2022-01-31")["verdict"] == "contradicted"


def test_at_least_eighteen_claims_are_computed_and_agree(site: object) -> None:
    project = Project(ROOT)
    record = Record(project.data)
    exhibits = all_exhibits(plan(project, record, project.book), project.book)
    assert check_verdicts(record, exhibits, "latest") >= 18


def test_every_claim_has_a_page_whose_verdict_is_the_stored_one(site: object) -> None:
    project = Project(ROOT)
    record = Record(project.data)
    exhibits = all_exhibits(plan(project, record, project.book), project.book)
    for verdict in record.rows("claims/verdicts"):
        shown = exhibits[verdict["claim_id"]]
        assert (shown["verdict"], shown["basis"]) == (verdict["verdict"], filled(verdict["basis"], numbers_of(exhibits)))
    assert len(record.rows("claims/verdicts")) == len(record.rows("claims/claims"))


def test_a_number_that_moves_past_a_bound_is_said_with_both_verdicts_and_its_rows() -> None:
    record = Record(ROOT / "data")
    numbers = {steps[0]["exhibit"]: None for steps in steps_by_claim(record, "latest").values()}
    fine = {id: {"id": id, "value": 0.48, "unit": "share", "text": "48%", "rows": {"platform/financials": ["a-row"]}} for id in numbers}
    broken = fine | {
        "x-revenue-fall": {
            "id": "x-revenue-fall",
            "value": 0.02,
            "unit": "share",
            "text": "2%",
            "rows": {"platform/financials": ["twitter-x-revenue-2021"]},
        }
    }
    with pytest.raises(Problem) as raised:
        check_verdicts(record, {"x-revenue-fall": broken["x-revenue-fall"]}, "2026-11-23")
    (finding,) = raised.value.findings
    assert all(part in finding for part in ("c28 is 'supported'", "gives 'contradicted'", "x-revenue-fall = 2%", "twitter-x-revenue-2021"))


@pytest.mark.parametrize(
    ("file", "row", "names", "says"),
    [
        ("rules", "rule-c05-1", "c05-firmest", "the number 'c05-firmest'; did you mean 'c05-firmest-step'?"),
        ("rules", "rule-c05-1", "x-revenue", "the number 'x-revenue'; did you mean 'x-revenue-fall'?"),
        ("claims", "c05", "tesla-lithum", "the exhibit 'tesla-lithum'; did you mean 'tesla-lithium'?"),
    ],
)
def test_a_rule_or_claim_that_names_what_no_page_publishes_is_one_line(project: Project, file: str, row: str, names: str, says: str) -> None:
    record = Record(project.data)
    exhibits: dict[str, dict[str, object]] = {claim["exhibit"]: {"kind": "chart"} for claim in record.rows("claims/claims")}
    exhibits |= {steps[0]["exhibit"]: {"kind": "number"} for steps in steps_by_claim(record, "latest").values()}
    edit_row(project.data / f"claims/{file}.csv", row, lambda cells: cells.update(exhibit=names))
    with pytest.raises(Problem) as raised:
        check_verdicts(Record(project.data), exhibits, "latest")
    assert raised.value.findings == (f"data/claims/{file}.csv, row of '{row}', column exhibit: no page publishes {says}",)


def test_a_bound_that_its_number_cannot_have_is_refused_by_row() -> None:
    record = Record(ROOT / "data")
    number = {"id": "x-revenue-fall", "value": 3, "unit": "count", "text": "3", "rows": {"platform/financials": ["a-row"]}}
    with pytest.raises(Problem, match=r"data/claims/rules.csv, row r-c28-\d: its bound .* 'x-revenue-fall': 0\.\d+ is a fraction"):
        check_verdicts(record, {"x-revenue-fall": number}, "2026-11-23")


def test_a_rule_prints_its_number_so_that_it_is_told_from_its_bounds() -> None:
    units = Record(ROOT / "data").units
    steps = [step("at_least", 0.5), step("between", 0.485, 0.5), step("otherwise")]
    assert [in_words(each, units, "share") for each in steps] == ["at least 50%", "from 48.5% to 50%", "otherwise"]
    assert beside_bounds({"value": 0.4996, "unit": "share"}, steps, units) == "49.96%"
    days = [step("before", "2022-01-01")]
    assert in_words(days[0], units, "date") == "before 1 January 2022"
    assert beside_bounds({"value": "2022-01-31", "unit": "date"}, days, units) == "31 January 2022"


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [("relation", "at_least", "the last step of a rule is 'otherwise'"), ("exhibit", "another", "name different numbers")],
)
def test_a_rule_must_be_whole(project: Project, column: str, value: str, says: str) -> None:
    edit_row(project.data / "claims/rules.csv", "rule-c28-4", lambda row: row.update({column: value}))
    assert any(says in finding for finding in verdict_findings(Record(project.data)))


def test_of_many_rows_behind_a_verdict_five_are_named(starter: Project) -> None:
    rows = {"water/use": [f"row-{n:03}" for n in range(423)]}
    number = {"id": "easton-change", "kind": "number", "value": 0.5, "unit": "share", "text": "50%", "rows": rows}
    with pytest.raises(Problem) as refused:
        check_verdicts(Record(starter.data), {"easton-change": number, "water-use": {"id": "water-use", "kind": "chart"}}, "latest")
    (finding,) = refused.value.findings
    assert "made of water/use: row-000, row-001, row-002, row-003, row-004 and 418 more; look at these rows" in finding
    assert len(finding) < 400
