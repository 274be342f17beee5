"""Rows of the record, as known on a date, in the text in which they are kept.

Everything here works on the standard library alone, so that asking whether a page
is still right costs no import of pandas.
"""

from __future__ import annotations

import csv
import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import Any

from casebook.data.filters import Filter, Value
from casebook.data.shapes import SHAPES
from casebook.data.tables import length_fault, lines
from casebook.errors import Problem
from casebook.files import load
from casebook.format import Units, plain

Row = dict[str, str]
LATEST = "latest"
SEPARATOR = ";"
# A table up to this size is kept in memory once read.
IN_MEMORY_BYTES = 8_000_000


NO_ROW = "data/{table}.csv: no row has the id '{id}'; add the row or correct the id."


def split(cell: str) -> list[str]:
    """The items of a list cell."""
    return [item for item in cell.split(SEPARATOR) if item]


class Record:
    """The tables under one `data/` folder, read when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rows: dict[str, list[Row]] = {}
        self._editions: dict[tuple[str, str], dict[str, Row]] = {}
        self._by_id: dict[str, dict[str, Row]] = {}
        self._places: dict[str, dict[str, int]] = {}
        self._superseded: dict[tuple[str, str], set[str]] = {}

    @cached_property
    def package(self) -> dict[str, Any]:
        return load(self.folder / "datapackage.json", "data/datapackage.json")

    @cached_property
    def tables(self) -> dict[str, dict[str, Any]]:
        """Descriptor of each table, by name. Raises Problem where datapackage.json describes none."""
        return {name: resource for name, (resource, _) in self._described.items()}

    @cached_property
    def units(self) -> Units:
        """The units in which the record's values are printed."""
        return Units(self.package.get("units", {}))

    def fields(self, table: str) -> dict[str, dict[str, Any]]:
        """Descriptor of each field of `table`, by name, in the order of the columns."""
        return self._described[self._table(table)["name"]][1]

    @cached_property
    def _described(self) -> dict[str, tuple[dict[str, Any], dict[str, dict[str, Any]]]]:
        """Each table's descriptor, and those of its fields by name."""
        try:
            found = {
                resource["name"]: (resource, {field["name"]: field for field in resource["schema"]["fields"]})
                for resource in self.package["resources"]
            }
            words = [word for table, (resource, _) in found.items() for word in (table, resource["path"])]
            words += [word for _, fields in found.values() for name, field in fields.items() for word in (name, field["type"])]
            is_whole = all(isinstance(word, str) for word in words)
        except (KeyError, TypeError):
            is_whole = False
        if not is_whole:
            raise Problem("data/datapackage.json: it does not describe tables; `casebook validate` says where.")
        return found

    def known_on(self, as_of: str) -> str:
        """The day an edition speaks for: its own, or the record's for `latest`. Raises Problem for a day after the record's."""
        today = str(self.package["created"])[:10]
        if as_of == LATEST:
            return today
        if parse_as_of(as_of) > today:
            raise Problem(f"as_of is '{as_of}', and the record ends on {today}; write an earlier day, or 'latest'.")
        return as_of

    def rows(self, table: str, as_of: str = LATEST, **where: Value | Sequence[Value]) -> list[Row]:
        """Rows of `table` public on `as_of`, less those that a public row supersedes.

        `where` keeps the rows whose column equals a value, or is one of several; a list, whose items do.
        Sorted by id; a row that supersedes stands where the first one stood. An edition of a past day leaves out notes, which are written with hindsight,
        and, from its lists of rows and sources, those that were not yet public.
        Raises Problem for an unknown table, column, date, or a value that
        the column's enum does not have.
        """
        wanted = Filter(table, self.fields(table), where)
        if as_of != LATEST:
            as_of = parse_as_of(as_of)
        if not self._fits_in_memory(table):
            return self._public(table, as_of, wanted.fits)
        if (table, as_of) not in self._editions:
            self._editions[table, as_of] = {row["id"]: row for row in self._public(table, as_of, lambda row: True)}
        edition = self._editions[table, as_of]
        ids = wanted.values.get("id")
        named = edition.values() if ids is None else (edition[id] for id in sorted(ids) if id in edition)
        return [row for row in named if wanted.fits(row)]

    def printed(self, table: str, column: str, row: Row) -> str:
        """A number of `row` with every figure that is on record, in the unit of its column or of the row, or as it is kept.

        An empty cell is "". Raises Problem for an unknown unit.
        """
        if not row[column]:
            return ""
        unit = self.unit_of(table, column, row)
        return self.units.exact(row[column], unit) if unit else plain(float(row[column]), grouped=False)

    def unit_of(self, table: str, column: str, row: Row) -> str:
        """The unit of a number of `row`: the column's own, or the one that another column of the row holds; "" for none."""
        unit = self.fields(table)[column].get("unit", "")
        return row[unit["column"]] if isinstance(unit, dict) else unit

    def count(self, table: str) -> int:
        """How many rows `rows` would give today, without holding them."""
        superseded = self.superseded(table)
        return sum(row["id"] not in superseded for row in self.each_row(table))

    def _public(self, table: str, as_of: str, fits: Callable[[Row], bool]) -> list[Row]:
        """Rows that fit and are public and not superseded on `as_of`, in the order of `rows`."""
        superseded = self.superseded(table, as_of)
        after = self._after(table)
        found = [row for row in self.each_row(table) if _is_public(row, as_of) and row["id"] not in superseded and fits(row)]
        found.sort(key=lambda row: min((id for id in _followed(row["id"], after) if id not in after), default=row["id"]))
        return self._without_hindsight(table, found, as_of)

    def named(self, table: str, ids: Iterable[str], as_of: str = LATEST) -> list[Row]:
        """Rows of `table` with these ids that are public on `as_of`, superseded ones too, sorted by id.

        What rests on a row keeps it when another takes its place. An edition of a past day leaves out
        what `rows` leaves out. Raises Problem for an unknown table, or an id that no row has.
        """
        if self._fits_in_memory(table):
            found = [self.row(table, id) for id in sorted(set(ids))]
        else:
            wanted = set(ids)
            found = sorted((row for row in self.each_row(table) if row["id"] in wanted), key=lambda row: row["id"])
        return self._without_hindsight(table, [row for row in found if _is_public(row, as_of)], as_of)

    def _without_hindsight(self, table: str, rows: list[Row], as_of: str) -> list[Row]:
        """`rows` as they stood on `as_of`: without notes, other words of hindsight, and the names of rows not yet public.

        A row that also rests on a later source quotes nothing: the words may be that one's.
        """
        if as_of == LATEST:
            return rows
        fields = self.fields(table)
        lists = {column: field["references"] for column, field in fields.items() if "references" in field}
        later = {column: "" for column, field in fields.items() if column == "note" or field.get("hindsight")}
        passage = {column: "" for column in ("quote", "locator") if column in fields}
        named = {id for row in rows for column in lists for id in split(row[column])}
        tables = sorted(set(lists.values()))
        known = {row["id"] for each in tables for row in self.each_row(each) if row["id"] in named and _is_public(row, as_of)}

        def stood(row: Row) -> Row:
            then = {column: SEPARATOR.join(id for id in split(row[column]) if id in known) for column in lists}
            return row | then | later | (passage if then.get("source_ids") != row.get("source_ids") else {})

        return [stood(row) for row in rows]

    def superseded(self, table: str, as_of: str = LATEST) -> set[str]:
        """Ids that a row public on `as_of` supersedes, by any number of steps: also by way of a row that is not yet public."""
        if (table, as_of) not in self._superseded:
            after = self._after(table)
            public = (row["id"] for row in self.each_row(table) if row.get("supersedes") and _is_public(row, as_of))
            self._superseded[table, as_of] = {id for start in public for id in _followed(start, after)}
        return self._superseded[table, as_of]

    def successors(self, table: str, id: str) -> set[str]:
        """Ids of the rows that supersede this one, by any number of steps."""
        after = self._after(table)
        return {later for later in after if id in _followed(later, after)}

    def _after(self, table: str) -> dict[str, list[str]]:
        """What each row of a table supersedes, where it does."""
        return {row["id"]: split(row["supersedes"]) for row in self.each_row(table) if row.get("supersedes")}

    def all_rows(self, table: str) -> list[Row]:
        """Every row of `table`, superseded ones too, sorted by id."""
        if table not in self._rows:
            self._rows[table] = sorted(self._read(table), key=lambda row: row["id"])
        return self._rows[table]

    def each_row(self, table: str) -> Iterable[Row]:
        """Every row once; a large table is read from its file each time, so that no page holds a million rows to find ten."""
        return self.all_rows(table) if self._fits_in_memory(table) else self._read(table)

    def numbered(self, table: str) -> Iterator[tuple[int, Row]]:
        """Every row in the order of the file, with its number as a spreadsheet counts; read from the file each time.

        Raises Problem where the file is not the table that datapackage.json describes.
        """
        columns = list(self.fields(table))
        name = f"data/{self.tables[table]['path']}"
        for number, cells in lines(self._file(table), name, columns):
            if fault := length_fault(cells, columns):
                raise Problem(f"{name}, row {number}: {'; '.join(fault)}.")
            yield number, dict(zip(columns, cells, strict=True))

    def _fits_in_memory(self, table: str) -> bool:
        return table in self._rows or not (file := self._file(table)).is_file() or file.stat().st_size <= IN_MEMORY_BYTES

    def _read(self, table: str) -> Iterator[Row]:
        return (row for _, row in self.numbered(table))

    def _file(self, table: str) -> Path:
        return self.folder / self._table(table)["path"]

    def entity(self, id: str) -> Row:
        """The row of `entities` with this id."""
        return self.row("entities", id)

    @cached_property
    def entity_names(self) -> dict[str, str]:
        """Names of entities by id; none where the record has no table of them."""
        return {row["id"]: row["name"] for row in self.all_rows("entities")} if "entities" in self.tables else {}

    @cached_property
    def countries(self) -> dict[str, str]:
        """Names of the countries in the shapes, by ISO alpha-3 code. Raises Problem where there are none."""
        name = f"data/{SHAPES.as_posix()}"
        if not (self.folder / SHAPES).is_file():
            raise Problem(f"{name}: the names and shapes of countries are missing; copy the file from the casebook that this one was made from.")
        try:
            return {feature["id"]: feature["properties"]["name"] for feature in load(self.folder / SHAPES, name)["features"]}
        except (KeyError, TypeError):
            raise Problem(f"{name}: a feature has no id or no name; restore the file.") from None

    def country_name(self, iso3: str) -> str:
        """A country's name; the code itself for what is no country (WLD, EUE)."""
        return self.countries.get(iso3, iso3)

    def row(self, table: str, id: str) -> Row:
        """One row by its id. Raises Problem where there is none."""
        if not self._fits_in_memory(table):
            return self._row_at(table, id)
        if table not in self._by_id:
            self._by_id[table] = {row["id"]: row for row in self.all_rows(table)}
        if id not in self._by_id[table]:
            raise Problem(NO_ROW.format(table=table, id=id))
        return self._by_id[table][id]

    def _row_at(self, table: str, id: str) -> Row:
        """One row of a large table, found by where its line begins: no cell of a valid table holds a line's end."""
        if table not in self._places:
            with self._file(table).open("rb") as file:
                places = {}
                at = len(file.readline())
                for line in file:
                    places[line.split(b",", 1)[0].strip(b'"').decode("utf-8")] = at
                    at += len(line)
            self._places[table] = places
        if id not in self._places[table]:
            raise Problem(NO_ROW.format(table=table, id=id))
        with self._file(table).open("rb") as file:
            file.seek(self._places[table][id])
            text = file.readline().decode("utf-8")
        return next(csv.DictReader([text], fieldnames=list(self.fields(table))))

    def _table(self, table: str) -> dict[str, Any]:
        if table not in self.tables:
            raise Problem(f"read: no table is called '{table}'; the tables are {', '.join(self.tables)}.")
        return self.tables[table]


def _followed(start: str, after: dict[str, list[str]]) -> set[str]:
    """All that can be reached from `start`, which is not in it unless it supersedes itself."""
    found: set[str] = set()
    queue = list(after.get(start, []))
    while queue:
        if (id := queue.pop()) not in found:
            found.add(id)
            queue += after.get(id, [])
    return found


def _is_public(row: Row, as_of: str) -> bool:
    return as_of == LATEST or row.get("published_on", "") <= as_of


def parse_as_of(as_of: str) -> str:
    """Return the day that `as_of` is. Raises Problem where it is none, or not written as YYYY-MM-DD: days compare as text."""
    try:
        if date.fromisoformat(as_of).isoformat() == as_of:
            return as_of
    except (TypeError, ValueError):
        pass
    raise Problem(f"as_of is '{as_of}'; write a day as YYYY-MM-DD, or 'latest'.")


def digest(rows: Sequence[Row]) -> str:
    """SHA-256 of the rows as text: the same rows give the same digest, in any order of the file."""
    text = json.dumps([sorted(row.items()) for row in rows], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
