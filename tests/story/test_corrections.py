"""The record can be corrected: whatever row an exhibit rests on is superseded, and the book follows without a change of code."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from casebook.data.record import Record, Row
from casebook.files import as_csv
from casebook.named_rows import named_tables
from casebook.plan import exhibits_of, made_page, plan
from casebook.project import Project
from casebook.run import run
from casebook.what_if import copy_sources
from tests.conftest import RECORD, ROOT

Exhibits = dict[str, dict[str, Any]]
SEED = 23
# What is asked for by id is the name of a thing, and is corrected in its place.
THINGS = named_tables(RECORD)
NUMBERS = ("number", "integer")
# A list of corrections grows by each.
GROWS = "corrections-rows"


def exhibits(project: Project) -> Exhibits:
    steps = plan(project, Record(project.data), project.book)
    run(project, steps, project.book)
    return {exhibit["id"]: exhibit for step in steps for exhibit in exhibits_of(made_page(project.book, step.page.name))}


def rested_on(found: Exhibits) -> dict[str, set[str]]:
    """Ids of all rows that some exhibit rests on, by table; of what is said, not of things that are asked for by id."""
    rows: dict[str, set[str]] = {}
    for exhibit in found.values():
        for table, ids in exhibit["rows"].items():
            if table not in THINGS:
                rows.setdefault(table, set()).update(ids)
    return rows


def supersede(data: Path, rows: dict[str, set[str]], change: Callable[[Row, list[str]], dict[str, str]]) -> None:
    """Add to each row one that supersedes it, with what `change(row, its figures)` gives."""
    record = Record(data)
    for table, ids in rows.items():
        kinds = {name: field["type"] for name, field in record.fields(table).items()}
        key = record.tables[table].get("factKey", [])
        figures = [name for name, kind in kinds.items() if kind in NUMBERS and name not in key and "of" not in record.fields(table)[name]]
        standing = {row["id"]: row for row in record.rows(table)}
        later = [
            row | change(row, [name for name in figures if row[name]]) | {"id": f"{id}-v2", "supersedes": id}
            for id, row in standing.items()
            if id in ids
        ]
        file = data / record.tables[table]["path"]
        file.write_text(as_csv(kinds, [*record.all_rows(table), *later]), "utf-8")


def test_every_row_is_superseded_by_its_equal_and_only_ids_differ(site: Path, tmp_path: Path) -> None:
    before = exhibits(Project(ROOT))
    copy = copy_sources(Project(ROOT), tmp_path)
    rows = rested_on(before)
    supersede(copy.data, rows, lambda row, figures: {})
    after = exhibits(copy)
    # An id is a word of its own wherever it stands.
    plain = {f"{id}-v2": id for ids in rows.values() for id in ids}
    assert before.keys() == after.keys()
    assert [id for id in before if id != GROWS and _named(after[id], plain) != _named(before[id], {})] == []


def test_rows_are_superseded_by_another_value_and_what_rests_on_them_moves(site: Path, tmp_path: Path) -> None:
    before = exhibits(Project(ROOT))
    draw = random.Random(SEED)
    rows = {table: {id for id in sorted(ids) if draw.random() < 0.1} for table, ids in rested_on(before).items() if table.split("/")[0] != "claims"}
    copy = copy_sources(Project(ROOT), tmp_path)
    supersede(copy.data, rows, _three_per_cent_more)
    after = exhibits(copy)
    numbers = {id: exhibit for id, exhibit in before.items() if exhibit["kind"] == "number"}
    assert numbers.keys() == {id for id, exhibit in after.items() if exhibit["kind"] == "number"}
    moved = {id for id, number in numbers.items() if after[id]["value"] != number["value"]}
    touched = {id for id, number in numbers.items() if _touches(number, rows) or _touches(after[id], _later(rows))}
    assert moved and moved <= touched
    own = {id for id in touched if _touches({"rows": numbers[id]["rows"]}, rows)}
    figure = {id for id in own if numbers[id]["unit"] in ("USD", "t", "times") and sum(map(len, numbers[id]["rows"].values())) == 1}
    assert figure and figure - moved == set()


def _three_per_cent_more(row: Row, figures: list[str]) -> dict[str, str]:
    return {name: f"{float(row[name]) * 1.03:.12g}" if "." in row[name] else str(round(float(row[name]) * 1.03)) for name in figures}


def _later(rows: dict[str, set[str]]) -> dict[str, set[str]]:
    return {table: {f"{id}-v2" for id in ids} for table, ids in rows.items()}


def _touches(number: dict[str, Any], rows: dict[str, set[str]]) -> bool:
    said = (number["rows"], number.get("beside", {}))
    return any(set(ids) & rows.get(table, set()) for part in said for table, ids in part.items())


def _named(exhibit: dict[str, Any], plain: dict[str, str]) -> str:
    """The exhibit as text, with each later id by the name of the row that it supersedes."""
    return json.dumps(list(_walk(exhibit, plain)), ensure_ascii=False)


def _walk(value: Any, plain: dict[str, str]) -> Iterator[Any]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield list(_walk(inner, plain))
    elif isinstance(value, list):
        items = [list(_walk(inner, plain)) for inner in value]
        yield sorted(items, key=str) if all(isinstance(inner, str) for inner in value) else items
    elif isinstance(value, str):
        yield plain.get(value, value)
    else:
        yield value
