"""The page that needs no code draws every group of a table, or says that it cannot."""

from __future__ import annotations

import json

import pytest

from casebook.data.record import Record
from casebook.edition import Edition
from casebook.errors import Problem
from casebook.mime import EXHIBIT_MIME, FIGURE_MIME, contents
from casebook.plan import exhibits_of, made_page, plan
from casebook.project import Project
from casebook.run import run

PAGE = """- page: water/lines
  notebook: any/lines
  parameters: {{table_name: water/use, group: town, day: event_date, value: litres, unit: litres, add_up: {add_up}, coloured: {coloured},
    id: lines, title: Water use by town, subtitle: Litres a person a day}}
  exhibits: [lines, lines-highest, lines-lowest]
"""


def make(project: Project, coloured: list[str], add_up: bool = False) -> tuple[list[dict[str, object]], list[dict[str, object]]]:
    """The exhibits and the figures of the page."""
    page = PAGE.format(coloured=json.dumps(coloured), add_up=str(add_up).lower())
    (project.notebooks / "pages.yml").write_text(page, "utf-8")
    run(project, plan(project, Record(project.data), project.book), project.book)
    made = made_page(project.book, "water/lines")
    assert made
    return contents(made, EXHIBIT_MIME), contents(made, FIGURE_MIME)


def many_towns(project: Project) -> None:
    """Nine towns in the place of three."""
    file = project.data / "water" / "use.csv"
    header, *lines = file.read_text("utf-8").splitlines()
    more = [line.replace(town, f"{town}{number}") for number in (2, 3) for line in lines for town in [line.split(",")[1]]]
    file.write_text("\n".join([header, *lines, *more]) + "\n", "utf-8")


def test_numbers_are_added_up_only_where_they_may_be(starter: Project) -> None:
    shown, _ = make(starter, [])
    assert [exhibit["id"] for exhibit in shown] == ["lines", "lines-highest", "lines-lowest"]
    added, _ = make(starter, [], add_up=True)
    assert [exhibit["id"] for exhibit in added][3:] == ["lines-first", "lines-last"]


def test_a_day_before_the_first_row_has_nothing_to_draw(starter: Project) -> None:
    entries = (starter.notebooks / "pages.yml").read_text("utf-8")
    (starter.notebooks / "pages.yml").write_text(entries + PAGE.format(coloured='["easton"]', add_up="true"), "utf-8")
    book = Edition(starter, "2020-01-01").book
    steps = plan(starter, Record(starter.data), book, "2020-01-01")
    run(starter, steps, book)
    assert {step.page.name: exhibits_of(made_page(book, step.page.name)) for step in steps} == {"water/lines": [], "water/use": []}


def test_no_group_is_dropped(starter: Project) -> None:
    many_towns(starter)
    with pytest.raises(Problem, match=r"page water/lines .*9 groups by town, and 6 colours can be told apart; name those to colour"):
        make(starter, [])
    (lines, *_), (figure,) = make(starter, ["easton"])
    assert len(figure["data"]) == 9  # type: ignore[arg-type]
    assert "A line for each of 9" in str(lines["alt"]) and " in 9 series" in str(lines["alt"])
