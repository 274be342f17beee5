"""What a refresher found, against the record: rows that are new, that follow on ours, that disagree. A person accepts."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from casebook.data.record import Record, Row, split
from casebook.desk import add_all
from casebook.errors import Problem
from casebook.files import as_csv, replace

NEW, FOLLOWS, DISAGREES, SOURCES = "new", "supersedes", "disagrees", "sources"


@dataclass(frozen=True)
class Found:
    """A row that a source has, and the row of `sources` it came from.

    `key_columns` say which figure it is; `value_column` holds it.
    """

    table: str
    row: Row
    source: Row
    key_columns: tuple[str, ...]
    value_column: str


@dataclass
class Proposal:
    """Rows by table: not in the record; later words of a source on a row of ours; other sources' words against ours (both rows)."""

    new: dict[str, list[Row]] = field(default_factory=dict)
    supersedes: dict[str, list[Row]] = field(default_factory=dict)
    disagrees: dict[str, list[Row]] = field(default_factory=dict)
    sources: dict[str, Row] = field(default_factory=dict)
    known: int = 0

    def __bool__(self) -> bool:
        return bool(self.new or self.supersedes or self.disagrees)

    def summary(self) -> str:
        """One line for people."""
        counts = (f"{sum(map(len, rows.values()))} {word}" for rows, word in self._parts())
        return f"{', '.join(counts)}; {self.known} already in the record"

    def _parts(self) -> tuple[tuple[dict[str, list[Row]], str], ...]:
        return (self.new, "new"), (self.supersedes, "superseding"), (self.disagrees, "in disagreement")


def compare(record: Record, found: Iterable[Found]) -> Proposal:
    """Hold what was found against the record. Raises Problem for a table or column that the record lacks."""
    proposal = Proposal()
    proposed: dict[tuple[str, ...], Found] = {}
    publisher = {row["id"]: row["publisher"] for row in record.all_rows("sources")}
    for one in sorted(found, key=lambda one: (one.table, one.row["published_on"], one.row["id"])):
        if unknown := sorted(set(one.row) - set(record.fields(one.table))):
            raise Problem(f"table {one.table} has no column '{unknown[0]}'; correct the refresher, or data/refresh.yml.")
        key = (one.table, *(one.row[column] for column in one.key_columns))
        row = {name: one.row.get(name, "") for name in record.fields(one.table)} | {"source_ids": one.source["id"]}
        ours = record.rows(one.table, **{column: one.row[column] for column in one.key_columns})
        earlier = proposed.get(key)
        if any(agree(old[one.value_column], row[one.value_column]) for old in ours) or (
            earlier and agree(earlier.row[one.value_column], row[one.value_column])
        ):
            proposal.known += 1
            continue
        older = [
            old
            for old in ours
            if [publisher.get(id) for id in split(old["source_ids"])[:1]] == [one.source["publisher"]] and old["published_on"] < row["published_on"]
        ]
        if earlier:
            proposal.supersedes.setdefault(one.table, []).append(row | {"supersedes": earlier.row["id"]})
        elif older:
            proposal.supersedes.setdefault(one.table, []).append(row | {"supersedes": older[-1]["id"]})
        elif ours:
            proposal.disagrees.setdefault(one.table, []).extend([*ours, row])
        else:
            proposal.new.setdefault(one.table, []).append(row)
        if earlier or older or not ours:
            proposed[key] = one
        proposal.sources[one.source["id"]] = {name: one.source.get(name, "") for name in record.fields(SOURCES)}
    for id in set(proposal.sources) & set(publisher):
        del proposal.sources[id]
    return proposal


def write(proposal: Proposal, folder: Path) -> None:
    """Put a proposal in the place of the last one, as CSV files by kind and table; an empty one leaves no folder."""
    scratch = folder.with_name(folder.name + ".part")
    shutil.rmtree(scratch, ignore_errors=True)
    if proposal:
        for kind, tables in ((NEW, proposal.new), (FOLLOWS, proposal.supersedes), (DISAGREES, proposal.disagrees)):
            for table, rows in tables.items():
                _write_csv(scratch / kind / f"{table}.csv", rows)
        _write_csv(scratch / f"{SOURCES}.csv", sorted(proposal.sources.values(), key=lambda row: row["id"]))
    shutil.rmtree(folder, ignore_errors=True)
    if proposal:
        scratch.rename(folder)


def accept(data: Path, folder: Path) -> int:
    """Add the new and superseding rows of a proposal, and their sources, to the record; return how many rows.

    What disagrees is left to an editor. Raises Problem, with nothing written, where the record would not be whole.
    """
    if not folder.is_dir():
        raise Problem(f"{folder}: there is no such proposal; 'make refresh' writes one.")
    rows: dict[str, list[Row]] = {}
    for kind in (NEW, FOLLOWS):
        for file in sorted((folder / kind).rglob("*.csv")):
            rows.setdefault(file.relative_to(folder / kind).with_suffix("").as_posix(), []).extend(_read_csv(file))
    cited = {id for found in rows.values() for row in found for id in split(row["source_ids"])}
    sources = [row for row in _read_csv(folder / f"{SOURCES}.csv") if row["id"] in cited]
    count = sum(map(len, rows.values()))
    add_all(data, {SOURCES: sources, **rows})
    shutil.rmtree(folder)
    return count


def agree(ours: str, theirs: str) -> bool:
    """Whether two figures are the same but for the zeros to which ours was rounded, and for those only within a thousandth of it."""
    if not ours or not theirs:
        return ours == theirs
    digits = ours.split(".")[0].lstrip("-")
    zeros = len(digits) - len(digits.rstrip("0"))
    rounded_to = min(10**zeros, abs(float(ours)) / 1000) if zeros else 0
    return abs(float(ours) - float(theirs)) <= rounded_to / 2


def _write_csv(file: Path, rows: Sequence[Row]) -> None:
    replace(file, as_csv(rows[0] if rows else [], rows))


def _read_csv(file: Path) -> list[Row]:
    if not file.is_file():
        return []
    with file.open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))
