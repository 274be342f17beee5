"""Versions of the record and moved verdicts, as the page and the feed tell them."""

from pathlib import Path
from xml.etree import ElementTree

import pytest

from casebook.changes import moves, versions
from casebook.data.record import Record, split
from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.feed import atom, sitemap
from casebook.files import as_csv
from casebook.project import Project
from casebook.verdicts import PENDING, VERDICTS, VERDICTS_TABLE
from tests.conftest import ROOT

CONFIG = {"title": "A <book>", "author": "Us & them", "copyright": "2030", "html": {"baseurl": "https://example.org/b/"}}


def test_versions_newest_first_with_their_text(tmp_path: Path) -> None:
    (tmp_path / "CHANGES.md").write_text("# Changes\n\nAbout.\n\n## 2026.12.01\n\n- One & two.\n\n## 2026.11.23\n\nFirst.\n", "utf-8")
    found = versions(tmp_path)
    assert [(v.name, v.day, v.text, v.anchor) for v in found] == [
        ("2026.12.01", "2026-12-01", "- One & two.", "v2026-12-01"),
        ("2026.11.23", "2026-11-23", "First.", "v2026-11-23"),
    ]
    assert versions(tmp_path / "elsewhere") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("## 2026.1.31\n", "data/CHANGES.md:1: '## 2026.1.31' is not the heading of a version; write its day, such as '## 2026.01.31'."),
        ("## Version 2026.01.31\n", "data/CHANGES.md:1: '## Version 2026.01.31' is not the heading of a version"),
        ("## 2026.01.31\n\n## What else\n", "data/CHANGES.md:3: '## What else' is not the heading of a version"),
        ("## 2026-01-31\n", "data/CHANGES.md:1: '## 2026-01-31' is not the heading of a version"),
        ("## 31.01.2026\n", "data/CHANGES.md:1: '## 31.01.2026' is not the heading of a version"),
        ("## 2026.02.30\n", "data/CHANGES.md:1: 2026.02.30 is not a day; correct the version."),
        ("## 2026.13.01\n", "data/CHANGES.md:1: 2026.13.01 is not a day; correct the version."),
        ("## 2026.01.31\n\n## 2026.01.31\n", "data/CHANGES.md:3: 2026.01.31 is there twice; join the two entries."),
        ("## 2026.01.30\n\n## 2026.01.31\n", "data/CHANGES.md:3: 2026.01.31 stands below 2026.01.30; put the newest version first."),
        ("# 2026.01.31\n", "data/CHANGES.md: there is no entry '## 2026.01.31'; say what this version of the record brought."),
        ("", "data/CHANGES.md: there is no entry '## 2026.01.31'"),
    ],
)
def test_a_slip_in_a_heading_is_one_line(starter: Project, text: str, said: str) -> None:
    (starter.data / "CHANGES.md").write_text(f"{text}\n", "utf-8")
    with pytest.raises(Problem) as refused:
        validate(starter.data)
    (line,) = refused.value.findings
    assert line.startswith(said)


def test_the_newest_version_is_the_packages() -> None:
    assert versions(ROOT / "data")[0].name == Record(ROOT / "data").package["version"]


def test_the_feed_is_xml_whatever_the_text_holds() -> None:
    record = Record(ROOT / "data")
    found = moves(record)
    assert found and all(move.before != move.after for move in found)
    feed = ElementTree.fromstring(atom(record, CONFIG, {move.claim: f"claims/claim/{move.claim}" for move in found}, {}))
    names = {"a": "http://www.w3.org/2005/Atom"}
    assert feed.findtext("a:title", "", names) == "A <book>" and feed.findtext("a:author/a:name", "", names) == "Us & them"
    ids = [entry.findtext("a:id", "", names) for entry in feed.findall("a:entry", names)]
    assert len(ids) == len(set(ids)) == len(found) + len(versions(record.folder))


def test_a_verdict_that_moved_twice_on_one_day_has_two_entries(project: Project) -> None:
    verdicts = project.data / "claims" / "verdicts.csv"
    first = moves(Record(project.data))[0]
    last = Record(project.data).rows("claims/verdicts", claim_id=first.claim)[0]
    again = last | {"id": f"{last['id']}-again", "verdict": next(v for v in VERDICTS if v != last["verdict"]), "supersedes": last["id"]}
    with verdicts.open("a", encoding="utf-8") as end:
        end.write(as_csv(again, [again]).split("\n", 1)[1])
    record = Record(project.data)
    found = [move for move in moves(record) if move.claim == first.claim]
    assert {(first.before, first.after), (first.after, VERDICTS[again["verdict"]])} <= {(move.before, move.after) for move in found}
    feed = ElementTree.fromstring(atom(record, CONFIG, {first.claim: "c"}, {}))
    ids = [element.text for element in feed.iter() if element.tag.endswith("}id")]
    assert len(ids) == len(set(ids))


def test_the_sitemap_names_every_page() -> None:
    places = ElementTree.fromstring(sitemap(CONFIG, ["b&c.html", "a.html"], "2030-01-01"))
    assert [element.text for element in places.iter() if element.tag.endswith("}loc")] == [
        "https://example.org/b/a.html",
        "https://example.org/b/b&c.html",
    ]


def test_a_forecast_that_was_pending_had_no_verdict_that_could_move() -> None:
    record = Record(ROOT / "data")
    pending = {row["id"] for row in record.all_rows(VERDICTS_TABLE) if row["verdict"] == PENDING}
    after = {row["id"] for row in record.all_rows(VERDICTS_TABLE) if pending & {*split(row["supersedes"])}}
    assert pending and after, "the record holds a forecast whose day has come"
    assert not [move for move in moves(record) if any(f"-{id}" in f"-{move.rows}" for id in pending)]
