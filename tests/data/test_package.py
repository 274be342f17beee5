"""Mistakes in datapackage.json: each is one line that names table, column and remedy, whatever else the file says."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casebook.data.package import rule_changes
from casebook.data.validate import validate
from casebook.errors import Problem
from tests.data.household import described, field, make, resource

BILLS = "data/datapackage.json: table water/bills"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return make(tmp_path)


def bills(change: Callable[[Any], object]) -> Callable[[Path], None]:
    return described(lambda package: change(resource(package, "water/bills")))


def column(column: str, /, **said: Any) -> Callable[[Path], None]:
    return described(lambda package: field(package, "water/bills", column).update(said))


def rule(name: str, **constraints: Any) -> Callable[[Path], None]:
    return column(name, constraints=constraints)


def without(table: str, name: str, *keys: str) -> Callable[[Path], None]:
    """A mistake: a constraint, or the like, taken out of a column's descriptor."""

    def change(package: dict[str, Any]) -> None:
        inner = field(package, table, name)
        for key in keys[:-1]:
            inner = inner[key]
        del inner[keys[-1]]

    return described(change)


def text(change: Callable[[str], str]) -> Callable[[Path], None]:
    return lambda data: (data / "datapackage.json").write_text(change((data / "datapackage.json").read_text("utf-8")), "utf-8") and None


