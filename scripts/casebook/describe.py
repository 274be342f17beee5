"""A new table of the record: its columns are read from its CSV, their kinds are guessed, and a person says what they hold."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from casebook.data.cells import Column
from casebook.data.package import COLUMNS, descriptor
from casebook.data.record import Record
from casebook.data.tables import header, lines
from casebook.data.validate import check
from casebook.desk import trial
from casebook.errors import Problem
from casebook.files import replace

# Columns that mean the same in every table; `id`, `source_ids` and `published_on` are wanted in each.
SHARED_COLUMNS = ("id", "status", "source_ids", "published_on", "supersedes", "note")
WANTED = ("id", "source_ids", "published_on", "supersedes", "note")
KINDS = ("integer", "number", "date", "boolean")


def add_table(data: Path, table: str, ask: Callable[[str], str]) -> dict[str, str]:
    """Add `data/<table>.csv` to datapackage.json; return the kind of each column.

    `ask(question)` gives the words for what a person must say: the title, what the table holds, and what each new
    column holds. Raises Problem, with nothing written, where the file is missing or the record would not be whole.
    """
    package = descriptor(data)
    record, file, name = Record(data), data / f"{table}.csv", f"data/{table}.csv"
    if table in record.tables:
        raise Problem(f"data/datapackage.json: it describes {table} already; correct it there.")
    if not file.is_file():
        raise Problem(f"{name}: there is no such file; save the table there as CSV.")
    columns = header(file, name)
    if missing := [column for column in WANTED if column not in columns]:
        raise Problem(
            f"{name}, row 1: the column '{missing[0]}' is missing; every table has {', '.join(WANTED)} (empty cells will do for the last two)."
        )
    rows = [cells for _, cells in lines(file, name, columns)]
    known = _known_fields(record)
    title, about = ask("title of the table"), ask("what the table holds")
    fields = [
        _same(known[column], table) if column in SHARED_COLUMNS and column in known else _new(column, table, place, rows, ask)
        for place, column in enumerate(columns)
    ]
    resource = {
        "name": table,
        "path": f"{table}.csv",
        "type": "table",
        "scheme": "file",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "title": title,
        "description": about,
        "schema": {"fields": fields, "primaryKey": ["id"]},
    }
    text = json.dumps(package | {"resources": [*package["resources"], resource]}, ensure_ascii=False, indent=2) + "\n"
    with trial(data) as copy:
        (copy / f"{table}.csv").parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, copy / f"{table}.csv")
        (copy / "datapackage.json").write_text(text, "utf-8")
        check(copy)
    replace(data / "datapackage.json", text)
    return {field["name"]: field["type"] for field in fields}


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


def _new(column: str, table: str, place: int, rows: Sequence[Sequence[str]], ask: Callable[[str], str]) -> dict[str, Any]:
    """A column as the machine needs it where it knows its name, else of the kind that all its cells are of."""
    needed = (COLUMNS["every"] | COLUMNS["any"]).get(column)
    cells = [row[place] for row in rows if place < len(row) and row[place]]
    kind = next((kind for kind in KINDS if cells and not any(map(Column({"name": column, "type": kind}).fault, cells))), "string")
    field = {"name": column, **(needed or {"type": kind}), "description": ask(f"what the column {column} holds")}
    return _same(field, table)
