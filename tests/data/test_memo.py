"""An unchanged table is known by its file's digest and not parsed; a changed, cut or foreign memo is never believed."""

import json
from pathlib import Path

import pytest

from casebook.data.facts import Facts
from casebook.data.memo import Memo
from casebook.data.record import Record, digest
from casebook.project import Project
from tests.conftest import edit_row

READ = {"table": "platform/staff", "as_of": "latest", "where": {"company": "x"}}


def right(project: Project) -> str:
    return digest(Record(project.data).rows("platform/staff", company="x"))


def ask(project: Project) -> str:
    memo = Memo(project.work / "reads.json", Record(project.data))
    answer = memo.digest(READ)
    memo.save()
    return answer


def test_an_unchanged_table_is_not_parsed(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    assert ask(project) == right(project)

    def parsed(self: Record, table: str) -> None:
        raise AssertionError(f"{table} was parsed")

    with monkeypatch.context() as patch:
        patch.setattr(Record, "all_rows", parsed)
        before = ask(project)
    edit_row(project.data / "platform" / "staff.csv", "hc-2025-08-musk", lambda row: row.update(headcount="1201"))
    assert ask(project) == right(project) != before


@pytest.mark.parametrize("spoil", ["cut", "flip", "foreign"])
def test_a_spoilt_memo_is_as_good_as_none(project: Project, spoil: str) -> None:
    wanted = ask(project)
    file = project.work / "reads.json"
    text = file.read_text("utf-8")
    other = "0" if wanted[0] != "0" else "1"
    file.write_text({"cut": text[:-40], "flip": text.replace(wanted, other + wanted[1:]), "foreign": json.dumps([1])}[spoil], "utf-8")
    assert ask(project) == wanted


def test_only_what_was_asked_is_kept(project: Project) -> None:
    ask(project)
    file: Path = project.work / "reads.json"
    kept = json.loads(file.read_text("utf-8"))["notes"]
    memo = Memo(file, Record(project.data))
    memo.digest(READ | {"as_of": "2025-01-01"})
    memo.save()
    assert set(json.loads(file.read_text("utf-8"))["notes"]) != set(kept) and len(kept) == 1


def test_facts_follow_the_days_of_their_sources(project: Project) -> None:
    """Rank looks at sources and marks, so an answer is not remembered when only these change."""
    question = {"table": "platform/financials", "column": "value", "as_of": "latest", "where": {"company": "x", "metric": "adjusted_ebitda"}}

    def asked() -> str:
        memo = Memo(project.work / "reads.json", Record(project.data))
        found = memo.digest(question)
        memo.save()
        return found

    before = asked()
    best = next(fact for fact in Facts(Record(project.data)).ask("platform/financials", "value", **question["where"]) if fact.by == "earliest day")
    for id in best.row["source_ids"].split(";"):
        edit_row(project.data / "sources.csv", id, lambda row: row.update(published_on="2026-11-01"))
    assert asked() != before
