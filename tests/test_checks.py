"""What should be looked at again: the oldest first, and overdue once its day has passed."""

from casebook.checks import check_findings, due
from casebook.data.record import Record
from casebook.data.validate import validate
from casebook.project import Project
from tests.conftest import RECORD, casebook, edit_row


def test_the_oldest_comes_first_and_a_passed_day_is_overdue() -> None:
    day = max(check.by for check in due(RECORD))
    checks = due(RECORD, day)
    assert [check.by for check in checks] == sorted(check.by for check in checks)
    assert {check.by for check in checks if check.is_overdue} == {check.by for check in checks if check.by < day} != set()


def test_a_check_of_a_table_that_is_not_there_is_said_in_one_line(project: Project) -> None:
    assert not [*check_findings(RECORD)]
    edit_row(project.data / "methods" / "checks.csv", "check-ai-polls", lambda row: row.update(table="ai/pols"))
    (finding,) = check_findings(Record(project.data))
    assert finding == ("data/methods/checks.csv, row of 'check-ai-polls', column table: the record has no table 'ai/pols'; did you mean 'ai/polls'?")


def test_a_check_is_closed_by_a_row_that_supersedes_it_and_has_no_day(project: Project) -> None:
    file = project.data / "methods" / "checks.csv"
    with file.open("a", encoding="utf-8") as text:
        text.write("check-ai-polls-2,ai/polls,All are in,,,casebook-desk-2026-11-24,2026-11-24,check-ai-polls,\n")
    validate(project.data)
    assert {check.table for check in due(RECORD)} - {check.table for check in due(Record(project.data))} == {"ai/polls"}


def test_the_command_fails_where_a_day_has_passed(project: Project) -> None:
    file = project.data / "methods" / "checks.csv"
    first = due(RECORD)[0]
    file.write_text(file.read_text("utf-8").replace(first.by, "2022-11-01"), "utf-8")
    done = casebook(project, "due")
    assert done.returncode == 1 and "overdue: " in done.stderr and done.stdout.startswith("2022-11-01  overdue")
