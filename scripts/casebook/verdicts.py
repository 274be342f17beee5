"""Verdicts that a number can settle: computed from the rules in the record, held against those that editors stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from casebook.data.cells import day_fault
from casebook.data.record import LATEST, Record, Row
from casebook.errors import Problem, meant, some
from casebook.format import Units

CLAIMS_TABLE, RULES_TABLE, VERDICTS_TABLE, FLIPS_TABLE = "claims/claims", "claims/rules", "claims/verdicts", "claims/flips"
EVIDENCE_TABLE = "claims/evidence"
# What a forecast bears until its day: where it comes to, or from, that, no verdict has moved.
PENDING = "pending"
VERDICTS = {
    "supported": "Supported",
    "mostly-supported": "Mostly supported",
    "partly": "Partly supported",
    "unsupported": "Unsupported",
    "contradicted": "Contradicted",
    "unproven": "Unproven",
    "pending": "Pending",
    "not-checkable": "Not checkable",
}
# The bounds that a step of each relation has.
BOUNDS = {"at_least": ("bound",), "at_most": ("bound",), "before": ("bound",), "between": ("bound", "upper_bound")}
MEANINGS = {
    "supported": "the record shows it",
    "mostly-supported": "the record shows it, but for a part that is named",
    "partly": "some of it holds and some does not",
    "unsupported": "we looked where evidence should exist and found none",
    "contradicted": "the record shows otherwise",
    "unproven": "it may be true; nothing on record establishes it",
    "pending": "a forecast whose day had not come",
    "not-checkable": "no record could settle it",
}


def check_verdicts(record: Record, exhibits: Mapping[str, dict[str, Any]], as_of: str) -> int:
    """Compare every computed verdict of the edition with the stored one; return how many were computed.

    A rule whose number the edition does not publish computes nothing there: the editor's verdict stands.
    Raises Problem, with both verdicts and the rows behind the number, for each that no longer agrees; and, in today's book,
    for each claim and rule that names what no page publishes.
    """
    if RULES_TABLE not in record.tables:
        return 0
    if as_of == LATEST and (unknown := [*_unknown_exhibits(record, exhibits)]):
        raise Problem(*unknown)
    stored = {row["claim_id"]: row for row in record.rows(VERDICTS_TABLE, as_of)}
    findings, computed = [], 0
    for claim, steps in steps_by_claim(record, as_of).items():
        number = exhibits.get(steps[0]["exhibit"])
        if number is None:
            continue
        computed += 1
        if other := next((step for step in steps if step["bound"] and is_day(step["bound"]) != isinstance(number["value"], str)), None):
            findings.append(
                f"data/{RULES_TABLE}.csv, row {other['id']}, column bound: '{other['bound']}' cannot be held against '{number['id']}', "
                f"which is {number['text']}; a day is held against a day, and a number against a number."
            )
            continue
        try:
            for step in steps:
                in_words(step, record.units, number["unit"])
        except Problem as problem:
            findings.append(f"data/{RULES_TABLE}.csv, row {step['id']}: its bound is held against the number '{number['id']}': {problem}")
            continue
        step = first_that_holds(steps, number["value"])
        verdict = stored[claim]
        if step["verdict"] != verdict["verdict"]:
            rows = "; ".join(f"{table}: {some(ids)}" for table, ids in number["rows"].items())
            findings.append(
                f"data/{VERDICTS_TABLE}.csv, row {verdict['id']}: the stored verdict on {claim} is '{verdict['verdict']}', but {step['id']} gives "
                f"'{step['verdict']}' from {number['id']} = {number['text']}, made of {rows}; look at these rows, or add a verdict that supersedes it."
            )
    if findings:
        raise Problem(*findings)
    return computed


def _unknown_exhibits(record: Record, exhibits: Mapping[str, dict[str, Any]]) -> Iterator[str]:
    """A line for each claim that names no exhibit of the book, and for each rule that names none of its numbers."""
    rules = (steps[0] for steps in steps_by_claim(record, LATEST).values())
    numbers = {id for id, exhibit in exhibits.items() if exhibit["kind"] == "number"}
    for table, rows, what, known in (
        (CLAIMS_TABLE, record.rows(CLAIMS_TABLE), "exhibit", exhibits.keys()),
        (RULES_TABLE, rules, "number", numbers),
    ):
        for row in rows:
            if row["exhibit"] and row["exhibit"] not in known:
                hint = meant(row["exhibit"], known, "publish it in a notebook, or correct the id.")
                yield f"data/{table}.csv, row of '{row['id']}', column exhibit: no page publishes the {what} '{row['exhibit']}'; {hint}"


def steps_by_claim(record: Record, as_of: str) -> dict[str, list[Row]]:
    """The steps of each claim's rule, in their order."""
    found: dict[str, list[Row]] = {}
    for row in sorted(record.rows(RULES_TABLE, as_of), key=lambda row: (row["claim_id"], int(row["step"]))):
        found.setdefault(row["claim_id"], []).append(row)
    return found


def flips_of(record: Record, claim: str, as_of: str) -> list[Row]:
    """The rows, none of them on record, that would move the computed verdict on a claim."""
    return record.rows(FLIPS_TABLE, as_of, claim_id=claim) if FLIPS_TABLE in record.tables else []


def first_that_holds(steps: list[Row], value: float | str) -> Row:
    """The first step whose relation the value satisfies; the last of a rule is `otherwise`."""
    return next(step for step in steps if holds(step, value))


def holds(step: Row, value: float | str) -> bool:
    """Whether the value satisfies one step. Days compare as ISO text, all else as numbers."""

    def bound(name: str) -> Any:
        return step[name] if isinstance(value, str) else float(step[name])

    match step["relation"]:
        case "at_least":
            return bool(value >= bound("bound"))
        case "at_most":
            return bool(value <= bound("bound"))
        case "before":
            return bool(value < bound("bound"))
        case "between":
            return bool(bound("bound") <= value <= bound("upper_bound"))
    return True


def in_words(step: Row, units: Units, unit: str) -> str:
    """A step as readers meet it, its bounds in the unit of the number. Raises Problem for a bound that the unit cannot print."""
    match step["relation"]:
        case "at_least" | "at_most" | "before":
            return f"{step['relation'].replace('_', ' ')} {units.exact(step['bound'], unit)}"
        case "between":
            return f"from {units.exact(step['bound'], unit)} to {units.exact(step['upper_bound'], unit)}"
    return "otherwise"


def beside_bounds(number: Mapping[str, Any], steps: list[Row], units: Units) -> str:
    """A number as it is printed beside its rule: with figures enough to tell it from each bound that it is not."""
    if isinstance(number["value"], str):
        return units.text(number["value"], number["unit"])
    return units.text(number["value"], number["unit"], [float(step[name]) for step in steps for name in ("bound", "upper_bound") if step[name]])


def is_day(bound: str) -> bool:
    """Whether a bound is a day; else it is a number."""
    return day_fault(bound) is None
