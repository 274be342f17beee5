"""Units of the record: every number that is printed has one that `datapackage.json` describes."""

from __future__ import annotations

from collections.abc import Iterator

from casebook.data.record import Record, Row
from casebook.errors import Problem


def column_findings(record: Record) -> Iterator[str]:
    """What is wrong with the units that `datapackage.json` gives to columns."""
    for table in record.tables:
        fields = record.fields(table)
        for column, field in fields.items():
            unit, where = field.get("unit", ""), f"data/datapackage.json, table {table}, column {column}"
            if unit and field["type"] not in ("number", "integer"):
                yield f"{where}: it has a unit and is a {field['type']}; only numbers have units."
            elif isinstance(unit, dict):
                if unit["column"] not in fields:
                    yield f"{where}: its unit is in column '{unit['column']}', which the table does not have; it has {', '.join(fields)}."
            elif unit:
                try:
                    record.units[unit]
                except Problem as problem:
                    yield f"{where}: {problem}"


def cell_findings(record: Record, table: str, row: Row, where: str) -> Iterator[str]:
    """What is wrong with the units of one row, which stands at `where`: no unit, an unknown one, a fraction of what is counted whole."""
    for column, field in record.fields(table).items():
        if (unit := field.get("unit")) and row[column]:
            if name := record.unit_of(table, column, row):
                try:
                    record.units[name].check(float(row[column]))
                except Problem as problem:
                    yield f"{where}, column {column}: {problem}"
            else:
                yield f"{where}, column {column}: {row[column]} has no unit; name one in column {unit['column']}."
