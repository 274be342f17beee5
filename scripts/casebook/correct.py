"""A correction: a row that supersedes the one that stands for a fact, with what was wrong in it put right."""

from __future__ import annotations

import re
from pathlib import Path

from casebook.data.facts import Facts
from casebook.data.record import Record, Row
from casebook.desk import add
from casebook.errors import Problem


def correct(data: Path, table: str, fact: str, cells: dict[str, str], source: str, published_on: str = "", note: str = "") -> tuple[Row, Row]:
    """Add the row that supersedes a statement of `fact`; return both, the old one first.

    `fact` is the id of a row, or what tells the fact apart, such as `company=x,metric=revenue,period_end=2024-12-31`;
    then its standing row is meant. `cells` are the columns to put right. `published_on` is the source's own day
    unless one is given. Raises Problem, with nothing written, where the fact is not one, nothing would change, or the
    record would not be whole.
    """
    record = Record(data)
    if unknown := sorted(set(cells) - set(record.fields(table))):
        raise Problem(f"table {table} has no column '{unknown[0]}'; it has {', '.join(record.fields(table))}.")
    row = _standing(record, table, fact, next(iter(cells), ""))
    if all(row[column] == cell for column, cell in cells.items()):
        raise Problem(f"data/{table}.csv: '{row['id']}' says so already: {', '.join(f'{name}={cell}' for name, cell in cells.items())}.")
    follows = row | {
        "id": _next_id(record, table, row["id"]),
        "source_ids": source,
        "published_on": published_on or record.row("sources", source)["published_on"],
        "supersedes": row["id"],
        "note": note,
    }
    add(data, table, follows | cells)
    return row, follows | cells


def _standing(record: Record, table: str, fact: str, column: str) -> Row:
    """The row that a correction supersedes."""
    if "=" not in fact:
        row = record.row(table, fact)
        if row["id"] in record.superseded(table):
            later = sorted(record.successors(table, fact) - record.superseded(table))
            raise Problem(f"data/{table}.csv: '{fact}' was superseded by '{', '.join(later)}'; correct that one.")
        return row
    where = {name: cell for name, _, cell in (part.partition("=") for part in fact.split(","))}
    found = Facts(record).ask(table, column, **where)
    if not found:
        raise Problem(f"data/{table}.csv: no row that fits {fact} states {column}; name another fact, or add a row.")
    if len(found) > 1:
        ids = ", ".join(one.row["id"] for one in found[:5])
        raise Problem(f"data/{table}.csv: {len(found)} facts fit {fact}, among them those of {ids}; say more, or name a row.")
    return found[0].row


def _next_id(record: Record, table: str, id: str) -> str:
    stem = re.sub(r"-v\d+$", "", id)
    taken = {row["id"] for row in record.all_rows(table)}
    return next(f"{stem}-v{number}" for number in range(2, len(taken) + 3) if f"{stem}-v{number}" not in taken)
