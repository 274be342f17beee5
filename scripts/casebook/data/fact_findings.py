"""What must hold of a record's facts, beyond what each row must: said by `validate`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from casebook.data.facts import RANKS, Facts, fact_key
from casebook.data.record import Record, Row, split


def fact_findings(record: Record) -> Iterator[str]:
    """A line for each fault: keys that are no columns, rows of a fact that differ where they must agree, idle marks."""
    keyed = [table for table in record.tables if "factKey" in record.tables[table]]
    for table in keyed:
        if missing := sorted(set(fact_key(record, table)) - set(record.fields(table))):
            yield f"data/datapackage.json, table {table}, factKey: it has no column '{missing[0]}'; name columns of the table."
            return
    for table in keyed:
        yield from _differing(record, table)
        yield from _astray(record, table)
    yield from _marks(record)
    for table, fact in Facts(record).disputes():
        if fact.by == "id":
            rivals = ", ".join(f"'{rival['id']}'" for rival in fact.rivals)
            yield (
                f"data/{table}.csv, column {fact.column}: nothing but their ids puts '{fact.row['id']}' before {rivals}, and they "
                f"disagree; add a row to {RANKS} that prefers one, with the reason."
            )


def _differing(record: Record, table: str) -> Iterator[str]:
    """The standing rows of a fact agree on what belongs to the fact."""
    columns = [name for name, field in record.fields(table).items() if field.get("of") == "fact"]
    first: dict[tuple[str, ...], Row] = {}
    for row in record.rows(table):
        other = first.setdefault(_key(record, table, row), row)
        if column := next((name for name in columns if row[name] != other[name]), None):
            yield (
                f"data/{table}.csv, row of '{row['id']}', column {column}: '{row[column]}', where '{other['id']}' tells of the same fact "
                f"and says '{other[column]}'; correct one, or tell the facts apart by {', '.join(fact_key(record, table))}."
            )


def _astray(record: Record, table: str) -> Iterator[str]:
    """A row that supersedes one of another fact says in its note why."""
    rows = {row["id"]: row for row in record.all_rows(table)}
    for row in rows.values():
        for id in split(row.get("supersedes", "")):
            if id in rows and _key(record, table, rows[id]) != _key(record, table, row) and not row.get("note"):
                yield (
                    f"data/{table}.csv, row of '{row['id']}', column supersedes: '{id}' tells of another fact "
                    f"({', '.join(fact_key(record, table))} differ); name a row of the same fact, or say in the note why."
                )


def _marks(record: Record) -> Iterator[str]:
    """A mark names a row and a column that are there; one row of a fact is preferred; and it changes something."""
    if RANKS not in record.tables:
        return
    preferred: dict[tuple[str, tuple[str, ...], str], str] = defaultdict(str)
    for mark in record.rows(RANKS):
        where = f"data/{RANKS}.csv, row of '{mark['id']}'"
        table = mark["table"]
        if table not in record.tables or "factKey" not in record.tables[table]:
            yield f"{where}, column table: '{table}' is not a table of facts; name one that has a factKey in datapackage.json."
            continue
        row = next((row for row in record.all_rows(table) if row["id"] == mark["row"]), None)
        if row is None:
            yield f"{where}, column row: no row of {table} has the id '{mark['row']}'; correct it."
        elif mark["column"] and mark["column"] not in record.fields(table):
            yield f"{where}, column column: table {table} has no column '{mark['column']}'; it has {', '.join(record.fields(table))}."
        elif mark["rank"] == "preferred":
            asked = (table, _key(record, table, row), mark["column"])
            if other := preferred[asked]:
                yield f"{where}: '{other}' prefers another row of the same fact; keep one of the two."
            preferred[asked] = mark["id"]


def _key(record: Record, table: str, row: Row) -> tuple[str, ...]:
    return tuple(row[name] for name in fact_key(record, table))
