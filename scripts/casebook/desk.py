"""The data desk: tables in one canonical form, and new rows that are checked before they are written."""

from __future__ import annotations

import re
import shutil
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from itertools import chain, count
from pathlib import Path
from string import ascii_lowercase
from tempfile import TemporaryDirectory

from casebook.data.cells import Column
from casebook.data.record import Record, Row, split
from casebook.data.shapes import SHAPES
from casebook.data.validate import check as check_record
from casebook.errors import Problem
from casebook.files import as_csv, replace


def canonical(record: Record, table: str, rows: Iterable[Row]) -> str:
    """A table as CSV text: columns as in the schema, rows by id, quotes only where needed, so that a change of a row is a line."""
    return as_csv(record.fields(table), sorted(rows, key=lambda row: row["id"]))


def tidy(data: Path) -> list[str]:
    """Rewrite the tables of a whole record that are not in canonical form. Return their paths."""
    record = Record(data)
    found = []
    for table, resource in record.tables.items():
        file = data / resource["path"]
        text = canonical(record, table, record.all_rows(table))
        if file.read_bytes() != text.encode("utf-8"):
            found.append(resource["path"])
            replace(file, text)
    return found


def add(data: Path, table: str, row: Mapping[str, str]) -> Path:
    """Add a row to a table, in its place; return the file. Raises Problem, with nothing written, where the record would not be whole."""
    add_all(data, {table: [row]})
    return data / Record(data).tables[table]["path"]


def add_all(data: Path, rows: Mapping[str, Sequence[Mapping[str, str]]]) -> None:
    """Add rows by table, each in its place. Raises Problem, with nothing written, where the record is not, or would not be, whole."""
    record = Record(data)
    texts: dict[str, str] = {}
    places: dict[str, str] = {}
    for table, added in rows.items():
        fields = record.fields(table)
        if unknown := sorted({name for row in added for name in row} - set(fields)):
            raise Problem(f"table {table} has no column '{unknown[0]}'; it has {', '.join(fields)}.")
        full = [{name: row.get(name, "") for name in fields} for row in added]
        together = sorted([*record.all_rows(table), *full], key=lambda row: row["id"])
        path = record.tables[table]["path"]
        texts[path] = canonical(record, table, together)
        places |= {f"data/{path}, row {number},": row["id"] for number, row in enumerate(together, start=2) if row in full}
    with trial(data) as copy:
        for path, text in texts.items():
            (copy / path).write_text(text, "utf-8")
        try:
            check_record(copy)
        except Problem as problem:
            # What is wrong without them is no fault of theirs.
            check_record(data)
            # They stand in no file yet, so their numbers would lead nowhere.
            raise Problem(*(_of_new_row(finding, places) for finding in problem.findings)) from None
    for path, text in texts.items():
        replace(data / path, text)


def _of_new_row(finding: str, places: Mapping[str, str]) -> str:
    return next((f"new row '{id}',{finding.removeprefix(place)}" for place, id in places.items() if finding.startswith(place)), finding)


@contextmanager
def trial(data: Path) -> Iterator[Path]:
    """A copy of the record's files, to be changed and checked before anything is written."""
    paths = ["datapackage.json", "CHANGES.md", SHAPES.as_posix(), *(table["path"] for table in Record(data).tables.values())]
    with TemporaryDirectory(prefix="casebook-") as scratch:
        for path in (path for path in paths if (data / path).is_file()):
            (Path(scratch) / path).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(data / path, Path(scratch) / path)
        yield Path(scratch)


Ask = Callable[[str, str, str | None, Callable[[str], str | None]], str]
"""Asks for a column: its name, what it holds, the answer that Enter gives (None: there is none), and what is wrong with an answer."""


def ask_row(record: Record, table: str, row: Row, ask: Ask) -> None:
    """Fill `row` for `table`, asked for column by column, its id last; what it holds already is what Enter gives."""
    fields = record.fields(table)
    for name in [*(name for name in fields if name != "id"), "id"]:
        rules = fields[name].get("constraints", {})
        about = fields[name]["description"] + (f" One of: {', '.join(rules['enum'])}." if "enum" in rules else "")
        default = proposed_id(record, table, row) if name == "id" else None if rules.get("required") else ""
        row[name] = ask(name, about, row.get(name) or default, partial(fault, record, table, name))


def fault(record: Record, table: str, column: str, cell: str) -> str | None:
    """What is wrong with an answer for a column, of itself or because it names a row that is not there."""
    field = record.fields(table)[column]
    if found := Column(field).fault(cell):
        return "; ".join(found)
    if column == "id" and (other := next((name for name in record.tables for row in record.all_rows(name) if row["id"] == cell), None)):
        return f"'{cell}' is already a row of {other}; ids are unique in the whole record"
    keys = record.tables[table]["schema"].get("foreignKeys", [])
    target = next((key["reference"]["resource"] or table for key in keys if key["fields"] == [column]), field.get("references"))
    known = {row["id"] for row in record.all_rows(target)} if target else set()
    missing = next((id for id in split(cell) if target and id not in known), None)
    return f"no row of {target} has the id '{missing}'; add it first, or correct the id" if missing else None


def proposed_id(record: Record, table: str, row: Mapping[str, str]) -> str:
    """An id that no row of the record has: who, when and what of the row, in the record's own form."""
    dated = next((row[name] for name in ("event_date", "period_end", "published_on") if row.get(name)), "")
    parts = [
        next((row[name] for name in ("company", "claim_id", "country_iso3", "publisher") if row.get(name)), table.split("/")[-1]),
        dated[:7],
        row.get("round", ""),
    ]
    plain = unicodedata.normalize("NFKD", "-".join(part for part in parts if part)).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-") or "row"
    taken = {row["id"] for name in record.tables for row in record.all_rows(name)}
    ends = chain([""], (f"-{letter}" for letter in ascii_lowercase[1:]), (f"-{number}" for number in count(27)))
    return next(id for end in ends if (id := stem + end) not in taken)