MISTAKES: dict[str, tuple[Callable[[Path], None], str]] = {
    # The file
    "a comma too many": (text(lambda t: t.replace("{", "{,", 1)), "data/datapackage.json, line 1, column 2: not valid JSON here"),
    "cut short": (text(lambda t: t[:-40]), "not valid JSON here"),
    "a list": (text(lambda t: f"[{t}]"), "data/datapackage.json: this list must be keys with values."),
    "empty": (text(lambda t: ""), "data/datapackage.json, line 1, column 1: not valid JSON here"),
    "facts without a word on what was searched": (bills(lambda t: t.update(factKey=["company"])), f"{BILLS}: it has a factKey and no coverage; say what was searched, where and until when, and what was not."),
    "a key twice": (text(lambda t: t.replace("{", '{"name": "other",', 1)), "(the key 'name' is used twice in one object); correct it."),
    "nested deep": (text(lambda t: t.replace("{", '{"x": ' + "[" * 5000 + "]" * 5000 + ",", 1)), "it is nested more than 30 deep"),
    "nested deeper": (text(lambda t: "[" * 900_000), "it is nested more than 30 deep"),
    "a huge integer": (text(lambda t: t.replace("{", '{"x": ' + "9" * 9000 + ",", 1)), "999999999999999999... is not a number"),
    "a huge file": (text(lambda t: t + " " * 3_000_000), "it is larger than 2000 kB, which nobody writes by hand; split it."),
    "no number": (text(lambda t: t.replace("{", '{"x": NaN,', 1)), "NaN is not a number"),
    "a letter that turns the line": (text(lambda t: t.replace("litres", "li\u202etres", 1)), "invisible character U+202E; delete it."),
    "the same by an escape": (text(lambda t: t.replace("litres", "li\\u202etres", 1)), "invisible character U+202E in 'li'; delete it."),
    "half a letter": (text(lambda t: t.replace("litres", "li\\ud800tres", 1)), "invisible character U+D800"),
    "a day that is none": (described(lambda p: p.update(created="2026-02-31T00:00:00Z")), "created: '2026-02-31T00:00:00Z': day is out of range for month"),
    "the last of all days": (described(lambda p: p.update(created="9999-12-31T00:00:00Z")), "is not a moment such as 2026-11-23T00:00:00Z"),
    # Tables
    "no tables": (described(lambda p: p.update(resources=[])), "data/datapackage.json: resources: it is empty; fill it in."),
    "no sources": (
        described(lambda p: p["resources"].remove(resource(p, "sources"))), "data/datapackage.json: there is no table sources; describe one"
    ),
    "a table twice": (described(lambda p: p["resources"].append(p["resources"][0])), "table sources is described twice; delete one."),
    "a table of another name": (bills(lambda r: r.update(name="water/bill")), "table water/bill: its path is 'water/bills.csv', and a table's file has its name"),
    "a path out of data": (bills(lambda r: r.update(path="../../../etc/passwd")), "resources, water/bills, path: '../../../etc/passwd' is not the name of a file below data/"),
    "a very long path": (bills(lambda r: r.update(path="a" * 5000 + ".csv")), "resources, water/bills, path: it is longer than 104; shorten it."),
    "a name with a space": (bills(lambda r: r.update(name="water bills")), "'water bills' is not a name of lower-case letters, digits"),
    "no title": (bills(lambda r: r.pop("title")), "resources, water/bills: the key 'title' is missing; add it."),
    "a form of its own": (bills(lambda r: r.update(dialect={"delimiter": ";"})), "every table has commas, double quotes and one header"),
    "rows in place of a file": (bills(lambda r: r.update(data=[["id"]])), "data: take it out: the rows of a table stand in its file."),
    "another encoding": (bills(lambda r: r.update(encoding="latin-1")), "encoding: 'latin-1' must be 'utf-8'."),
    "no file": (lambda data: (data / "water/bills.csv").unlink(), "data/water/bills.csv: the file is missing; restore it, or take the table out"),
    # Columns
    "a column twice": (bills(lambda r: r["schema"]["fields"].append(r["schema"]["fields"][-1])), f"{BILLS}: the column note is described twice; delete one."),
    "a column of no kind": (column("amount", type="money"), "resources, water/bills, schema, fields, amount, type: 'money' is not one of boolean, date"),
    "a column with a formula for a name": (column("amount", name="=1+1"), "'=1+1' is not a name of lower-case letters, digits and underscores"),
    "a column without a word": (without("water/bills", "amount", "description"), "fields, amount: the key 'description' is missing; add it."),
    "a column that the file has not": (column("amount", name="sum"), "data/water/bills.csv, row 1: column 'sum' is missing"),
    # Rules
    "a rule that is none": (rule("amount", minLength=3), "fields, amount, constraints: unknown key 'minLength'; use enum, maximum, minimum, pattern, required and unique."),
    "a rule in words": (rule("amount", required="yes"), "constraints, required: 'yes' must be true or false."),
    "a broken pattern": (rule("payer", pattern="[a-"), f"{BILLS}, column payer: its pattern '[a-' is not a regular expression"),
    "a pattern that never ends": (rule("payer", pattern="(a+)+$"), "column payer: its pattern '(a+)+$' has a group, or more than 2 repeats"),
    "a pattern of many repeats": (rule("payer", pattern=".*.*.*.*.*x"), "has a group, or more than 2 repeats"),
    "a pattern that counts far": (rule("payer", pattern="a{99999999999}"), "its pattern"),
    "a minimum on text": (rule("payer", minimum=3), f"{BILLS}, column payer: a string has no minimum or maximum; take it out."),
    "a minimum in words": (rule("amount", minimum="three"), "constraints, minimum: 'three' must be a number."),
    "a minimum above the maximum": (rule("amount", minimum=3, maximum=1), "column amount: its minimum 3 is above its maximum 1; correct them."),
    "an enum of nothing": (rule("payer", enum=[]), "constraints, enum: it is empty; fill it in."),
    "an enum that the file does not keep": (rule("payer", enum=["City"]), "row 2, column payer and 6 more: 'Households' is not one of City; use one of these, or add it"),
    # Keys
    "an unknown table in a key": (
        bills(lambda r: r["schema"]["foreignKeys"][0]["reference"].update(resource="entitys")),
        f"{BILLS}, column company: its foreign key names the table 'entitys', which is not there; correct it.",
    ),
    "an unknown column in a key": (bills(lambda r: r["schema"]["foreignKeys"][0].update(fields=["compny"])), f"{BILLS}: a foreign key names the column 'compny'"),
    "an unknown table in a list": (column("supersedes", references="water/bill"), f'{BILLS}, column supersedes: it needs references "water/bills"; write it so.'),
    "an unknown table in a list of our own": (
        bills(lambda r: r["schema"]["fields"].append({"name": "x", "type": "list", "description": "x", "references": "water/bill"})),
        f"{BILLS}, column x: it references 'water/bill'; only a list does, and a table that is there.",
    ),
    # What the machine needs, taken out in the same change
    "ids that need not be": (without("water/bills", "id", "constraints", "required"), f"{BILLS}, column id: it needs constraints.required true; write it so."),
    "ids that may be twice": (without("water/bills", "id", "constraints", "unique"), f"{BILLS}, column id: it needs constraints.unique true; write it so."),
    "ids of any form": (without("water/bills", "id", "constraints", "pattern"), 'column id: it needs constraints.pattern "[a-z0-9][a-z0-9.-]*"; write it so.'),
    "no primary key": (bills(lambda r: r["schema"].pop("primaryKey")), "resources, water/bills, schema: the key 'primaryKey' is missing; add it."),
    "rows without sources": (without("water/bills", "source_ids", "constraints"), f"{BILLS}, column source_ids: it needs constraints.required true"),
    "sources that are not asked for": (without("water/bills", "source_ids", "references"), 'column source_ids: it needs references "sources"; write it so.'),
    "sources in words": (column("source_ids", type="string"), f'{BILLS}, column source_ids: it needs type "list"; write it so.'),
    "rows that supersede another table's": (column("supersedes", references="water/use"), f'{BILLS}, column supersedes: it needs references "water/bills"'),
    "rows of no day": (without("water/bills", "published_on", "constraints"), f"{BILLS}, column published_on: it needs constraints.required true"),
    "days in words": (column("published_on", type="string"), f'{BILLS}, column published_on: it needs type "date"; write it so.'),
    "no sources at all": (bills(lambda r: r["schema"]["fields"].remove(next(f for f in r["schema"]["fields"] if f["name"] == "source_ids"))),
                          f"{BILLS}: the column source_ids is missing; every table needs it."),
    "addresses in words": (without("sources", "url", "format"), 'table sources, column url: it needs format "uri"; write it so.'),
    "verdicts of any claim": (described(lambda p: resource(p, "claims/verdicts")["schema"].pop("foreignKeys")),
                              'table claims/verdicts, column claim_id: it needs a foreign key to "claims/claims"; write it so.'),
    "verdicts of any word": (without("claims/verdicts", "verdict", "constraints", "enum"), "column verdict: it needs constraints.enum with none but supported, mostly"),
    "a verdict of our own": (
        described(lambda p: field(p, "claims/verdicts", "verdict")["constraints"]["enum"].append("true-ish")), "it needs constraints.enum with none but supported"
    ),
    "a relation that nobody computes": (
        described(lambda p: field(p, "claims/rules", "relation")["constraints"]["enum"].append("about")), "with none but at_least, at_most, before, between, otherwise"
    ),
    # Beside the tables
    "a table that is not described": (
        lambda data: (data / "water/Leaks.csv").write_text("id\n") and None,
        "data/water/Leaks.csv: datapackage.json does not describe this table; run `.venv/bin/casebook add-table water/Leaks`, or move the file out of data/.",
    ),
    "a pipe for a table": (lambda data: (data / "water/use.csv").unlink() or os.mkfifo(data / "water/use.csv"), "data/water/use.csv: it is not a plain file; put one there."),
    "a folder for a table": (lambda data: (data / "water/use.csv").unlink() or (data / "water/use.csv").mkdir(), "data/water/use.csv: it is not a plain file"),
    "a pipe for the descriptor": (
        lambda data: (data / "datapackage.json").unlink() or os.mkfifo(data / "datapackage.json"), "data/datapackage.json: it is not a plain file; put one there."
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line(data: Path, mistake: str) -> None:
    spoil, said = MISTAKES[mistake]
    spoil(data)
    with pytest.raises(Problem) as refused:
        validate(data)
    (line, *more) = refused.value.findings
    assert said in line and not more, refused.value.findings
    assert line.startswith("data/") and "\n" not in line and len(line) < 400 and str(data) not in line


LOOSENED: dict[str, tuple[Callable[[Path], None], list[str]]] = {
    "nothing": (described(lambda p: None), []),
    "more rules": (rule("payer", required=True, enum=["Households"]), []),
    "a new column and a new table": (
        described(lambda p: (resource(p, "water/bills")["schema"]["fields"].append({"name": "x", "type": "string"}), p["resources"].append({"name": "n"}))), []
    ),
    "a maximum": (rule("households", minimum=0), ["water/bills, column households: maximum 1000000 is taken out"]),
    "a minimum lowered": (rule("households", minimum=-5, maximum=1000000), ["water/bills, column households: minimum was 0 and is -5"]),
    "all of a column": (
        without("claims/evidence", "stance", "constraints"),
        [
            "claims/evidence, column stance: required true is taken out",
            'claims/evidence, column stance: enum ["supports", "contradicts", "context"] is taken out',
        ],
    ),
    "a word more": (
        described(lambda p: field(p, "claims/evidence", "stance")["constraints"]["enum"].append("x")),
        ['claims/evidence, column stance: enum was ["supports", "contradicts", "context"] and is ["supports", "contradicts", "context", "x"]'],
    ),
    "a kind": (column("amount", type="string"), ['water/bills, column amount: type was "number" and is "string"']),
    "a foreign key": (bills(lambda r: r["schema"].pop("foreignKeys")), ['water/bills, column company: foreign key to "entities" is taken out']),
    "a column": (bills(lambda r: r["schema"]["fields"].pop(1)), ["water/bills, column company: the column is gone"]),
    "a table": (described(lambda p: p["resources"].remove(resource(p, "methods/checks"))), ["methods/checks: the table is gone"]),
}  # fmt: skip


@pytest.mark.parametrize("change", LOOSENED)
def test_a_rule_that_is_loosened_is_told(data: Path, change: str) -> None:
    before = json.loads((data / "datapackage.json").read_text("utf-8"))
    make_change, told = LOOSENED[change]
    make_change(data)
    found = list(rule_changes(before, json.loads((data / "datapackage.json").read_text("utf-8"))))
    assert found == told
