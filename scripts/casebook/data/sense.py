"""Does the record make sense? What tables that can be read, and cells that are fine of themselves, may still say wrongly."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from casebook.data.findings import Finding
from casebook.data.record import LATEST, Record, Row, split
from casebook.data.shapes import SHAPES
from casebook.data.units import cell_findings
from casebook.files import load
from casebook.signs import skeleton

# Orders of magnitude between a figure and the nearest other of its series.
FAR = 2.5
# Degrees by which a place may lie outside its country: the shapes are simplified.
OUTSIDE = 0.5
# Years within which a check is due.
CHECK_YEARS = 10


def key_findings(record: Record, ids: Mapping[str, Collection[str]]) -> Iterator[Finding]:
    """Cells that name a row which is not there; `ids` are those of each table's rows."""
    for table in record.tables:
        lists = {name: field["references"] for name, field in record.fields(table).items() if "references" in field}
        keys = _foreign_keys(record, table)
        for number, row in record.numbered(table):
            for column, target in (lists | keys).items():
                for id in split(row[column]) if column in lists else [row[column]]:
                    if id and id not in ids[target]:
                        what = f"'{id[:60]}': no {'source' if target == 'sources' else f'row of {target}'} has this id"
                        yield Finding(table, number, column, what, f"add it to data/{target}.csv first, or correct the id '{id[:60]}'")


def sense_findings(record: Record) -> Iterator[Finding]:
    """What rows say that cannot be, in a record whose keys all lead to rows."""
    for table in record.tables:
        yield from _row_findings(record, table)
        yield from cell_findings(record, table)
        yield from _chain_findings(record, table)
        yield from _subject_findings(record, table)
        yield from _scale_findings(record, table)
        yield from _place_findings(record, table)
    yield from _name_findings(record)


def _foreign_keys(record: Record, table: str) -> dict[str, str]:
    """The table to whose ids each column refers."""
    keys = record.tables[table]["schema"].get("foreignKeys", [])
    return {key["fields"][0]: key["reference"]["resource"] or table for key in keys}


def _row_findings(record: Record, table: str) -> Iterator[Finding]:
    """Ends of ranges the wrong way round, and days on which nothing can have been done yet."""
    fields = record.fields(table)
    ranges = [(first, last) for first in fields if (last := _other_end(first)) in fields]
    day = record.known_on(LATEST)
    for number, row in record.numbered(table):
        for first, last in ranges:
            is_number = fields[first]["type"] in ("number", "integer")
            if row[first] and row[last] and (float(row[first]) > float(row[last]) if is_number else row[first] > row[last]):
                order = ("above", "swap them") if first.endswith("_low") else ("after", "correct one of them")
                yield Finding(table, number, first, f"{row[first]} is {order[0]} {last} {row[last]}", order[1])
        for column, what, remedy in _day_findings(row, fields, day):
            yield Finding(table, number, column, what, remedy)


def _other_end(column: str) -> str:
    """The column that holds the other end of a range, by its name; empty for one that holds none."""
    for one, other in (("_low", "_high"), ("_start", "_end")):
        if column.endswith(one):
            return column.removesuffix(one) + other
    return ""


def _day_findings(row: Row, fields: Mapping[str, Any], day: str) -> Iterator[tuple[str, str, str]]:
    """Column, fault and remedy of each day that cannot be; `day` is the record's own. What was done on a day ends in _on."""
    after = f"is after the record's own day, {day} ('created' in datapackage.json)"
    for column in (name for name, field in fields.items() if field["type"] == "date" and name.endswith("_on")):
        if row[column] > day:
            yield column, f"{row[column]} {after}", "correct the date, or move that day on"
    if row.get("event_date") and begins(row) > day:
        remedy = "what has not happened is no event: correct the date, or record what was said of it by the day it was said"
        yield "event_date", f"{row['event_date']} {after}", remedy
    if row.get("accessed_on") and row["accessed_on"] < row["published_on"]:
        yield "accessed_on", f"{row['accessed_on']} is before published_on {row['published_on']}", "correct one of them"
    if row.get("check_by") and not row["published_on"] <= row["check_by"] < str(int(day[:4]) + CHECK_YEARS):
        what = f"{row['check_by']} is before the row was written, or {CHECK_YEARS} years away"
        yield "check_by", what, "name a day on which someone will look"


def begins(row: Row) -> str:
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


def _chain_findings(record: Record, table: str) -> Iterator[Finding]:
    """Rows that come back to themselves: by what they supersede, or by a key to their own table."""
    columns = [column for column, target in _foreign_keys(record, table).items() if target == table]
    for column in [*columns, *(["supersedes"] if "supersedes" in record.fields(table) else [])]:
        after = {row["id"]: split(row[column]) for row in record.each_row(table) if row[column]}
        word = "supersedes itself" if column == "supersedes" else f"is its own {column.removesuffix('_id')}"
        for start in (start for start in after if start in _reached(start, after)):
            yield Finding(table, start, column, f"'{start}' {word}", "remove the loop")


