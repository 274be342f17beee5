"""What people type, checked as a whole before a page runs."""

from __future__ import annotations

from dataclasses import dataclass

from casebook import admit
from casebook.citations import Citation, check_with_record, citations
from casebook.data.record import LATEST, Record
from casebook.data.validate import validate
from casebook.edition import Edition
from casebook.headings import check_headings
from casebook.leftovers import check_leftovers
from casebook.outline import check_lists, check_outline
from casebook.plan import Step, plan


@dataclass(frozen=True)
class Inputs:
    """What was found whole: the rows of each table, the plan, and what the texts cite (of an edition of a past day: nothing)."""

    rows: dict[str, int]
    steps: list[Step]
    cited: list[Citation]


def checked(edition: Edition) -> Inputs:
    """Look at everything that people type. Raises Problem where some of it is wrong:

    `_config.yml`, what lies in the folders, a chapter, a table or its description, a notebook, `pages.yml`, or `_toc.yml`.
    """
    project, record = edition.project, Record(edition.project.data)
    admit.check(project)
    rows = validate(project.data)
    steps = plan(project, record, edition.book, edition.as_of)
    check_leftovers(project, record)
    if edition.as_of != LATEST:
        return Inputs(rows, steps, [])
    check_outline(project, (step.page for step in steps))
    cited = citations(project, steps)
    check_headings(project, steps)
    check_lists(project, cited)
    check_with_record(cited, record, project.book, (step.page.name for step in steps))
    return Inputs(rows, steps, cited)
