"""pages.yml times the record."""

from __future__ import annotations

import itertools
import json
import re

import pytest

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.pages import pages
from casebook.project import Project
from tests.conftest import ROOT

TOWN = "{page: 'water/town/{town}', notebook: water/town, each: {table: water/use, column: town, parameter: town}}"


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


MISTAKES: dict[str, tuple[str, str]] = {
    "no notebook": ("{page: a, notebook: nowhere/at_all}", "a: there is no notebooks/nowhere/at_all.ipynb; use any/lines, "),
    "a misspelt notebook": ("{page: a, notebook: water/uze}", "did you mean 'water/use'?"),
    "a notebook elsewhere": ("{page: a, notebook: ../pages}", "there is no notebooks/../pages.ipynb"),
    "a page elsewhere": ("{page: ../../etc/cron.d/a, notebook: water/use}", "'../../etc/cron.d/a' is not a valid page name"),
    "a page from the root": ("{page: /a, notebook: water/use}", "'/a' is not a valid page name"),
    "a page in HTML": ("{page: a<b, notebook: water/use}", "'a<b' is not a valid page name"),
    "a page with an accent": ("{page: Montréal, notebook: water/use}", "'Montréal' is not a valid page name; use a-z"),
    "a page that is no text": ("{page: 7, notebook: water/use}", "number 1, page: '7' must be text; put it in quotes."),
    "a misspelt key": ("{page: a, notebok: water/use}", "a: unknown key 'notebok'; did you mean 'notebook'?"),
    "a missing key": ("{page: a}", "a: the key 'notebook' is missing; add it."),
    "a page twice": ("{page: a, notebook: water/use}\n- {page: a, notebook: water/use}", "a: another entry makes the page a too; rename"),
    "no entry": ("a", "number 1: 'a' must be keys with values."),
    "each: a misspelt key": (TOWN.replace("column", "colum"), "water/town/{town}, each: unknown key 'colum'; did you mean 'column'?"),
    "each: a missing key": (TOWN.replace(", parameter: town", ""), "water/town/{town}, each: the key 'parameter' is missing"),
    "each: a misspelt table": (TOWN.replace("water/use,", "water/uses,"), "the record has no table 'water/uses'; did you mean 'water/use'?"),
    "each: a misspelt column": (TOWN.replace("column: town", "column: twon"), "water/use has no column 'twon'; did you mean 'town'?"),
    "each: distinct": (TOWN.replace("parameter", "distinct: stauts, parameter"), "water/use has no column 'stauts'; did you mean 'status'?"),
    "each: where": (TOWN.replace("parameter", "where: {stauts: x}, parameter"), "water/use has no column 'stauts'; did you mean 'status'?"),
    "each: where never": (TOWN.replace("parameter", "where: {status: x}, parameter"), "water/use.status never holds 'x'"),
    "each: where of no value": (TOWN.replace("parameter", "where: {status: }, parameter"), "status: this empty value must be text"),
    "each: at least no number": (TOWN.replace("parameter", "at_least: two, parameter"), "at_least: 'two' must be a whole number."),
    "each: at least none": (TOWN.replace("parameter", "at_least: 0, parameter"), "at_least: '0' is below 1"),
    "each: a misspelt name in braces": (TOWN.replace("{town}", "{twon}"), "'{twon}' is not a parameter that can be filled in; 'each' gives {town}"),
    "each: no name in braces": (TOWN.replace("/{town}", ""), "all its pages would have one name; put {town} into it"),
    "each: an open brace": (TOWN.replace("{town}", "{town}-{"), "a brace stands alone"),
    "each: more than a name in braces": (TOWN.replace("{town}", "{town:>9}"), "a brace stands alone"),
    "each: a column of words": (TOWN.replace("column: town", "column: event_date").replace("{town}", "a {town}"), "make the pages of a column that holds"),
    "each: given twice": (TOWN.replace("each", "parameters: {town: x}, each"), "the parameter 'town' is given by 'each' and under 'parameters'"),
    "braces without each": ("{page: 'a/{town}', notebook: water/use}", "'{town}' is not a parameter that can be filled in; an entry without 'each'"),
    "braces in an exhibit": (TOWN.replace("each", "exhibits: ['use-{tow}'], each"), "'{tow}' is not a parameter that can be filled in"),
    "exhibits that are no list": ("{page: a, notebook: water/use, exhibits: water-use}", "a, exhibits: 'water-use' must be a list."),
    "a suffix with a space": ("{page: a, notebook: water/use, suffix: ' then'}", "a, suffix: ' then' is not letters, digits and hyphens"),
    "a day that is none": ("{page: a, notebook: water/use, parameters: {as_of: someday}}", "as_of is 'someday'; write a day as YYYY-MM-DD"),
    "a day in another form": ("{page: a, notebook: water/use, parameters: {as_of: '20250416'}}", "as_of is '20250416'; write a day as YYYY-MM-DD"),
    "the latest day": ("{page: a, notebook: water/use, parameters: {as_of: latest}}", "take as_of out"),
    "parameters that are a list": ("{page: a, notebook: water/use, parameters: [as_of]}", "a, parameters: this list must be keys with values."),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_slip_in_pages_yml_is_one_line(starter: Project, mistake: str) -> None:
    yml, said = MISTAKES[mistake]
    (starter.notebooks / "pages.yml").write_text(yml if yml.startswith("- ") else f"- {yml}\n", "utf-8")
    with pytest.raises(Problem, match=re.escape(said)) as refused:
        pages(starter, Record(starter.data))
    (line,) = refused.value.findings
    assert line.startswith("notebooks/pages.yml: ") and "\n" not in line and ".." not in line.replace("../", "")


def test_a_book_has_so_many_pages_and_no_more(starter: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    each = TOWN.replace("column: town", "column: id")
    (starter.notebooks / "pages.yml").write_text(f"- {each}\n", "utf-8")
    monkeypatch.setattr("casebook.pages.MOST_PAGES", 100)
    with pytest.raises(Problem, match="with its pages the book has more than 100; name fewer values by 'where' or 'at_least'"):
        pages(starter, Record(starter.data))


def test_a_page_has_a_name_that_every_disk_takes(starter: Project) -> None:
    (starter.notebooks / "pages.yml").write_text(f"- {{page: {'a' * 300}, notebook: water/use}}\n", "utf-8")
    with pytest.raises(Problem, match=r"is longer than 150 characters; make the pages of a column that holds ids"):
        pages(starter, Record(starter.data))


def test_every_mistake_in_pages_yml_is_named_at_once(starter: Project) -> None:
    (starter.notebooks / "pages.yml").write_text("- {page: a, notebook: x}\n- {page: b<, notebook: water/use}\n", "utf-8")
    with pytest.raises(Problem) as refused:
        pages(starter, Record(starter.data))
    assert len(refused.value.findings) == 2


@pytest.mark.parametrize(("column", "values"), [("year", [99, 100, 101]), ("share", [0.5, 2.0, 10.0]), ("closed", [False, True])])
def test_a_page_of_a_number_or_a_yes_is_given_one(starter: Project, column: str, values: list[object]) -> None:
    kind = {int: "integer", float: "number", bool: "boolean"}[type(values[0])]
    package = starter.data / "datapackage.json"
    content = json.loads(package.read_text("utf-8"))
    table = next(table for table in content["resources"] if table["name"] == "water/use")
    table["schema"]["fields"].append({"name": column, "type": kind, "description": "words"})
    package.write_text(json.dumps(content), "utf-8")
    file = starter.data / "water" / "use.csv"
    head, *rows = file.read_text("utf-8").splitlines()
    cells = itertools.cycle(str(value).lower() for value in values)
    file.write_text("\n".join([f"{head},{column}", *(f"{row},{cell}" for row, cell in zip(rows, cells, strict=False))]) + "\n", "utf-8")
    each = f"each: {{table: water/use, column: {column}, parameter: p}}"
    (starter.notebooks / "pages.yml").write_text(f"- {{page: 'a/{{p}}', notebook: water/town, {each}}}", "utf-8")
    assert sorted(page.parameters["p"] for page in pages(starter, Record(starter.data))) == values


def test_a_day_without_quotes_is_a_day(starter: Project) -> None:
    (starter.notebooks / "pages.yml").write_text("- {page: then, notebook: water/use, parameters: {as_of: 2026-01-30}}\n", "utf-8")
    assert [page.parameters["as_of"] for page in pages(starter, Record(starter.data))] == ["2026-01-30"]