def _reached(start: str, after: Mapping[str, Sequence[str]]) -> set[str]:
    found: set[str] = set()
    queue = list(after[start])
    while queue:
        if (id := queue.pop()) not in found:
            found.add(id)
            queue += after.get(id, [])
    return found


def _subject_findings(record: Record, table: str) -> Iterator[Finding]:
    """Rows that supersede one of another subject, which is whatever a foreign key names, and whose note does not say why.

    Of a table of facts the fact is the subject (see `fact_findings`).
    """
    if "supersedes" not in record.fields(table) or "factKey" in record.tables[table]:
        return
    subjects = [column for column, target in _foreign_keys(record, table).items() if target != table]
    for number, row in record.numbered(table):
        for old in (record.row(table, id) for id in split(row["supersedes"])):
            other = next((column for column in subjects if row[column] != old[column]), None)
            if other and not row.get("note"):
                what = f"'{old['id']}' has the {other} '{old[other]}', and this row '{row[other]}'"
                yield Finding(table, number, "supersedes", what, "correct the id, or say in the note why it takes that row's place")


def _scale_findings(record: Record, table: str) -> Iterator[Finding]:
    """A figure far from all others of its own series is most often in thousands or millions by mistake."""
    fields = record.fields(table)
    if not {"company", "currency"} <= set(fields):
        return
    columns = [name for name, field in fields.items() if field["type"] == "number"]
    series: dict[tuple[str, ...], list[tuple[float, int, Row]]] = defaultdict(list)
    for number, row in record.numbered(table):
        for column in columns:
            if row[column] and float(row[column]) > 0:
                key = (column, row["company"], row.get("metric", ""), row["currency"])
                series[key].append((math.log10(float(row[column])), number, row))
    for (column, company, *_), found in series.items():
        found.sort(key=lambda one: one[:2])
        sizes = [-math.inf, *(size for size, _, _ in found), math.inf]
        for place, (size, number, row) in enumerate(found, start=1):
            # In a sorted list the nearest other is a neighbour.
            is_far = min(size - sizes[place - 1], sizes[place + 1] - size) > FAR
            if is_far and len(found) > 2 and not row.get("note"):
                what = f"{row[column]} is {10**FAR:.0f} times larger or smaller than every other figure of {company}"
                remedy = "is it in thousands or millions? Write it in full, or say in the note why it is right"
                yield Finding(table, number, column, what, remedy)


def _place_findings(record: Record, table: str) -> Iterator[Finding]:
    """A site lies in, or near, the country that its row names; a record without shapes of countries is not asked."""
    if not {"latitude", "longitude", "country_iso3"} <= set(record.fields(table)) or not (record.folder / SHAPES).is_file():
        return
    from shapely import Point
    from shapely.geometry import shape

    features = load(record.folder / SHAPES, f"data/{SHAPES.as_posix()}")["features"]
    countries = {feature["id"]: shape(feature["geometry"]) for feature in features}
    for number, row in record.numbered(table):
        if row["latitude"] and row["longitude"] and row["country_iso3"] in countries:
            far = countries[row["country_iso3"]].distance(Point(float(row["longitude"]), float(row["latitude"])))
            if far > OUTSIDE:
                place = f"{row['latitude']}, {row['longitude']}"
                what = f"{place} is {far:.1f} degrees outside {record.country_name(row['country_iso3'])}"
                yield Finding(table, number, "latitude", what, "correct the place, or the country")


def _name_findings(record: Record) -> Iterator[Finding]:
    """Names that no reader can tell from another in `entities`, because they are spelt with other letters."""
    if "entities" not in record.tables:
        return
    known: dict[str, Row] = {}
    for number, row in record.numbered("entities"):
        twin = known.setdefault(skeleton(row["name"]), row)
        if twin is not row and not {row["id"], twin["id"]} & {*split(twin.get("supersedes", "")), *split(row.get("supersedes", ""))}:
            what = f"'{row['name']}' looks like the name of '{twin['id']}'"
            yield Finding("entities", number, "name", what, "use that row, or write what tells them apart")
    for table in (table for table in record.tables if table != "entities"):
        words = [name for name, field in record.fields(table).items() if field["type"] == "string"]
        for number, row in record.numbered(table):
            for column in words:
                name = known.get(skeleton(row[column]), {}).get("name", "")
                if name and name != row[column] and len(name) > 2:
                    what = f"'{row[column]}' looks like '{name}' of entities, and is spelt with other letters"
                    yield Finding(table, number, column, what, "type it again")
