"""Hand entry: a row is checked with the whole record before it is written, and a change of a row is a change of a line."""

from __future__ import annotations

import csv
import difflib
import random
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from casebook.cli import app
from casebook.data.record import Record
from casebook.desk import add, canonical, proposed_id, tidy
from casebook.errors import Problem
from casebook.project import Project
from tests.conftest import ROOT, casebook
from tests.data.household import make
from tests.examples import ROUND


def test_every_table_of_the_record_is_in_canonical_form() -> None:
    record = Record(ROOT / "data")
    for table, resource in record.tables.items():
        assert (record.folder / resource["path"]).read_text("utf-8") == canonical(record, table, record.all_rows(table)), table


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
    assert casebook(project, "validate", "--fix").stdout.splitlines()[0] == "data/platform/staff.csv: rewritten"
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


BILL = {
    "company": "aqua", "payer": "", "currency": "EUR", "amount": "4000", "amount_low": "", "amount_high": "", "period_start": "2025-08-01",
    "period_end": "2025-08-31", "is_paid": "false", "households": "", "source_ids": "leaflet", "published_on": "2026-01-15", "supersedes": "",
    "note": "", "id": "",
}  # fmt: skip


def type_in(*answers: str) -> Result:
    return CliRunner().invoke(app, ["add", "water/bills"], input="\n".join(answers) + "\n")


@pytest.fixture
def bills(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return make(tmp_path) / "water" / "bills.csv"


@pytest.mark.parametrize(
    ("column", "wrong", "said"),
    [
        ("period_end", "31.8.2025", "'31.8.2025' is not a date; write a day as YYYY-MM-DD, in the digits 0 to 9."),
        ("amount", "4,000", "'4,000' is not a number; write a plain number: no separators, symbols or words."),
        ("company", "aquq", "no row of entities has the id 'aquq'; add it first, or correct the id."),
        ("source_ids", "leaflet;leafet", "no row of sources has the id 'leafet'; add it first, or correct the id."),
        ("is_paid", "no", "'no' is not a boolean; write true or false."),
        ("households", "-3", "-3 is below 0; correct the figure."),
        ("note", "=1+1", "'=1+1' begins as a formula does"),
        ("id", "bill-1", "'bill-1' is already a row of water/bills; ids are unique in the whole record."),
    ],
)
def test_a_wrong_answer_is_asked_for_again_at_once(bills: Path, column: str, wrong: str, said: str) -> None:
    answers = [answer for name, right in BILL.items() for answer in ([wrong, right] if name == column else [right])]
    done = type_in(*answers)
    assert done.exit_code == 0 and f"Error: {said}" in done.output, done.output
    assert "aqua-2025-08,aqua,,EUR,4000,,,2025-08-01,2025-08-31,false,,leaflet,2026-01-15,,\n" in bills.read_text("utf-8")


def test_what_only_the_whole_record_shows_is_asked_for_again_and_answers_stand(bills: Path) -> None:
    wrong = BILL | {"period_start": "2025-09-01"}
    again = [right if name == "period_start" else "" for name, right in BILL.items()]
    done = type_in(*wrong.values(), *again)
    assert done.exit_code == 0, done.output
    assert "new row 'aqua-2025-08', column period_start: 2025-09-01 is after period_end 2025-08-31; correct one of them." in done.output
    assert "aqua-2025-08,aqua,,EUR,4000,,,2025-08-01,2025-08-31" in bills.read_text("utf-8")


def test_who_breaks_off_gets_the_answers_back(bills: Path) -> None:
    before = bills.read_bytes()
    done = type_in(*list(BILL.values())[:6])
    assert done.exit_code == 1 and "Nothing is written. Your answers were:\ncompany: aqua\ncurrency: EUR\namount: 4000" in done.output
    assert bills.read_bytes() == before


def test_a_record_that_is_not_whole_is_said_before_the_first_question(bills: Path) -> None:
    bills.write_text(bills.read_text("utf-8").replace("3000", "3,000", 1), "utf-8")
    done = type_in(*BILL.values())
    assert done.exit_code == 1 and "data/water/bills.csv, row 4" in done.output and "company" not in done.output


def test_line_ends_of_another_system_are_not_canonical(bills: Path) -> None:
    text = bills.read_bytes()
    bills.write_bytes(text.replace(b"\n", b"\r\n"))
    assert tidy(bills.parents[1]) == ["water/bills.csv"]
    assert bills.read_bytes() == text and tidy(bills.parents[1]) == []
