"""Is the record whole? frictionless for what a schema can state, a few rules of our own for the rest."""

from __future__ import annotations

import csv
import io
import math
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from frictionless import Error, FrictionlessException, Package, system
from frictionless import errors as fe

from casebook import shape
from casebook.changes import versions
from casebook.checks import check_findings
from casebook.data.fact_findings import fact_findings
from casebook.data.record import ENCODING, Record, Row, split
from casebook.data.shapes import SHAPES
from casebook.data.units import cell_findings, column_findings
from casebook.errors import Problem, counted
from casebook.verdicts import rule_findings

MOST_FINDINGS = 20
# Controls, and what is of no width or turns the direction of a line (Unicode, general categories Cc and Cf); U+FFFD was once a letter.
UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffd]")
FORMULA = re.compile(r"[=+@]|-(?!\d)")
ADDRESS = re.compile(r"https?://[^\s<>\"]+")
PLAIN = re.compile(r"-?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?")
SEPARATORS = {";": "';'", "\t": "a tab", "|": "'|'"}
LONGEST = 10_000
# Orders of magnitude between a figure and the nearest other of its series.
FAR = 2.5


def validate(folder: Path) -> dict[str, int]:
    """Check every table under `folder`; return the number of rows of each.

    Raises Problem with a line for each finding: file, row, column, value and remedy.
    """
    record = Record(folder)
    shape.check(record.package, "package", "data/datapackage.json")
    findings = [*column_findings(record), *_unreadable(record)]
    if not findings:
        # A repeated id breaks two rules of the schema, and is said once.
        findings = list(dict.fromkeys(_schema_findings(record))) or [
            *_rule_findings(record),
            *_version_findings(record),
            *rule_findings(record),
            *check_findings(record),
            *fact_findings(record),
        ]
    if findings:
        more = len(findings) - MOST_FINDINGS
        raise Problem(*findings[:MOST_FINDINGS], *([f"and {more} more like these."] if more > 0 else []))
    return {table: sum(1 for _ in record.each_row(table)) for table in record.tables}


def _unreadable(record: Record) -> Iterator[str]:
    """What would stop any reader of CSV: a missing or empty file, bytes that are not UTF-8, wrong columns."""
    for table, resource in record.tables.items():
        name, path = f"data/{resource['path']}", record.folder / resource["path"]
        if not path.is_file():
            yield f"{name}: the file is missing; restore it, or take the table {table} out of datapackage.json."
            continue
        raw = path.read_bytes()
        try:
            text = raw.decode(ENCODING)
        except UnicodeDecodeError as error:
            row = raw[: error.start].count(b"\n") + 1
            yield f"{name}, row {row}: byte 0x{raw[error.start]:02x} is not UTF-8; save the file as UTF-8."
            continue
        del raw
        if not text.strip():
            yield f"{name}: the file is empty; it needs at least its header: {','.join(record.fields(table))}."
            continue
        if "\0" in text:
            yield f"{name}, row {text[: text.index(chr(0))].count(chr(10)) + 1}: it holds a NUL; save the file as UTF-8."
            continue
        yield from _form_findings(name, text, record.fields(table))


