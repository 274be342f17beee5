"""The example that a new story begins with: whatever of it is forgotten is named."""

from __future__ import annotations

import json
from collections.abc import Iterable

import pytest

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.leftovers import check_leftovers
from casebook.project import Project
from tests.conftest import ROOT


def own_record(story: Project, without_rows: Iterable[str] = ()) -> None:
    """The example's own table taken out of the record, and the rows of others."""
    package = story.data / "datapackage.json"
    content = json.loads(package.read_text("utf-8"))
    content["resources"] = [table for table in content["resources"] if table["name"] != "water/use"]
    package.write_text(json.dumps(content), "utf-8")
    for table in without_rows:
        file = story.data / f"{table}.csv"
        file.write_text(file.read_text("utf-8").splitlines()[0] + "\n", "utf-8")


def test_the_example_as_it_comes_is_no_leftover(starter: Project) -> None:
    check_leftovers(starter, Record(starter.data))
    project = Project(ROOT)
    check_leftovers(project, Record(project.data))


def test_words_and_rows_of_the_example_are_named_by_file(starter: Project) -> None:
    own_record(starter)
    with pytest.raises(Problem) as refused:
        check_leftovers(starter, Record(starter.data))
    found = dict(finding.split(": ", 1) for finding in refused.value.findings)
    assert {place.split(":")[0] for place in found} == {
        "book/index.md",
        "book/water/index.md",
        "notebooks/claims/claim.ipynb",
        "notebooks/water/use.ipynb",
        "data/claims/claims.csv",
        "data/claims/rules.csv",
        "data/claims/verdicts.csv",
        "data/sources.csv",
    }
    assert found["book/index.md:3"].startswith("'A leaflet said that Easton uses more water")
    assert "leaflet and waterworks of the example are still in it; take out the rows." in found["data/sources.csv"]
    assert any("The leaflet says so" in finding for finding in refused.value.findings)


def test_one_that_took_all_of_it_out_is_its_own(starter: Project) -> None:
    own_record(starter, ("sources", "claims/claims", "claims/verdicts", "claims/rules"))
    for chapter in starter.book.rglob("*.md"):
        if chapter.parent.name != "methods":
            chapter.write_text("# Who counts the trees?\n\nThe town does, and a neighbour doubts it.\n", "utf-8")
    (starter.notebooks / "pages.yml").write_text("[]\n", "utf-8")
    check_leftovers(starter, Record(starter.data))
