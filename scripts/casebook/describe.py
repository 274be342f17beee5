"""A new table of the record: its columns are read from its CSV, their kinds are guessed, and a person says what they hold."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from frictionless import Schema, system

from casebook.data.record import ENCODING, Record
from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.files import replace

# Columns that mean the same in every table; `id`, `source_ids` and `published_on` are wanted in each.
KEPT = ("id", "status", "source_ids", "published_on", "supersedes", "note")
WANTED = ("id", "source_ids", "published_on", "supersedes", "note")
KINDS = {"integer", "number", "date", "boolean"}


def describe(data: Path, table: str, ask: Callable[[str], str]) -> dict[str, str]:
    """Add `data/<table>.csv` to datapackage.json; return the kind of each column.

    `ask(question)` gives the words for what a person must say: the title, what the table holds, and what each new
    column holds. Raises Problem, with nothing written, where the file is missing or the record would not be whole.
    """
    record, file = Record(data), data / f"{table}.csv"
    if table in record.tables:
        raise Problem(f"data/datapackage.json: it describes {table} already; correct it there.")
    if not file.is_file():
        raise Problem(f"data/{table}.csv: there is no such file; save the table there as CSV.")
    header = _header(file, table)
    known = _known_fields(record)
    with system.use_context(trusted=True):
        guessed = {field.name: field.type for field in Schema.describe(str(file)).fields}
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    resource = {
        "name": table,
        "path": f"{table}.csv",
        "type": "table",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
    }
    resource |= {"title": ask("title of the table"), "description": ask("what the table holds")}
    fields = [
        _same(known[name], table) if name in KEPT and name in known else _new(name, guessed.get(name, "string"), ask(f"what the column {name} holds"))
        for name in header
    ]
    package["resources"].append(resource | {"schema": {"fields": fields, "primaryKey": ["id"]}})
    before = (data / "datapackage.json").read_text("utf-8")
    replace(data / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=2) + "\n")
    try:
        validate(data)
    except Problem:
        replace(data / "datapackage.json", before)
        raise
    return {field["name"]: field["type"] for field in fields}


def _header(file: Path, table: str) -> list[str]:
    try:
        with file.open(encoding=ENCODING, newline="") as text:
            header = next(csv.reader(text), [])
    except UnicodeDecodeError:
        raise Problem(f"data/{table}.csv: it is not UTF-8; save it as 'CSV UTF-8'.") from None
    if missing := [name for name in WANTED if name not in header]:
        raise Problem(
            f"data/{table}.csv, row 1: the column '{missing[0]}' is missing; every table has {', '.join(WANTED)} (empty cells will do for the last two)."
        )
    return header


def _known_fields(record: Record) -> dict[str, dict[str, Any]]:
    """The descriptor of each column that another table has, the first to have it."""
    found: dict[str, dict[str, Any]] = {}
    for table in record.tables:
        if table not in ("sources", "entities"):
            for name, field in record.fields(table).items():
                found.setdefault(name, field)
    return found


def _same(field: Mapping[str, Any], table: str) -> dict[str, Any]:
    return dict(field) | ({"references": table} if field["name"] == "supersedes" else {})


def _new(name: str, kind: str, words: str) -> dict[str, Any]:
    return {"name": name, "type": kind if kind in KINDS else "string", "description": words}
