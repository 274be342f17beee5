"""What should be looked at again: the oldest first, and overdue once its day has passed."""

from casebook.checks import due
from casebook.project import Project
from tests.conftest import RECORD, casebook


def test_the_oldest_comes_first_and_a_passed_day_is_overdue() -> None:
    day = max(check.by for check in due(RECORD))
    checks = due(RECORD, day)
    assert [check.by for check in checks] == sorted(check.by for check in checks)
    assert {check.by for check in checks if check.is_overdue} == {check.by for check in checks if check.by < day} != set()


def test_every_table_that_a_check_names_is_there() -> None:
    assert {check.table for check in due(RECORD)} <= set(RECORD.tables)


def test_the_command_fails_where_a_day_has_passed(project: Project) -> None:
    file = project.data / "methods" / "checks.csv"
    first = due(RECORD)[0]
    file.write_text(file.read_text("utf-8").replace(first.by, "2022-11-01"), "utf-8")
    done = casebook(project, "due")
    assert done.returncode == 1 and "overdue: " in done.stderr and done.stdout.startswith("2022-11-01  overdue")
