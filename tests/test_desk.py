"""Hand entry: a row is checked with the whole record before it is written, and a change of a row is a change of a line."""

from __future__ import annotations

import csv
import difflib
import random
import subprocess
import sys
from pathlib import Path

import pytest

from casebook.data.record import Record
from casebook.desk import add, proposed_id, tidy
from casebook.errors import Problem
from casebook.project import Project
from tests.conftest import ROOT, casebook
from tests.examples import ROUND


def test_every_table_of_the_record_is_in_canonical_form() -> None:
    assert tidy(ROOT / "data", check=True) == []


def test_a_shuffled_table_comes_back_as_it_was(project: Project) -> None:
    file = project.data / "platform" / "staff.csv"
    before = file.read_text("utf-8")
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    random.Random(7).shuffle(rows)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\r\n", quoting=csv.QUOTE_ALL)
        writer.writeheader()
        writer.writerows(rows)
    assert casebook(project, "fmt", "--check").stderr.strip() == "data/platform/staff.csv: not in canonical form; run '.venv/bin/casebook fmt'."
    assert casebook(project, "fmt").returncode == 0
    assert file.read_text("utf-8") == before


def test_a_new_row_is_one_new_line(project: Project) -> None:
    file = project.data / "ai" / "rounds.csv"
    before = file.read_text("utf-8").splitlines()
    assert add(project.data, "ai/rounds", ROUND) == file
    changed = [line for line in difflib.ndiff(before, file.read_text("utf-8").splitlines()) if line[0] in "+-"]
    assert len(changed) == 1 and changed[0].startswith(f"+ {ROUND['id']},")


@pytest.mark.parametrize(
    ("column", "value", "said"),
    [
        ("source_ids", "no-such-source", "no source has this id"),
        ("currency", "DOLLARS", "currency"),
        ("published_on", "2031-01-01", "after the record's own day"),
        ("event_date", "31/02/2026", "is not a date"),
        ("amount", "5,000m", "is not a number"),
        ("post_money", "300000", "is it in thousands or millions"),
        ("colour", "red", "has no column 'colour'"),
    ],
)
def test_a_bad_row_is_refused_in_a_line_and_nothing_is_written(project: Project, column: str, value: str, said: str) -> None:
    file = project.data / "ai" / "rounds.csv"
    before = file.read_bytes()
    with pytest.raises(Problem, match=said) as refused:
        add(project.data, "ai/rounds", ROUND | {column: value})
    assert len(refused.value.findings) == 1 and file.read_bytes() == before


def test_ids_are_proposed_in_the_records_form_and_never_twice() -> None:
    record = Record(ROOT / "data")
    row = {"company": "mistral-ai", "event_date": "2026-11-05", "round": "Série D"}
    id = proposed_id(record, "ai/rounds", row)
    assert id == "mistral-ai-2026-11-serie-d"
    record.all_rows("ai/rounds").append({"id": id})
    assert proposed_id(record, "ai/rounds", row) == f"{id}-b"


def test_add_asks_on_the_terminal(project: Project) -> None:
    fields = Record(project.data).fields("platform/staff")
    said = {
        "event_date": "2026-10-31",
        "date_precision": "month",
        "company": "x",
        "scope": "staff",
        "month": "2026-10",
        "headcount": "1300",
        "status": "reported-press",
        "source_ids": "qz-hc-2013",
        "published_on": "2026-11-01",
    }
    answers = [said.get(name, "") for name in fields if name != "id"] + [""]
    command = [str(Path(sys.executable).with_name("casebook")), "add", "platform/staff"]
    done = subprocess.run(command, cwd=project.root, input="\n".join(answers) + "\n", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "row x-2026-10 added" in done.stdout
    assert "x-2026-10,2026-10-31,month,x,staff,2026-10,1300" in (project.data / "platform" / "staff.csv").read_text("utf-8")
