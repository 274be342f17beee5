"""What a made page says, where there is much on record, a little, or nothing."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from casebook.data.record import Record
from casebook.mime import EXHIBIT_MIME, contents
from casebook.plan import made_page, plan
from casebook.run import run
from tests.conftest import RECORD, copy_project

PAGES: dict[str, tuple[str, dict[str, str]]] = {
    "ai/company/groq": ("ai/company", {"company": "groq"}),
    "ai/company/deepseek": ("ai/company", {"company": "deepseek"}),
    "ai/company/blue-origin": ("ai/company", {"company": "blue-origin"}),
    "lithium/country/ITA": ("lithium/country", {"country": "ITA"}),
    "platform/company/groq": ("platform/company", {"company": "groq"}),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The pages, run on the record."""
    project = copy_project(tmp_path_factory.mktemp("pages"))
    entries = [{"page": page, "notebook": notebook, "parameters": parameters} for page, (notebook, parameters) in PAGES.items()]
    (project.notebooks / "pages.yml").write_text(yaml.safe_dump(entries), "utf-8")
    run(project, plan(project, Record(project.data), project.book), project.book)
    return {page: made_page(project.book, page) or {} for page in PAGES}


def published(page: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {exhibit["id"]: exhibit for exhibit in contents(page, EXHIBIT_MIME)}


def test_a_country_without_a_deal_says_so(made: dict[str, dict[str, Any]]) -> None:
    said = published(made["lithium/country/ITA"])
    assert said.keys() == {"lithium-deals-ITA"} and "no lithium deal in Italy" in said["lithium-deals-ITA"]["title"]


@pytest.mark.parametrize(("page", "id"), [("ai/company/blue-origin", "rounds-blue-origin"), ("platform/company/groq", "finances-groq")])
def test_a_company_of_which_nothing_is_on_record_says_so(made: dict[str, dict[str, Any]], page: str, id: str) -> None:
    said = published(made[page])
    assert said.keys() == {id} and said[id]["kind"] == "sentence" and said[id]["title"].startswith("The record has n")


def test_a_company_lists_its_rumours_and_draws_none(made: dict[str, dict[str, Any]]) -> None:
    said, rows = published(made["ai/company/deepseek"]), RECORD.rows("ai/rounds", company="deepseek")
    firm = [row["id"] for row in rows if row["status"] != "rumoured" and row["kind"] != "talks"]
    assert 0 < len(firm) < len(rows)
    assert said["rounds-deepseek"]["rows"] == {"ai/rounds": firm} and "rows of talks" in said["rounds-deepseek"]["note"]
    assert said["rounds-table-deepseek"]["rows"] == {"ai/rounds": [row["id"] for row in rows]}


def test_the_price_of_a_licence_is_not_called_money_raised(made: dict[str, dict[str, Any]]) -> None:
    """Groq has one row: what Nvidia paid for a licence and for its people."""
    said = published(made["ai/company/groq"])
    assert [row["kind"] for row in RECORD.rows("ai/rounds", company="groq")] == ["merger"]
    assert said["rounds-groq"]["kind"] == "sentence" and "neither a value after the money nor money raised" in said["rounds-groq"]["title"]
    cells = said["rounds-table-groq"]["cells"]
    assert len(cells) == 1 and {"December 2025", "Nvidia licence agreement", "$20bn"} <= set(cells[0])
