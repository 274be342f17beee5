"""pages.yml times the record."""

from __future__ import annotations

import pytest

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.pages import pages
from casebook.project import Project
from tests.conftest import ROOT


def test_the_book_has_a_page_for_every_claim_and_every_company_with_three_rounds() -> None:
    project = Project(ROOT)
    record = Record(project.data)
    names = {page.name for page in pages(project, record)}
    assert {f"claims/claim/{row['id']}" for row in record.rows("claims/claims")} <= names
    assert len(names) >= 110 and "ai/company/mistral-ai" in names and "ai/company/groq" not in names


def test_a_company_gets_its_page_when_it_has_three_rounds(project: Project) -> None:
    file = project.data / "ai" / "rounds.csv"
    line = next(line for line in file.read_text("utf-8").splitlines() if ",groq," in line)
    assert "ai/company/groq" not in {page.name for page in pages(project, Record(project.data))}
    with file.open("a", encoding="utf-8") as text:
        text.writelines(line.replace(line.split(",")[0], f"groq-more-{n}", 1) + "\n" for n in (1, 2))
    assert "ai/company/groq" in {page.name for page in pages(project, Record(project.data))}


@pytest.mark.parametrize(
    ("yml", "says"),
    [
        ("- {page: a, notebook: nowhere/at_all}", "there is no notebooks/nowhere/at_all.ipynb"),
        ("- {page: ../../etc/cron.d/a, notebook: claims/ledger}", "is not a valid page name"),
        ("- {page: '/a', notebook: claims/ledger}", "is not a valid page name"),
        ("- {page: 'a<b', notebook: claims/ledger}", "is not a valid page name"),
        ("- {page: a, notebok: claims/ledger}", "unknown key 'notebok'"),
        ("- {page: a, notebook: claims/ledger}\n- {page: a, notebook: claims/ledger}", "two entries make the page a"),
        ("- {page: a, notebook: ai/company, each: {table: ai/rounds, colum: company}}", "unknown key 'each.colum'"),
    ],
)
def test_slips_in_pages_yml(project: Project, yml: str, says: str) -> None:
    (project.notebooks / "pages.yml").write_text(yml)
    with pytest.raises(Problem, match=says):
        pages(project, Record(project.data))
