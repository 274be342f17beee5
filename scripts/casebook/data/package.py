"""datapackage.json: does it describe tables, and as strictly as the machine needs them?"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from casebook import shape
from casebook.errors import Problem
from casebook.files import load

NAME = "data/datapackage.json"
COLUMNS = json.loads((Path(__file__).parents[1] / "assets" / "columns.json").read_text("utf-8"))
"""What the machine needs of a column: `every` table's, `any` table's that has it, and of the tables it knows by name."""
REPEATS = re.compile(r"[*+]|\{(?!\d{1,3}\})")
MOST_REPEATS = 2


def descriptor(folder: Path) -> dict[str, Any]:
    """datapackage.json of the record under `folder`. Raises Problem, with a line for each fault, where the machine cannot use it."""
    package = load(folder / "datapackage.json", NAME)
    shape.check(package, "package", NAME)
    if found := list(_faults(package)):
        raise Problem(*(f"{NAME}: {fault}." for fault in found))
    return package


def _faults(package: dict[str, Any]) -> Iterator[str]:
    try:
        date.fromisoformat(package["created"][:10])
    except ValueError as error:
        yield f"created: '{package['created']}': {error}; correct it"
    tables = {resource["name"]: resource for resource in package["resources"]}
    if "sources" not in tables:
        yield "there is no table sources; describe one, with a row for each source"
    elif twice := _twice(package["resources"]):
        yield f"table {twice} is described twice; delete one"
    elif other := next((table for table, resource in tables.items() if resource["path"] != f"{table}.csv"), None):
        yield f"table {other}: its path is '{tables[other]['path']}', and a table's file has its name; write {other}.csv"
    else:
        for table, resource in tables.items():
            if again := _twice(resource["schema"]["fields"]):
                yield f"table {table}: the column {again} is described twice; delete one"
            elif "factKey" in resource and "coverage" not in resource:
                yield f"table {table}: it has a factKey and no coverage; say what was searched, where and until when, and what was not"
            else:
                found: dict[str, str] = {}
                for column, fault in _column_faults(resource, tables):
                    # One thing at a time: a second is often the first again.
                    found.setdefault(column, fault)
                yield from (f"table {table}{f', column {column}' if column else ''}: {fault}" for column, fault in found.items())


def _twice(described: list[dict[str, Any]]) -> str | None:
    """A name that two of what is described bear."""
    return next((name for name, count in Counter(one["name"] for one in described).items() if count > 1), None)


def _column_faults(resource: dict[str, Any], tables: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Faults of a table's columns, each with the column's name, which is empty where there is none."""
    table = resource["name"]
    fields = {field["name"]: field for field in resource["schema"]["fields"]}
    refers = {}
    for key in resource["schema"].get("foreignKeys", []):
        (column,), target = key["fields"], key["reference"]["resource"] or table
        refers[column] = target
        if column not in fields:
            yield "", f"a foreign key names the column '{column}', which it does not have; correct it"
        elif target not in tables:
            yield column, f"its foreign key names the table '{target}', which is not there; correct it"
    yield from _needs(table, fields, refers)
    for name, field in fields.items():
        target = field.get("references")
        if target is not None and (target not in tables or field["type"] != "list"):
            yield name, f"it references '{target}'; only a list does, and a table that is there"
        yield from ((name, fault) for fault in _rule_faults(field))


def _rule_faults(field: dict[str, Any]) -> Iterator[str]:
    """Constraints that cannot be held against a cell."""
    rules = field.get("constraints", {})
    least, most = rules.get("minimum"), rules.get("maximum")
    if (least is not None or most is not None) and field["type"] not in ("number", "integer"):
        yield f"a {field['type']} has no minimum or maximum; take it out"
    elif least is not None and most is not None and least > most:
        yield f"its minimum {least} is above its maximum {most}; correct them"
    if pattern := rules.get("pattern"):
        # Groups and many repeats can take longer than anybody waits.
        bare = re.sub(r"\\.|\[\^?\]?[^\]]*\]", "x", pattern)
        try:
            re.compile(pattern)
        except (re.error, OverflowError, RecursionError) as error:
            yield f"its pattern '{pattern}' is not a regular expression ({error}); correct it"
            return
        if "(" in bare or len(REPEATS.findall(bare)) > MOST_REPEATS:
            yield f"its pattern '{pattern}' has a group, or more than {MOST_REPEATS} repeats (*, +, {{1,}}); write a simpler one, or an enum"


def _needs(table: str, fields: Mapping[str, Any], refers: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """What the machine needs of a table's columns and the descriptor does not say."""
    own, every = COLUMNS.get(table, {}), COLUMNS["every"]
    wanted = {name: COLUMNS["any"][name] for name in fields if name in COLUMNS["any"]} | every | own
    if table == "sources":
        del wanted["source_ids"]
    for name, need in wanted.items():
        if name in fields:
            own_table = {"references": table} if need.get("references") == "." else {}
            for lack in _lacks(need | own_table, fields[name] | {"refers": refers.get(name)}):
                yield name, f"it needs {lack}; write it so"
        else:
            yield "", f"the column {name} is missing; {'every table needs it' if name in every else 'this table needs it'}"


def _lacks(need: Mapping[str, Any], said: Mapping[str, Any], within: str = "") -> Iterator[str]:
    for key, value in need.items():
        there = said.get(key)
        if isinstance(value, dict):
            yield from _lacks(value, there or {}, f"{key}.")
        elif key == "enum":
            if not there or set(there) - set(value):
                yield f"{within}enum with none but {', '.join(value)}"
        elif there != value:
            name = "a foreign key to" if key == "refers" else f"{within}{key}"
            yield f"{name} {json.dumps(value)}"


def rule_changes(before: dict[str, Any], after: dict[str, Any]) -> Iterator[str]:
    """What the descriptor `after` no longer asks of tables and columns as `before` did, a line each; more rules are no change."""
    tables = {resource["name"]: resource for resource in after["resources"]}
    for resource in before["resources"]:
        table = resource["name"]
        if table not in tables:
            yield f"{table}: the table is gone"
            continue
        was, now = _rules(resource), _rules(tables[table])
        for (column, rule), value in was.items():
            if column and (column, "type") not in now:
                if rule == "type":
                    yield f"{table}, column {column}: the column is gone"
            elif (column, rule) not in now:
                yield f"{table}{f', column {column}' if column else ''}: {rule} {json.dumps(value)} is taken out"
            elif now[column, rule] != value:
                yield f"{table}{f', column {column}' if column else ''}: {rule} was {json.dumps(value)} and is {json.dumps(now[column, rule])}"


def _rules(resource: dict[str, Any]) -> dict[tuple[str, str], Any]:
    """What a table's descriptor asks of its columns, and, under an empty name, of the table."""
    schema = resource["schema"]
    found = {("", name): value for name, value in (("primaryKey", schema.get("primaryKey")), ("factKey", resource.get("factKey"))) if value}
    for field in schema["fields"]:
        rules = {name: field[name] for name in ("type", "itemType", "references", "format", "unit", "of") if name in field}
        found |= {(field["name"], rule): value for rule, value in (rules | field.get("constraints", {})).items()}
    for key in schema.get("foreignKeys", []):
        found[key["fields"][0], "foreign key to"] = key["reference"]["resource"] or resource["name"]
    return found
