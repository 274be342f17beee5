"""A change of the record as a reviewer sees it: rows, and what they touch."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from casebook.diff import diff, version_findings
from casebook.errors import Problem
from casebook.project import Project
from tests.conftest import VERSION, casebook, edit_row


def git(folder: Path, *arguments: str) -> None:
    subprocess.run(["git", "-c", "user.name=t", "-c", "user.email=t@example.org", *arguments], cwd=folder, check=True, capture_output=True)


@pytest.fixture
def committed(small: Project) -> Project:
    git(small.root, "init", "-q")
    git(small.root, "add", "data", "notebooks", "book/index.md")
    git(small.root, "commit", "-qm", "first")
    return small


def test_a_number_its_page_and_the_sentence_that_leans_on_it(committed: Project) -> None:
    edit_row(committed.data / "platform" / "staff.csv", "hc-2023-04-11-musk", lambda row: row.update(headcount="5000"))
    found = diff(committed, "HEAD")
    assert [(row.table, row.kind, row.id, row.words) for row in found.rows] == [
        ("platform/staff", "changed", "hc-2023-04-11-musk", "headcount: 1500 → 5000")
    ]
    assert found.pages == {"platform/x-staff": "changed"} and found.exhibits == ["x-staff"]
    numbers = {number.id: (number.before, number.after) for number in found.numbers}
    assert numbers == {"x-staff-2023": ("1,500", "5,000"), "x-staff-cut": ("80%", "33%")}
    assert [hold for number in found.numbers for hold in number.holds] == ["book/index.md:3: x-staff-cut > 0.5"]
    text = casebook(committed, "diff", "HEAD").stdout
    assert "changed or removed: a published row stays as it is" in text and "no longer holds: book/index.md:3" in text
    assert f"its version is still {VERSION}" in text


def test_a_rule_that_is_taken_out_is_shown_and_needs_a_version(committed: Project) -> None:
    package = committed.data / "datapackage.json"
    content = json.loads(package.read_text("utf-8"))
    staff = next(table for table in content["resources"] if table["name"] == "platform/staff")
    del next(field for field in staff["schema"]["fields"] if field["name"] == "headcount")["constraints"]
    package.write_text(json.dumps(content), "utf-8")
    found = diff(committed, "HEAD")
    assert not found.rows and all(rule.startswith("platform/staff, column headcount: ") for rule in found.rules)
    for said in (found.as_text(), found.as_markdown(), found.as_html()):
        assert found.rules[0] in said and "no longer stand" in said
    assert list(version_findings(committed, "HEAD"))


@pytest.mark.parametrize("is_built", [True, False], ids=["built", "a fresh clone"])
def test_a_guard_between_a_moved_and_an_unmoved_number_is_judged(committed: Project, is_built: bool) -> None:
    guard = "x-staff-2023 > gov-channel-agencies"
    index = committed.book / "index.md"
    index.write_text(index.read_text("utf-8").replace("x-staff-cut > 0.5", guard), "utf-8")
    if not is_built:
        for made in committed.book.rglob("*.ipynb"):
            made.unlink()
        # Which table it reads, only a run can tell.
        template = committed.notebooks / "platform" / "x_staff.ipynb"
        template.write_text(template.read_text("utf-8").replace('read(\\"platform/staff\\"', "read('platform/' + 'staff'"), "utf-8")
    edit_row(committed.data / "platform" / "staff.csv", "hc-2023-04-11-musk", lambda row: row.update(headcount="1"))
    found = diff(committed, "HEAD")
    assert found.pages == {"platform/x-staff": "changed"}
    assert {hold for number in found.numbers for hold in number.holds} == {f"book/index.md:3: {guard}"}


def test_a_row_no_page_reads_touches_nothing(committed: Project) -> None:
    with (committed.data / "ai" / "polls.csv").open(encoding="utf-8") as file:
        id = file.readlines()[1].split(",")[0]
    edit_row(committed.data / "ai" / "polls.csv", id, lambda row: row.update(note="seen again"))
    git(committed.root, "commit", "-qam", "second")
    found = diff(committed, "HEAD~1", "HEAD")
    assert [row.id for row in found.rows] == [id] and not found.pages and not found.numbers
    assert diff(committed, "HEAD", "HEAD").rows == []


def test_markdown_shows_three_rows_a_table_and_escapes(committed: Project) -> None:
    with (committed.data / "platform" / "staff.csv").open("a", encoding="utf-8") as file:
        for day in range(1, 6):
            file.write(f'hc-new-{day},2025-09-0{day},day,x,staff,2025-09,1200,,,reported-press,qz-hc-2013,,,2025-09-1{day},,"<b>a | b</b>"\n')
    edit_row(committed.data / "platform" / "staff.csv", "hc-2025-08-musk", lambda row: row.update(note="<script>alert(1)</script> | x"))
    found = diff(committed, "HEAD")
    markdown = found.as_markdown()
    assert markdown.count("| added |") + markdown.count("| changed |") == 3 and "and 3 more" in markdown
    assert "<script>" not in markdown and "<script>" not in found.as_html()


def test_an_unknown_revision_is_one_line(committed: Project) -> None:
    with pytest.raises(Problem, match="git knows no revision 'nowhere'"):
        diff(committed, "nowhere")
    done = casebook(committed, "diff", "HEAD", "--as", "pdf")
    assert done.returncode == 1 and done.stderr.strip() == "--as pdf: write text, markdown or html."
