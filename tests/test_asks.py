"""What editors are asked of rows: an earlier report, and passages, the weightiest first."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from casebook.asks import late, unheld_quotes, unquoted
from casebook.data.record import Record
from casebook.files import as_csv
from casebook.plan import EXHIBIT_MIME
from casebook.project import Project
from casebook.verdicts import EVIDENCE_TABLE, RULES_TABLE

TEXT, DAY = {"type": "string"}, {"type": "date"}
TABLES = {
    "use": {"id": TEXT, "period_end": DAY, "period_type": TEXT, "litres": {"type": "number", "unit": "l"}, "quote": TEXT, "published_on": DAY},
    EVIDENCE_TABLE: {"id": TEXT, "quote": TEXT, "published_on": DAY},
    RULES_TABLE: {"id": TEXT, "claim_id": TEXT, "step": TEXT, "exhibit": TEXT, "published_on": DAY},
    "methods/checks": {"id": TEXT, "table": TEXT, "rows": TEXT, "published_on": DAY},
}
DAYS = ["2025-02-10", "2025-03-10", "2025-04-10", "2025-09-30"]
ROWS = {
    "use": [
        {"id": f"month-{n}", "period_end": f"2025-0{n}-28", "period_type": "month", "litres": f"{n}", "quote": "", "published_on": day}
        for n, day in enumerate(DAYS, start=1)
    ],
    EVIDENCE_TABLE: [{"id": "e-1", "quote": "", "published_on": "2025-01-01"}, {"id": "e-2", "quote": "it is so", "published_on": "2025-01-01"}],
    RULES_TABLE: [{"id": "r-1", "claim_id": "c1", "step": "1", "exhibit": "ruled", "published_on": "2025-01-01"}],
    "methods/checks": [{"id": "check", "table": "use", "rows": "", "published_on": "2025-01-01"}],
}
NUMBERS = {"landed": ["month-4"], "told": ["month-1", "month-4"], "ruled": ["month-2"], "idle": ["month-3"]}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """A story of four months, and of a landing page and a chapter that cite two numbers."""
    resources = []
    for table, fields in TABLES.items():
        schema = {"fields": [{"name": name, **field} for name, field in fields.items()]}
        resources.append({"name": table, "path": f"{table}.csv", "schema": schema} | ({"factKey": ["period_end"]} if table == "use" else {}))
        (tmp_path / "data" / table).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / f"{table}.csv").write_text(as_csv(fields, ROWS[table]), "utf-8")
    units = {"l": {"title": "litres", "suffix": " l"}}
    (tmp_path / "data" / "datapackage.json").write_text(json.dumps({"created": "2026-01-01", "units": units, "resources": resources}), "utf-8")
    (tmp_path / "book").mkdir()
    (tmp_path / "book" / "index.md").write_text("# A story\n\nIt was {number}`landed`.\n", "utf-8")
    (tmp_path / "book" / "more.md").write_text("# More\n\nIt was {number}`told`.\n", "utf-8")
    exhibits = [{"id": id, "kind": "number", "rows": {"use": rows}} for id, rows in NUMBERS.items()]
    cells = [{"cell_type": "code", "outputs": [{"data": {EXHIBIT_MIME: exhibit}}]} for exhibit in exhibits]
    (tmp_path / "book" / "made.ipynb").write_text(json.dumps({"metadata": {"casebook": {}}, "cells": cells}), "utf-8")
    return Project(tmp_path)


def edit(project: Project, table: str, id: str, **cells: str) -> Record:
    rows = [row | (cells if row["id"] == id else {}) for row in ROWS[table]]
    (project.data / f"{table}.csv").write_text(as_csv(TABLES[table], rows), "utf-8")
    return Record(project.data)


def test_the_weightiest_row_without_a_passage_comes_first(project: Project) -> None:
    assert unquoted(project, Record(project.data)) == [
        ("use", "month-4", "the landing page"),
        ("use", "month-1", "a chapter"),
        ("use", "month-2", "a rule"),
        (EVIDENCE_TABLE, "e-1", "a claim"),
    ]
    assert [id for _, id, _ in unquoted(project, edit(project, "use", "month-4", quote="4 litres"))] == ["month-1", "month-2", "e-1"]


def test_a_row_public_long_after_its_likes_is_asked_for_until_somebody_looked(project: Project) -> None:
    assert [*late(Record(project.data))] == [("use", ["month-4"])]
    assert not [*late(edit(project, "methods/checks", "check", rows="month-4"))]


def test_a_quote_without_the_figure_is_named(project: Project) -> None:
    assert not [*unheld_quotes(edit(project, "use", "month-4", quote="4 litres"))]
    ((table, row, columns),) = unheld_quotes(edit(project, "use", "month-4", quote="40 litres"))
    assert (table, row["id"], columns) == ("use", "month-4", ["litres"])
