"""What people type, checked as a whole before a page runs."""

from __future__ import annotations

from casebook import admit
from casebook.data.record import LATEST, Record
from casebook.data.validate import validate
from casebook.edition import Edition
from casebook.leftovers import check_leftovers
from casebook.outline import check_outline
from casebook.plan import Step, plan


def checked(edition: Edition) -> tuple[dict[str, int], list[Step]]:
    """The rows of each table, and the plan of an edition. Raises Problem where a file that people type is wrong:

    `_config.yml`, what lies in the folders, a chapter, a table or its description, a notebook, `pages.yml`, or `_toc.yml`.
    """
    project = edition.project
    admit.check(project)
    rows = validate(project.data)
    record = Record(project.data)
    steps = plan(project, record, edition.book, edition.as_of)
    check_leftovers(project, record)
    if edition.as_of == LATEST:
        check_outline(project, (step.page for step in steps))
    return rows, steps
