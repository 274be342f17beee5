"""The record as one SQLite file, for Datasette and anything else that speaks SQL.

By Python's own sqlite3: pandas, which writes tables too, takes 0.3 s to load in every build.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from casebook.data.record import Record, split

TYPES = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}
ROW_SOURCES = """CREATE TABLE row_sources ("table" TEXT, row_id TEXT, source_id TEXT REFERENCES sources(id),
    PRIMARY KEY ("table", row_id, source_id)) WITHOUT ROWID"""


def write(record: Record, file: Path) -> None:
    """Write every row, superseded ones too: a table each (`ai_rounds`), and `row_sources` from rows to their sources.

    Numbers are numbers, an empty cell is NULL, true and false are 1 and 0; list cells keep their text.
    Raises OSError where the disk is full.
    """
    # In memory first, so that a full disk is the file system's own error.
    with closing(sqlite3.connect(":memory:")) as database:
        with database:
            for name in record.tables:
                _table(database, record, name)
            database.execute(ROW_SOURCES)
            rows = ((name, row) for name in record.tables for row in record.each_row(name))
            links = {(name, row["id"], source) for name, row in rows for source in split(row.get("source_ids", ""))}
            database.executemany("INSERT INTO row_sources VALUES (?, ?, ?)", sorted(links))
        file.write_bytes(database.serialize())


def _table(database: sqlite3.Connection, record: Record, name: str) -> None:
    fields = record.fields(name)
    keys = record.tables[name]["schema"].get("foreignKeys", [])
    leads = {key["fields"][0]: key["reference"]["resource"] or name for key in keys if len(key["fields"]) == 1}
    columns = [
        f'"{column}" {TYPES.get(field["type"], "TEXT")}'
        + (" PRIMARY KEY" if column == "id" else "")
        + (f' REFERENCES "{_name(leads[column])}"(id)' if column in leads else "")
        for column, field in fields.items()
    ]
    database.execute(f'CREATE TABLE "{_name(name)}" ({", ".join(columns)})')
    rows = ([_value(row[column], field["type"]) for column, field in fields.items()] for row in record.each_row(name))
    database.executemany(f'INSERT INTO "{_name(name)}" VALUES ({", ".join("?" * len(fields))})', rows)  # noqa: S608 names of tables, quoted


def _name(table: str) -> str:
    return table.replace("/", "_")


def _value(text: str, type: str) -> str | int | None:
    """A cell for SQLite, which makes numbers of text itself where a column is declared as one."""
    return int(text == "true") if type == "boolean" and text else text or None
