"""The record as one SQLite file, for Datasette and anything else that speaks SQL."""

from __future__ import annotations

import errno
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from casebook.data.record import Record, split

AFFINITY = {"integer": "INTEGER", "year": "INTEGER", "boolean": "INTEGER", "number": "REAL"}


def write(record: Record, file: Path) -> None:
    """Write every row, superseded ones too: a table each (`ai_rounds`), and `row_sources` from rows to their sources.

    Numbers are numbers, an empty cell is NULL, true and false are 1 and 0; list cells keep their text.
    Raises OSError where the disk is full.
    """
    file.unlink(missing_ok=True)
    try:
        with closing(sqlite3.connect(file)) as database:
            _fill(database, record)
            database.execute("VACUUM")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
            raise
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(file)) from error


def _fill(database: sqlite3.Connection, record: Record) -> None:
    with database:
        for name in record.tables:
            _table(database, record, name)
        database.execute(
            'CREATE TABLE row_sources ("table" TEXT, row_id TEXT, source_id TEXT REFERENCES sources(id), PRIMARY KEY ("table", row_id, source_id)) WITHOUT ROWID'
        )
        links = {(name, row["id"], source) for name in record.tables for row in record.all_rows(name) for source in split(row.get("source_ids", ""))}
        database.executemany("INSERT INTO row_sources VALUES (?, ?, ?)", sorted(links))


def _table(database: sqlite3.Connection, record: Record, name: str) -> None:
    fields = record.fields(name)
    references = {
        key["fields"][0]: key["reference"]["resource"] or name
        for key in record.tables[name]["schema"].get("foreignKeys", [])
        if len(key["fields"]) == 1
    }
    columns = [
        f'"{field}" {AFFINITY.get(about["type"], "TEXT")}'
        + (" PRIMARY KEY" if field == "id" else "")
        + (f' REFERENCES "{_name(references[field])}"(id)' if field in references else "")
        for field, about in fields.items()
    ]
    database.execute(f'CREATE TABLE "{_name(name)}" ({", ".join(columns)})')
    rows = ([_value(row[field], about["type"]) for field, about in fields.items()] for row in record.each_row(name))
    database.executemany(f'INSERT INTO "{_name(name)}" VALUES ({", ".join("?" * len(fields))})', rows)  # noqa: S608 names of tables, quoted


def _name(table: str) -> str:
    return table.replace("/", "_")


def _value(text: str, type: str) -> str | float | int | None:
    if text == "":
        return None
    if type == "boolean":
        return int(text == "true")
    if type == "number":
        return float(text)
    return int(text) if AFFINITY.get(type) == "INTEGER" else text
