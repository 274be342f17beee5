"""Units of the record: every number that is printed has one that `datapackage.json` describes."""

from __future__ import annotations

from collections.abc import Iterator

from casebook.data.findings import Finding
from casebook.data.record import Record
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


def cell_findings(record: Record, table: str) -> Iterator[Finding]:
    """What is wrong with the units of a table's rows: no unit, an unknown one, a fraction of what is counted whole."""
    fields = record.fields(table)
    columns = [column for column, field in fields.items() if "unit" in field]
    for number, row in record.numbered(table) if columns else ():
        for column in (column for column in columns if row[column]):
            name = record.unit_of(table, column, row)
            if not name:
                where = fields[column]["unit"]["column"]
                yield Finding(table, number, column, f"{row[column]} has no unit", f"name one in column {where}")
                continue
            try:
                record.units[name].check(float(row[column]))
            except Problem as problem:
                what, _, remedy = str(problem).removesuffix(".").partition("; ")
                yield Finding(table, number, column, what, remedy)