def _form_findings(name: str, text: str, fields: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Of a table's text: a header that is not the schema's, rows of another length, cells that are too long, numbers that are not plain."""
    expected = list(fields)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        header = next(reader)
        if missing := [column for column in expected if column not in header]:
            what = f"column '{missing[0]}' is missing"
            if other := next((word for sign, word in SEPARATORS.items() if header == [sign.join(expected)]), None):
                what = f"the cells are separated by {other}; save the file with commas"
            yield f"{name}, row 1: {what}; the columns are {','.join(expected)}."
            return
        if header != expected:
            extra = next((c for i, c in enumerate(header) if c not in expected or header.index(c) != i), None)
            what = f"column '{extra}' is not in the schema" if extra else "the columns are in another order"
            yield f"{name}, row 1: {what}; the columns are {','.join(expected)}."
            return
        numbers = [index for index, field in enumerate(fields.values()) if field["type"] in ("number", "integer")]
        for number, row in enumerate(reader, start=2):
            if len(row) != len(header):
                yield f"{name}, row {number}: it has {counted(len(row), 'cell')} where the header has {len(header)}; a comma inside a cell needs quotes around the cell."
                continue
            if long := next((index for index, cell in enumerate(row) if len(cell) > LONGEST), None):
                yield f"{name}, row {number}, column {header[long]}: the cell is longer than {LONGEST} characters; shorten it."
            for index in numbers:
                if row[index] and not (PLAIN.fullmatch(row[index]) and math.isfinite(float(row[index]))):
                    yield f"{name}, row {number}, column {header[index]}: '{row[index][:40]}' is not a number; write a plain number: no separators, symbols or words."
    except csv.Error as error:
        what = "a quote is opened and never closed" if "end of data" in str(error) else str(error)
        yield f"{name}, row {reader.line_num}: {what}; quote a cell as a whole, and double any quotation mark inside the cell."


def _schema_findings(record: Record) -> Iterator[str]:
    try:
        with system.use_context(trusted=True):
            report = Package(str(record.folder / "datapackage.json")).validate()
    except FrictionlessException as refused:
        yield from (f"data/datapackage.json: {error.note}; correct it there." for error in refused.reasons or [refused.error])
        return
    for error in report.errors:
        yield error.message
    for task in report.tasks:
        for error in task.errors:
            yield _say(f"data/{task.place.split('/data/')[-1]}", error, record.fields(task.name))


def _say(name: str, error: Error, fields: dict[str, Any]) -> str:
    """One frictionless error in our words."""
    row = getattr(error, "row_number", None)
    column = getattr(error, "field_name", "")
    where = f"{name}" + (f", row {row}" if row else "") + (f", column {column}" if column else "")
    cell = getattr(error, "cell", "")
    constraints = fields.get(column, {}).get("constraints", {})
    match error:
        case fe.TypeError():
            wanted = {"date": "a day as YYYY-MM-DD", "number": "a plain number: no separators, symbols or words"}
            kind = fields[column]["type"]
            return f"{where}: '{cell}' is not a {kind}; write {wanted.get(kind, f'a {kind}')}."
        case fe.UniqueError() | fe.PrimaryKeyError():
            return f"{name}, row {row}, column id: the id '{cell or error.cells[0]}' is used twice; every row needs an id of its own."
        case fe.ForeignKeyError():
            column, value, target = error.field_names[0], error.field_cells[0], error.reference_name or "this table"
            return f"{where}, column {column}: '{value}' is not an id of {target}; add that row first, or correct the id."
        case fe.ConstraintError() if "enum" in error.note:
            return f"{where}: '{cell}' is not one of {', '.join(constraints['enum'])}; use one of these, or add it to datapackage.json."
        case fe.ConstraintError() if "required" in error.note:
            return f"{where}: the cell is empty; every row needs {column}."
        case fe.ConstraintError() if "minimum" in error.note:
            return f"{where}: {cell} is below {constraints['minimum']}; correct the figure."
        case fe.ConstraintError() if "maximum" in error.note:
            return f"{where}: {cell} is above {constraints['maximum']}; correct the figure."
        case fe.ConstraintError() if "pattern" in error.note:
            return f"{where}: '{cell}' does not have the form {constraints['pattern']}; correct it."
    return f"{where}: {' '.join(error.message.split())}"


def _rule_findings(record: Record) -> Iterator[str]:
    """Rules that a table schema cannot state."""
    ids = {table: {row["id"] for row in record.each_row(table)} for table in record.tables}
    owner: dict[str, str] = {}
    record_day = record.known_on("latest")
    for table, resource in record.tables.items():
        lists = {n: f["references"] for n, f in record.fields(table).items() if f["type"] == "list" and "references" in f}
        fields = record.fields(table)
        ranges = [n for n in record.fields(table) if n.endswith("_low") and n[:-4] + "_high" in record.fields(table)]
        for number, row in enumerate(_in_file_order(record, table), start=2):
            where = f"data/{resource['path']}, row {number}"
            if (other := owner.setdefault(row["id"], table)) != table:
                yield f"{where}, column id: '{row['id']}' is already a row of {other}; ids are unique in the whole record."
            for column, target in lists.items():
                for item in split(row[column]):
                    if item not in ids[target]:
                        what = "no source has this id; add it to data/sources.csv first" if target == "sources" else f"no row of {target} has this id"
                        yield f"{where}, column {column}: '{item}': {what}, or correct the id."
            yield from _cell_findings(where, row, fields)
            yield from cell_findings(record, table, row, where)
            if row["published_on"] > record_day:
                yield f"{where}, column published_on: {row['published_on']} is after the record's own day, {record_day} ('created' in datapackage.json); correct the date, or move that day on."
            if row.get("event_date", "") and _begins(row) > record_day:
                yield f"{where}, column event_date: {row['event_date']} is after the record's own day, {record_day}: what has not happened is no event; correct the date, or record what was said of it by the day it was said."
            for low in ranges:
                high = low[:-4] + "_high"
                if row[low] and row[high] and float(row[low]) > float(row[high]):
                    yield f"{where}, column {low}: {row[low]} is above {high} {row[high]}; swap them."
        yield from _scale_findings(record, table)
        yield from _supersedes_findings(record, table)
        yield from _place_findings(record, table)


def _cell_findings(where: str, row: Row, fields: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Cells that would not be read as what they seem, by people, browsers or spreadsheets."""
    for column, cell in row.items():
        if unseen := UNSEEN.search(cell):
            yield f"{where}, column {column}: invisible character U+{ord(unseen[0]):04X}; delete it."
        elif fields[column]["type"] in ("string", "list") and FORMULA.match(cell):
            yield f"{where}, column {column}: '{cell[:20]}' begins as a formula does, and a spreadsheet would run it; begin with a word."
        elif column == "url" and cell and not ADDRESS.fullmatch(cell):
            yield f"{where}, column url: '{cell[:60]}' is no web address; write one that begins with https:// or http://."


def _begins(row: Row) -> str:
    """First day of a row's event, which is stored as the last day of its period."""
    day = row["event_date"]
    match row.get("date_precision"):
        case "month":
            return f"{day[:7]}-01"
        case "quarter":
            return f"{day[:5]}{(int(day[5:7]) - 1) // 3 * 3 + 1:02}-01"
        case "year":
            return f"{day[:4]}-01-01"
    return day


def _version_findings(record: Record) -> Iterator[str]:
    """CHANGES.md says what the version brought."""
    version = record.package["version"]
    if version not in [known.name for known in versions(record.folder)]:
        yield f"data/CHANGES.md: there is no entry '## {version}'; say what this version of the record brought."


def _scale_findings(record: Record, table: str) -> Iterator[str]:
    """A figure far from all others of its own series is most often in thousands or millions by mistake."""
    fields = record.fields(table)
    if not {"company", "currency"} <= set(fields):
        return
    for column in (name for name, field in fields.items() if field["type"] == "number"):
        series: dict[tuple[str, ...], list[tuple[int, Row, float]]] = defaultdict(list)
        for number, row in enumerate(_in_file_order(record, table), start=2):
            if row[column] and float(row[column]) > 0:
                series[row["company"], row.get("metric", ""), row["currency"]].append((number, row, math.log10(float(row[column]))))
        for (company, *_), found in series.items():
            for number, row, size in found:
                others = [abs(size - other) for other_number, _, other in found if other_number != number]
                if len(others) >= 2 and min(others) > FAR and not row.get("note"):
                    yield f"data/{table}.csv, row {number}, column {column}: {row[column]} is {10**FAR:.0f} times larger or smaller than every other figure of {company}; is it in thousands or millions? Write it in full, or say in the note why it is right."


def _place_findings(record: Record, table: str) -> Iterator[str]:
    """A site lies in, or within half a degree of, the country its row names (shapes are simplified)."""
    if not {"latitude", "longitude", "country_iso3"} <= set(record.fields(table)):
        return
    import geopandas as gpd

    countries = gpd.read_file(record.folder / SHAPES).set_index("id").geometry
    for number, row in enumerate(_in_file_order(record, table), start=2):
        if row["latitude"] and row["longitude"] and row["country_iso3"] in countries.index:
            point = gpd.points_from_xy([float(row["longitude"])], [float(row["latitude"])])[0]
            if (far := countries[row["country_iso3"]].distance(point)) > 0.5:
                yield f"data/{table}.csv, row {number}, column latitude: {row['latitude']}, {row['longitude']} is {far:.0f} degrees outside {record.country_name(row['country_iso3'])}; correct the place, or the country."


def _supersedes_findings(record: Record, table: str) -> Iterator[str]:
    """A row may not supersede itself, by any number of steps."""
    if "supersedes" not in record.fields(table):
        return
    after = {row["id"]: split(row["supersedes"]) for row in record.each_row(table) if row["supersedes"]}
    for start in after:
        seen, queue = set(), list(after[start])
        while queue:
            id = queue.pop()
            if id == start:
                yield f"data/{table}.csv, column supersedes: '{start}' supersedes itself; remove the loop."
                break
            if id not in seen:
                seen.add(id)
                queue += after.get(id, [])


def _in_file_order(record: Record, table: str) -> Iterator[dict[str, str]]:
    with (record.folder / record.tables[table]["path"]).open(encoding=ENCODING, newline="") as file:
        yield from csv.DictReader(file)
