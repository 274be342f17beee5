"""The data desk: tables in one canonical form, and new rows that are checked before they are written."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from casebook.data.record import Record, Row
from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.files import as_csv, replace


def canonical(record: Record, table: str, rows: Iterable[Row]) -> str:
    """A table as CSV text: columns as in the schema, rows by id, quotes only where needed, so that a change of a row is a line."""
    return as_csv(record.fields(table), sorted(rows, key=lambda row: row["id"]))


def tidy(data: Path, check: bool = False) -> list[str]:
    """Rewrite the tables under `data` that are not in canonical form, or with `check` only name them. Return their paths."""
    validate(data)
    record = Record(data)
    found = []
    for table, resource in record.tables.items():
        file = data / resource["path"]
        text = canonical(record, table, record.all_rows(table))
        if file.read_text("utf-8") != text:
            found.append(resource["path"])
            if not check:
                replace(file, text)
    return found


def add(data: Path, table: str, row: Mapping[str, str]) -> Path:
    """Add a row to a table, in its place; return the file. Raises Problem, with nothing written, where the record would not be whole."""
    add_all(data, {table: [row]})
    return data / Record(data).tables[table]["path"]


def add_all(data: Path, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Add rows by table, each in its place. Raises Problem, with nothing written, where the record would not be whole."""
    record = Record(data)
    texts = {}
    for table, added in rows.items():
        fields = record.fields(table)
        if unknown := sorted({name for row in added for name in row} - set(fields)):
            raise Problem(f"table {table} has no column '{unknown[0]}'; it has {', '.join(fields)}.")
        full = [{name: row.get(name, "") for name in fields} for row in added]
        texts[record.tables[table]["path"]] = canonical(record, table, [*record.all_rows(table), *full])
    with TemporaryDirectory(prefix="casebook-") as scratch:
        copy = Path(scratch) / "data"
        shutil.copytree(data, copy)
        for path, text in texts.items():
            (copy / path).write_text(text, "utf-8")
        validate(copy)
    for path, text in texts.items():
        replace(data / path, text)


def proposed_id(record: Record, table: str, row: Mapping[str, str]) -> str:
    """An id that no row of the record has: who, when and what of the row, in the record's own form."""
    dated = next((row[name] for name in ("event_date", "period_end", "published_on") if row.get(name)), "")
    parts = [
        next((row[name] for name in ("company", "claim_id", "country_iso3", "publisher") if row.get(name)), table.split("/")[-1]),
        dated[:7],
        row.get("round", ""),
    ]
    plain = unicodedata.normalize("NFKD", "-".join(part for part in parts if part)).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")
    taken = {row["id"] for name in record.tables for row in record.all_rows(name)}
    return next(id for id in [stem, *(f"{stem}-{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")] if id not in taken)
