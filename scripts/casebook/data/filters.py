"""Filters: which rows of a table are asked for, by the values of its columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from casebook.data.cells import day_fault, number_fault
from casebook.errors import Problem

Value = str | int | float | bool


class Filter:
    """Keeps the rows whose column equals a value, or one of several; a column of lists, those that hold one.

    Numbers are compared as numbers. `values` are what is asked of each column, as text.
    Raises Problem for an unknown column, and for a value that the column can never hold.
    """

    def __init__(self, table: str, fields: Mapping[str, Mapping[str, Any]], where: Mapping[str, Any]) -> None:
        self.values: dict[str, set[str]] = {}
        self._kinds: dict[str, str] = {}
        for column, value in where.items():
            if column not in fields:
                raise Problem(f"read: table {table} has no column '{column}'; it has {', '.join(fields)}.")
            kind, asked = fields[column]["type"], plain(column, value)
            texts = {_text(one) for one in (asked if isinstance(asked, list) else [asked])}
            if fault := next((fault for text in texts if text and (fault := _fault(text, kind))), None):
                raise Problem(f"read: {table}.{column} is of the kind {kind}, and {fault}.")
            enum = fields[column].get("constraints", {}).get("enum")
            if enum and (unknown := sorted(texts - set(enum))):
                raise Problem(f"read: {table}.{column} never holds '{unknown[0]}'; it holds {', '.join(enum)}.")
            self.values[column], self._kinds[column] = {_same(text, kind) for text in texts}, kind

    def fits(self, row: Mapping[str, str]) -> bool:
        """Whether a row is asked for."""
        return all(not values.isdisjoint(_held(row[name], self._kinds[name])) for name, values in self.values.items())


def plain(column: str, value: Any) -> Value | list[Value]:
    """What is asked of a column as plain values: numbers of numpy as Python's, days as ISO text, any sequence as a list.

    Raises Problem for what no cell can equal, such as None.
    """
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        return [_plain(column, one) for one in value]
    return _plain(column, value)


def _plain(column: str, value: Any) -> Value:
    if not isinstance(value, Value) and hasattr(value, "item"):
        value = value.item()
    # What is not equal to itself is no number and no day.
    if isinstance(value, date) and value == value:
        return value.isoformat()[:10]
    if isinstance(value, Value) and value == value:
        return value
    raise Problem(f"read: {column} is asked for {value}, which no cell holds; ask for a value, or for '' where the cell is empty.")


def _text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _fault(text: str, kind: str) -> str | None:
    """What is wrong with a text that a cell of this kind should equal."""
    found = None
    match kind:
        case "number" | "integer":
            found = number_fault(text)
        case "date":
            found = day_fault(text)
        case "boolean" if text not in ("true", "false"):
            found = f"'{text}' is neither true nor false", "ask for one of them"
    return "; ".join(found) if found else None


def _held(cell: str, kind: str) -> list[str]:
    """What may be asked of a cell."""
    return cell.split(";") if kind == "list" else [_same(cell, kind)]


def _same(text: str, kind: str) -> str:
    """A number in one form, however it is written: 1e3, 1000 and 1000.0 are one."""
    return repr(float(text)) if text and kind in ("number", "integer") else text
