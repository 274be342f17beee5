"""Is the record whole? First its descriptor, then each cell of each table, then what rows say of each other."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from casebook.changes import heading_faults, versions
from casebook.checks import check_findings
from casebook.data.cells import Column
from casebook.data.fact_findings import fact_findings
from casebook.data.findings import Finding, in_lines, of_record
from casebook.data.package import descriptor
from casebook.data.record import Record
from casebook.data.sense import key_findings, sense_findings
from casebook.data.source_findings import source_findings
from casebook.data.tables import length_fault, lines
from casebook.data.units import column_findings
from casebook.errors import Problem
from casebook.verdict_findings import verdict_findings


def validate(folder: Path) -> dict[str, int]:
    """Check everything under `folder`; return the number of rows of each table.

    Raises Problem with a line for each mistake: file, row, column, value and remedy.
    """
    rows = check(folder)
    if found := list(_undescribed(folder, {f"{table}.csv" for table in rows})):
        raise Problem(*found)
    return rows


def check(folder: Path) -> dict[str, int]:
    """Check the record that datapackage.json describes, whatever else lies beside it. Returns and raises as `validate` does."""
    descriptor(folder)
    record = Record(folder)
    ids: dict[str, set[str]] = {}
    findings: list[str] = []
    for table in record.tables:
        ids[table] = set()
        try:
            findings += in_lines(_cell_findings(record, table, ids))
        except Problem as problem:
            findings += problem.findings
    if found := list(column_findings(record)):
        raise Problem(*found)
    # What rows say of each other is asked of tables that can be read, and whose keys lead somewhere.
    findings = (
        findings
        or in_lines(key_findings(record, ids), of_record)
        or [*in_lines(sense_findings(record)), *in_lines(source_findings(record)), *_version_findings(record)]
        or [*verdict_findings(record), *check_findings(record), *fact_findings(record)]
    )
    if findings:
        raise Problem(*findings)
    return {table: len(ids[table]) for table in ids}


def _cell_findings(record: Record, table: str, ids: dict[str, set[str]]) -> Iterator[Finding]:
    """Rows and cells of a table that cannot be read as what they should be; puts the ids of its rows into `ids`."""
    columns = [Column(field) for field in record.fields(table).values()]
    names = [column.name for column in columns]
    seen: dict[str, set[str]] = {column.name: set() for column in columns if column.is_unique} | {"id": ids[table]}
    for number, cells in lines(record.folder / f"{table}.csv", f"data/{table}.csv", names):
        if fault := length_fault(cells, names):
            yield Finding(table, number, "", *fault)
            continue
        for column, cell in zip(columns, cells, strict=True):
            if fault := column.fault(cell):
                yield Finding(table, number, column.name, *fault)
            elif column.is_unique and cell in seen[column.name]:
                yield Finding(table, number, column.name, f"the {column.name} '{cell}' is used twice", f"every row needs an {column.name} of its own")
            elif column.name == "id" and (other := next((name for name in ids if name != table and cell in ids[name]), None)):
                yield Finding(table, number, "id", f"'{cell}' is already a row of {other}", "ids are unique in the whole record")
            elif column.is_unique:
                seen[column.name].add(cell)


def _version_findings(record: Record) -> Iterator[str]:
    """CHANGES.md says what the version brought."""
    version = record.package["version"]
    if faults := list(heading_faults(record.folder)):
        yield from faults
    elif version not in [known.name for known in versions(record.folder)]:
        yield f"data/CHANGES.md: there is no entry '## {version}'; say what this version of the record brought."


def _undescribed(folder: Path, tables: set[str]) -> Iterator[str]:
    """Tables under data/ that nobody described."""
    for file in sorted(folder.rglob("*")):
        name = file.relative_to(folder).as_posix()
        if file.suffix.lower() == ".csv" and file.is_file() and name not in tables:
            command = f".venv/bin/casebook add-table {name[: -len(file.suffix)]}"
            yield f"data/{name}: datapackage.json does not describe this table; run `{command}`, or move the file out of data/."
