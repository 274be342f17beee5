"""Cells of a table as readers meet them, and what its columns are sorted by."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from casebook.data.read import printed
from casebook.errors import Problem
from casebook.format import day

Units = Mapping[str, str | pd.Series]
# By what a column is sorted: a number or an ISO day for each row (None for an empty cell), None where its text
# will do, False where its units do not compare.
Sort = list[float | str | None] | None | bool


def columns_of(frame: pd.DataFrame, units: Units, rows: Sequence[pd.DataFrame] = ()) -> tuple[list[list[str]], list[Sort]]:
    """The texts of each column of `frame`, and what it is sorted by.

    A column of numbers prints in its unit in `units`, by column's name: one unit, or one for each row. One that is not
    named there may hold whole numbers only. The days of record rows (`rows`) print as precisely as they are known, others
    as days, and what is missing as nothing.
    Raises Problem for a column without a heading, a unit of no column, a fraction without a unit, and as `printed`.
    """
    if not all(isinstance(name, str) and name.strip() for name in frame.columns):
        raise Problem("a column has no heading; name it in words.")
    if unknown := sorted(units.keys() - set(frame.columns)):
        raise Problem(f"units= names the column '{unknown[0]}'; the columns are {', '.join(frame.columns)}.")
    texts, sorts = [], []
    for position, name in enumerate(frame.columns):
        column = frame.iloc[:, position]
        try:
            if pd.api.types.is_datetime64_any_dtype(column):
                text, sort = _days(column, rows)
            else:
                text, sort = _column(column, units.get(name))
        except Problem as problem:
            raise Problem(f"column '{name}': {problem}") from None
        texts.append(text)
        sorts.append(sort)
    return texts, sorts


def _days(column: pd.Series, rows: Sequence[pd.DataFrame]) -> tuple[list[str], Sort]:
    known = next((part.loc[column.index, "date_precision"] for part in rows if _are_of(column, part)), None)
    sort: list[float | str | None] = [None if pd.isna(each) else f"{each:%Y-%m-%d}" for each in column]
    precise = ["day"] * len(sort) if known is None else known.fillna("day")
    return [day(str(iso), precision) if iso else "" for iso, precision in zip(sort, precise, strict=True)], sort


def _are_of(column: pd.Series, rows: pd.DataFrame) -> bool:
    """Whether the days of a column are those of these rows, as pandas aligns them: by the labels of both."""
    if not {"event_date", "date_precision"} <= set(rows.columns) or not (rows.index.is_unique and column.index.isin(rows.index).all()):
        return False
    return bool((rows.loc[column.index, "event_date"] == column).all())


def _column(column: pd.Series, unit: str | pd.Series | None) -> tuple[list[str], Sort]:
    if unit is None and not _is_numeric(column):
        return ["" if _is_missing(cell) else str(cell) for cell in column], None
    sort: Sort = [None if pd.isna(value) else float(value) for value in column]
    if isinstance(unit, pd.Series):
        known = unit.where(column.notna().to_numpy(), "")
        return list(printed(column, unit)), sort if known[known != ""].nunique() < 2 else False
    return list(printed(column, unit or "count")), sort


def _is_numeric(column: pd.Series) -> bool:
    return pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)


def _is_missing(cell: Any) -> bool:
    return bool(pd.api.types.is_scalar(cell) and pd.isna(cell))
