"""What must hold of verdicts, their rules and their evidence, on every day: said by `validate`."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from casebook.cited import typed_figures
from casebook.data.cells import day_fault, number_fault
from casebook.data.record import LATEST, Record, Row, split
from casebook.verdicts import BOUNDS, EVIDENCE_TABLE, RULES_TABLE, VERDICTS_TABLE, holds, is_day, steps_by_claim


def verdict_findings(record: Record) -> Iterator[str]:
    """What is wrong with verdicts and rules: on any day a claim has one verdict, and its rule a step for every value."""
    if VERDICTS_TABLE not in record.tables:
        return
    tables = [table for table in (RULES_TABLE, VERDICTS_TABLE) if table in record.tables]
    days = sorted({row["published_on"] for table in tables for row in record.all_rows(table)}, reverse=True)
    said: set[str] = set()
    for day in (LATEST, *days):
        stored: dict[str, list[Row]] = {}
        for row in record.rows(VERDICTS_TABLE, day):
            stored.setdefault(row["claim_id"], []).append(row)
        rules = steps_by_claim(record, day) if RULES_TABLE in record.tables else {}
        found = [*_verdict_faults(stored), *_rule_faults(rules, stored)]
        yield from (f"{fault}{'' if day == LATEST else f' (on {day})'}." for claim, fault in found if claim not in said)
        said |= {claim for claim, _ in found}
    if RULES_TABLE in record.tables:
        yield from _bound_findings(record.all_rows(RULES_TABLE))
    if EVIDENCE_TABLE in record.tables:
        yield from _evidence_findings(record)
    yield from typed_figures(record)


def _evidence_findings(record: Record) -> Iterator[str]:
    """What is said to support a claim and comes from whoever made it."""
    sources = {row["id"]: {*split(row["source_ids"])} for row in record.all_rows("claims/claims")}
    for row in record.rows(EVIDENCE_TABLE):
        if row["stance"] == "supports" and {*split(row["source_ids"])} <= sources[row["claim_id"]]:
            where = f"data/{EVIDENCE_TABLE}.csv, row {row['id']}, column source_ids"
            yield f"{where}: it supports {row['claim_id']} by the source of the claim itself; name another source, or call it context."


def _verdict_faults(stored: Mapping[str, list[Row]]) -> Iterator[tuple[str, str]]:
    for claim, rows in stored.items():
        if len(rows) > 1:
            where = f"data/{VERDICTS_TABLE}.csv, row {rows[1]['id']}, column supersedes"
            yield claim, f"{where}: {claim} has another verdict too, {rows[0]['id']}; let the later one supersede the earlier"


def _rule_faults(rules: Mapping[str, list[Row]], stored: Mapping[str, list[Row]]) -> Iterator[tuple[str, str]]:
    for claim, steps in rules.items():
        where, last = f"data/{RULES_TABLE}.csv, row", steps[-1]
        early = next((step for step in steps[:-1] if step["relation"] == "otherwise"), None)
        twice = next((step for step, before in zip(steps[1:], steps, strict=False) if step["step"] == before["step"]), None)
        if last["relation"] != "otherwise":
            yield claim, f"{where} {last['id']}, column relation: the last step of a rule is 'otherwise', so that every value has a verdict"
        elif early:
            yield claim, f"{where} {early['id']}, column relation: no step after 'otherwise' is ever reached; put it last"
        elif twice:
            yield claim, f"{where} {twice['id']}, column step: {claim} has two steps {twice['step']}; number them in their order"
        elif len({step["exhibit"] for step in steps}) != 1:
            yield claim, f"{where} {steps[0]['id']}, column exhibit: the steps of {claim} name different numbers; a rule rests on one"
        elif claim not in stored:
            yield claim, f"{where} {steps[0]['id']}, column claim_id: {claim} has a rule and no stored verdict; add one to {VERDICTS_TABLE}"


def _bound_findings(rows: list[Row]) -> Iterator[str]:
    """Bounds that are missing, needless, or nothing that a number or a day can be held against."""
    for row in rows:
        where, bounds = f"data/{RULES_TABLE}.csv, row {row['id']}, column", BOUNDS.get(row["relation"], ())
        if column := next((name for name in ("bound", "upper_bound") if bool(row[name]) != (name in bounds)), None):
            what = "is empty, and the step needs it; write it" if column in bounds else f"'{row[column]}' says nothing here; delete it"
            yield f"{where} {column}: the {column.replace('_', ' ')} of '{row['relation']}' {what}."
        elif wrong := next((name for name in bounds if number_fault(row[name]) and day_fault(row[name])), None):
            yield f"{where} {wrong}: '{row[wrong]}' is neither a number nor a day; write a plain number, or a day as YYYY-MM-DD."
        elif len(bounds) == 2 and is_day(row["bound"]) != is_day(row["upper_bound"]):
            yield f"{where} upper_bound: one bound is a day and the other is none; correct it."
        elif len(bounds) == 2 and not holds(row, row["bound"] if is_day(row["bound"]) else float(row["bound"])):
            yield f"{where} upper_bound: {row['upper_bound']} is below the bound, {row['bound']}; swap them."
