"""`read`, `facts` and `fact`: the ways by which a notebook touches the record."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, ClassVar, overload

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import display

from casebook.data.facts import ADDED, DISPUTES, answer, fact_key
from casebook.data.filters import Value, plain
from casebook.data.record import LATEST, Record, Row, digest, split
from casebook.data.shapes import SHAPES
from casebook.errors import Problem, counted
from casebook.format import Units, day
from casebook.mime import READ_MIME
from casebook.project import Project


class PageReads:
    """What this page has read so far: the table of each row by id (ids are unique in the record), the ids of each read,
    and the latest day.
    """

    table_of: ClassVar[dict[str, str]] = {}
    ids: ClassVar[list[frozenset[str]]] = []
    as_of: ClassVar[str] = ""


def edition() -> str:
    """The day that the page speaks for: its parameter `as_of`; without one, the latest that it has read."""
    shell = get_ipython()
    return str(shell.user_ns.get("as_of", PageReads.as_of)) if shell else PageReads.as_of


def known_on() -> str:
    """The day that the page speaks for, as a reader meets it: of the latest edition, that of the record."""
    record = record_at(Project.find().data)
    return day(record.known_on(edition() or LATEST))


_RECORDS: dict[Path, tuple[list[tuple[int, int]], Record]] = {}


def record_at(folder: Path) -> Record:
    """The record under `folder` as its files stand now: held while they do, so that a notebook never sees an old row."""
    stamp, record = _RECORDS.get(folder, ([], None))
    if record is None or stamp != _stamp(record):
        record = Record(folder)
        _RECORDS[folder] = _stamp(record), record
    return record


def _stamp(record: Record) -> list[tuple[int, int]]:
    """When each file of a record was changed, and its bytes."""
    paths = ["datapackage.json", SHAPES, *(table["path"] for table in record.tables.values())]
    stats = [(record.folder / path).stat() for path in paths if (record.folder / path).is_file()]
    return [(stat.st_mtime_ns, stat.st_size) for stat in stats]


def read(table: str, as_of: str, **where: Value | Sequence[Value]) -> pd.DataFrame:
    """Return the rows of `table` as known on `as_of`, one row each, indexed from 0, sorted by id.

    Columns are those of the table; numbers are float64 (money in the row's own currency),
    integers Int64, dates datetime64, booleans bool; lists stay text, parted by semicolons.
    `where` keeps the rows whose column equals a value, or one of several; a column of lists, those that hold it. The read
    writes itself into the page: table, filter, as_of, ids and a digest of the rows; from that alone the page's sources,
    its download and its staleness follow.

    Raises Problem for an unknown table, column, value or date.
    """
    record, rows = _ask({"table": table, "as_of": as_of, "where": where})
    return _frame(record, table, rows)


def facts(table: str, column: str, as_of: str, **where: Value | Sequence[Value]) -> pd.DataFrame:
    """Return the facts of `table` as known on `as_of`: of each, the one row that stands for `column`, sorted by id.

    Columns are those of `read`, and five that say what other rows state of the same fact: `states` (how many rows,
    Int64), `low` and `high` (the ends of all that was said of `column`, float64; NaN for what is no number), `beside`
    (ids of the rows that disagree beyond rounding, parted by semicolons) and `by` (what put this row before them).
    `where` filters by the columns that tell a fact apart or follow from it, and by `status`. Any row may be
    superseded, or outranked by a better one, and the same question gives the fact as it stands then.

    Raises Problem as `read` does, for a table without a fact key, and for a filter on what a row says.
    """
    record, rows = _ask({"table": table, "column": column, "as_of": as_of, "where": where})
    frame = _frame(record, table, rows)
    for name in ("beside", "by"):
        frame[name] = pd.Series([row[name] for row in rows], dtype="object")
    frame["states"] = pd.Series([row["states"] for row in rows], dtype="Int64")
    for name in ("low", "high"):
        frame[name] = pd.to_numeric(pd.Series([row[name] or None for row in rows], dtype="object")).astype("float64")
    frame.attrs["column"] = column
    return frame


def disputes(as_of: str) -> pd.DataFrame:
    """Return every fact whose rows disagree beyond rounding, as known on `as_of`, one row each.

    Columns are `id` (the row that stands), `table`, `fact` (what tells it apart), `column`, `stands` (its value),
    `unit` ("" for none), and `states`, `low`, `high`, `beside` and `by` as `facts` gives them; all are text but the numbers.
    """
    _, rows = _ask({"table": DISPUTES, "as_of": as_of, "where": {}})
    columns = ["id", "table", "fact", "column", "stands", "unit", *ADDED]
    numbers = {"states": "int64", "stands": "float64", "low": "float64", "high": "float64"}
    return pd.DataFrame(rows, columns=columns).astype(numbers)


def fact(table: str, column: str, as_of: str, **where: Value | Sequence[Value]) -> pd.DataFrame:
    """Return the one fact that `where` names, as `facts` does; no row where an earlier edition does not know it yet.

    Raises Problem where more than one fits, and in today's book where none does.
    """
    found = facts(table, column, as_of, **where)
    asked = ", ".join(f"{name}={value}" for name, value in where.items())
    if len(found) > 1:
        key = fact_key(record_at(Project.find().data), table)
        open_ = [name for name in key if found[name].nunique(dropna=False) > 1]
        raise Problem(f"fact: {len(found)} facts of {table} fit {asked}; say also {' or '.join(open_)}, or ask for facts().")
    if found.empty and as_of == LATEST:
        raise Problem(f"fact: no row of {table} that fits {asked} states {column}; look at the filter, or at the record.")
    return found


def _ask(question: dict[str, Any]) -> tuple[Record, list[Row]]:
    """What the record answers; the question, and a digest of the answer, are written into the page."""
    record = record_at(Project.find().data)
    question = question | {"where": {column: plain(column, value) for column, value in question["where"].items()}}
    rows = answer(record, question)
    as_of = question["as_of"]
    rested: dict[str, set[str]] = {}
    for row in rows:
        table = row["table"] if question["table"] == DISPUTES else question["table"]
        rested.setdefault(table, set()).update([row["id"], *split(row.get("beside", ""))])
    PageReads.table_of.update((id, table) for table, ids in rested.items() for id in ids)
    PageReads.ids.append(frozenset(row["id"] for row in rows))
    # "latest" sorts after every day.
    PageReads.as_of = max(PageReads.as_of, as_of)
    if get_ipython() is not None:
        log = question | {"ids": [row["id"] for row in rows], "digest": digest(rows)}
        log["rows"] = {table: sorted(ids) for table, ids in sorted(rested.items())}
        display({READ_MIME: log, "text/plain": _told(question, len(rows))}, raw=True)
    return record, rows


def _told(question: Mapping[str, Any], count: int) -> str:
    """What was read, for those who open the notebook outside the book."""
    where = ", ".join(
        f"{name} {', '.join(map(str, value)) if isinstance(value, list) else value or 'empty'}" for name, value in question["where"].items()
    )
    return f"Read {counted(count, 'fact' if 'column' in question else 'row')} of {question['table']}{f' ({where})' if where else ''}."


def _frame(record: Record, table: str, rows: list[Row]) -> pd.DataFrame:
    fields = record.fields(table)
    frame = pd.DataFrame(rows, columns=list(fields))
    return frame.assign(**{name: _typed(frame[name], field["type"]) for name, field in fields.items()})


def units() -> Units:
    """The units of the record."""
    return record_at(Project.find().data).units


@overload
def printed(values: float | str, unit: str) -> str: ...
@overload
def printed(values: pd.Series, unit: str | pd.Series) -> pd.Series: ...
def printed(values: Any, unit: Any) -> Any:
    """Values as readers meet them, in their unit (an entry of `units` in datapackage.json, `date` for a day): a text for
    one value, a column of texts for a column, whose unit may be a column too; "" where there is no value.

    Raises Problem for an unknown unit, and for a fraction of what is counted whole.
    """
    known = units()

    def text(value: Any, unit: str) -> str:
        return "" if pd.isna(value) else known.text(f"{value:%Y-%m-%d}" if isinstance(value, date) else value, unit)

    if not isinstance(values, pd.Series):
        return text(values, unit)
    each = unit if isinstance(unit, pd.Series) else [unit] * len(values)
    return pd.Series([text(*pair) for pair in zip(values, each, strict=True)], values.index, dtype="object")


def countries() -> list[str]:
    """ISO alpha-3 codes of all countries that have a shape."""
    return sorted(record_at(Project.find().data).countries)


def country(iso3: str) -> str:
    """A country's name by its ISO alpha-3 code; the code itself for what is no country (WLD, EUE)."""
    return record_at(Project.find().data).country_name(iso3)


def entity(id: str, as_of: str) -> str:
    """An entity's name by its id; the id itself where the record did not know it then. Asking is a read, as `read` is."""
    found = read("entities", as_of, id=id)
    return str(found["name"].iloc[0]) if len(found) else id


def _typed(column: pd.Series, kind: str) -> pd.Series:
    match kind:
        case "number":
            return pd.to_numeric(column.replace("", None)).astype("float64")
        case "integer":
            return pd.to_numeric(column.replace("", None)).astype("Int64")
        case "date":
            return pd.to_datetime(column.replace("", None), format="%Y-%m-%d")
        case "boolean":
            return column == "true"
    return column.astype("object")
