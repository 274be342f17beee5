"""Verdicts that a number settles: computed, compared, and refused by name when they part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.plan import plan
from casebook.project import Project
from casebook.publish import published
from casebook.verdicts import check_verdicts, first_that_holds, holds, rule_findings, steps_by_claim
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
    exhibits = published(plan(project, record, project.book), project.book)
    assert check_verdicts(record, exhibits, "latest") >= 18


def test_every_claim_has_a_page_whose_verdict_is_the_stored_one(site: object) -> None:
    project = Project(ROOT)
    record = Record(project.data)
    exhibits = published(plan(project, record, project.book), project.book)
    for verdict in record.rows("claims/verdicts"):
        shown = exhibits[verdict["claim_id"]]
        assert (shown["verdict"], shown["basis"]) == (verdict["verdict"], verdict["basis"])
    assert len(record.rows("claims/verdicts")) == len(record.rows("claims/claims"))


def test_a_number_that_moves_past_a_bound_is_said_with_both_verdicts_and_its_rows() -> None:
    record = Record(ROOT / "data")
    numbers = {steps[0]["exhibit"]: None for steps in steps_by_claim(record, "latest").values()}
    fine = {id: {"id": id, "value": 0.48, "text": "48%", "rows": {"platform/financials": ["a-row"]}} for id in numbers}
    broken = fine | {
        "x-revenue-fall": {"id": "x-revenue-fall", "value": 0.02, "text": "2%", "rows": {"platform/financials": ["twitter-x-revenue-2021"]}}
    }
    with pytest.raises(Problem) as raised:
        check_verdicts(record, {"x-revenue-fall": broken["x-revenue-fall"]}, "2026-11-23")
    (finding,) = raised.value.findings
    assert all(part in finding for part in ("c28 is 'supported'", "gives 'contradicted'", "x-revenue-fall = 2%", "twitter-x-revenue-2021"))


@pytest.mark.parametrize(
    ("column", "value", "says"),
    [("relation", "at_least", "the last step of a rule is 'otherwise'"), ("exhibit", "another", "name different numbers")],
)
def test_a_rule_must_be_whole(project: Project, column: str, value: str, says: str) -> None:
    edit_row(project.data / "claims/rules.csv", "r-c28-4", lambda row: row.update({column: value}))
    assert any(says in finding for finding in rule_findings(Record(project.data)))
