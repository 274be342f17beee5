"""Mistakes in the record: each is one line that names file, row, column, value and remedy, and `_site/` stands."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.data.validate import validate
from casebook.edition import Edition
from casebook.errors import Problem
from casebook.project import Project
from casebook.publish import build
from tests.conftest import RECORD, ROOT, VERSION, casebook, edit_row


def test_the_record_is_whole() -> None:
    rows = validate(ROOT / "data")
    assert rows["claims/claims"] == len(RECORD.all_rows("claims/claims")) and rows["sources"] > 1000


def rename_version(project: Project) -> None:
    for file in (project.data / "datapackage.json", project.data / "CHANGES.md"):
        file.write_text(file.read_text("utf-8").replace(VERSION, f"{VERSION}/../../.."), "utf-8")


def rounds(project: Project, **cells: str) -> None:
    edit_row(project.data / "ai" / "rounds.csv", "xai-2024-05-series-b", lambda row: row.update(cells))


def drop_column(file: Path) -> None:
    lines = [line.split(",", 1) for line in file.read_text("utf-8").splitlines()]
    file.write_text("\n".join(rest for _, rest in lines) + "\n", "utf-8")


def repeat_last_line(file: Path) -> None:
    text = file.read_text("utf-8")
    file.write_text(text + text.splitlines()[-1] + "\n", "utf-8")


MISTAKES: dict[str, tuple[Callable[[Project], object], list[str]]] = {
    "a missing column": (lambda p: drop_column(p.data / "platform/staff.csv"), ["data/platform/staff.csv, row 1", "column 'id' is missing"]),
    "a wrong date": (lambda p: rounds(p, event_date="31/02/2024"), ["data/ai/rounds.csv, row", "column event_date", "31/02/2024", "YYYY-MM-DD"]),
    "a negative amount": (lambda p: rounds(p, amount="-6000000000"), ["data/ai/rounds.csv, row", "column amount", "below 0"]),
    "an amount in words": (lambda p: rounds(p, amount="6,000,000,000"), ["column amount", "'6,000,000,000'", "no separators"]),
    "an unknown enum": (lambda p: rounds(p, kind="primry"), ["data/ai/rounds.csv, row", "column kind", "'primry' is not one of", "primary"]),
    "a duplicate id": (lambda p: repeat_last_line(p.data / "platform/staff.csv"), ["data/platform/staff.csv, row", "used twice"]),
    "an id of another table": (
        lambda p: edit_row(p.data / "platform/staff.csv", "hc-2012q3", lambda r: r.update(id="xai-2024-05-series-b")),
        ["xai-2024-05-series-b", "already a row of"],
    ),
    "a source that is not there": (
        lambda p: rounds(p, source_ids="nobody"),
        ["data/ai/rounds.csv, row", "column source_ids", "'nobody'", "add it to data/sources.csv"],
    ),
    "a company that is not there": (lambda p: rounds(p, company="nobody"), ["data/ai/rounds.csv, row", "'nobody'", "entities"]),
    "no source at all": (lambda p: rounds(p, source_ids=""), ["data/ai/rounds.csv, row", "source_ids"]),
    "a day after the record's own": (lambda p: rounds(p, published_on="2031-01-01"), ["published_on", "2031-01-01"]),
    "an event that has not happened": (
        lambda p: rounds(p, event_date="2031-12-24"),
        ["column event_date", "2031-12-24 is after the record's own day"],
    ),
    "a version without a word": (
        lambda p: (p.data / "CHANGES.md").write_text("# Changes\n", "utf-8"),
        [f"data/CHANGES.md: there is no entry '## {VERSION}'"],
    ),
    "a version that leads out of its folder": (rename_version, ["is not the heading of a version"]),
    "a broken byte": (
        lambda p: (p.data / "ai/polls.csv").write_bytes((p.data / "ai/polls.csv").read_bytes()[:-5] + b"\xff\n"),
        ["data/ai/polls.csv, row", "0xff is not UTF-8"],
    ),
    "an empty file": (lambda p: (p.data / "ai/polls.csv").write_text(""), ["data/ai/polls.csv", "the file is empty"]),
    "a file that is gone": (lambda p: (p.data / "ai/polls.csv").unlink(), ["data/ai/polls.csv", "missing"]),
    "a low end above the high": (lambda p: rounds(p, valuation_low="9", valuation_high="3"), ["valuation_low", "is above"]),
    "a row that supersedes itself": (lambda p: rounds(p, supersedes="xai-2024-05-series-b"), ["'xai-2024-05-series-b' supersedes itself"]),
    "a mine in the wrong country": (
        lambda p: edit_row(p.data / "lithium/deals.csv", "cl-byd-2022-tender", lambda r: r.update(country_iso3="CHN")),
        ["data/lithium/deals.csv, row", "outside China"],
    ),
    "a ragged row": (lambda p: (p.data / "ai/polls.csv").open("a").write("a,b,c\n"), ["data/ai/polls.csv, row 10", "has 3 cells"]),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_clear_line(project: Project, mistake: str) -> None:
    spoil, says = MISTAKES[mistake]
    spoil(project)
    with pytest.raises(Problem) as raised:
        validate(project.data)
    findings = raised.value.findings
    assert all(part in findings[0] for part in says), findings
    assert "\n" not in findings[0]
    assert len(findings) == 1, findings


@pytest.mark.parametrize("mistake", ["a wrong date", "a source that is not there", "a broken byte", "an empty file"])
def test_a_mistake_leaves_the_site_as_it_was(project: Project, mistake: str) -> None:
    project.site.mkdir()
    (project.site / "index.html").write_text("the good site")
    MISTAKES[mistake][0](project)
    with pytest.raises(Problem) as refused:
        build(Edition(project))
    assert len(refused.value.findings) == 1
    assert [f.read_text() for f in project.site.iterdir()] == ["the good site"]


def test_the_command_says_a_mistake_in_a_line(project: Project) -> None:
    MISTAKES["a wrong date"][0](project)
    done = casebook(project, "validate")
    assert done.returncode == 1 and len(done.stderr.splitlines()) == 1 and done.stdout == "", done.stderr
