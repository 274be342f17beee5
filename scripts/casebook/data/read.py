"""`read`: the one way by which a notebook touches the record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, overload

import pandas as pd
from IPython.core.getipython import get_ipython
from IPython.display import display

from casebook.data.record import Record, Value, digest
from casebook.mime import READ_MIME
from casebook.project import Project


class PageReads:
    """What this page has read so far: the table of each row by id (ids are unique in the record), and its edition.

    A page may read an earlier day beside its own, so its edition is the latest that it read.
    """

    table_of: ClassVar[dict[str, str]] = {}
    as_of: ClassVar[str] = ""


@lru_cache
def record_at(folder: Path) -> Record:
    return Record(folder)


def read(table: str, as_of: str, **where: Value | Sequence[Value]) -> pd.DataFrame:
    """Return the rows of `table` as known on `as_of`, one row each, indexed from 0, sorted by id.

    Columns are those of the table; numbers are float64 (money in the row's own currency),
    integers Int64, dates datetime64, booleans bool; lists stay text, parted by semicolons.
    `where` filters by equality, or by membership for a list. The read writes itself into
    the page: table, filter, as_of, ids and a digest of the rows; from that alone the page's
    sources, its download and its staleness follow.

    Raises Problem for an unknown table, column, value or date.
    """
    record = record_at(Project.find().data)
    rows = record.rows(table, as_of, **where)
    PageReads.table_of.update((row["id"], table) for row in rows)
    # "latest" sorts after every day.
    PageReads.as_of = max(PageReads.as_of, as_of)
    if get_ipython() is not None:
        filters = {column: list(v) if not isinstance(v, Value) else v for column, v in where.items()}
        log = {"table": table, "as_of": as_of, "where": filters, "ids": [r["id"] for r in rows], "digest": digest(rows)}
        display({READ_MIME: log}, raw=True)
    fields = record.fields(table)
    frame = pd.DataFrame(rows, columns=list(fields))
    return frame.assign(**{name: _typed(frame[name], field["type"]) for name, field in fields.items()})


@overload
def printed(values: float | str, units: str) -> str: ...
@overload
def printed(values: pd.Series, units: str | pd.Series) -> pd.Series: ...
def printed(values: Any, units: Any) -> Any:
    """Values as readers meet them, in their unit (an entry of `units` in datapackage.json, `date` for a day): a text for
    one value, a column of texts for a column, whose unit may be a column too; "" where there is no value.

    Raises Problem for an unknown unit, and for a fraction of what is counted whole.
    """
    of = record_at(Project.find().data).units

    def text(value: Any, unit: str) -> str:
        return "" if pd.isna(value) else of.text(f"{value:%Y-%m-%d}" if isinstance(value, date) else value, unit)

    if not isinstance(values, pd.Series):
        return text(values, units)
    each = units if isinstance(units, pd.Series) else pd.Series(units, values.index)
    return pd.Series([text(*pair) for pair in zip(values, each, strict=True)], values.index, dtype="object")


def countries() -> list[str]:
    """ISO alpha-3 codes of all countries that have a shape."""
    return sorted(record_at(Project.find().data).countries)


def country(iso3: str) -> str:
    """A country's name by its ISO alpha-3 code; the code itself for what is no country (WLD, EUE)."""
    return record_at(Project.find().data).country_name(iso3)


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
