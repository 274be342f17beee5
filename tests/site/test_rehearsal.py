"""The whole trip of a change: a new round of xAI, from the row to the published page, and not in the edition of the day before."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

from casebook.data.record import Record
from casebook.desk import add
from casebook.diff import diff
from casebook.format import day
from casebook.project import Project
from tests import examples
from tests.conftest import ROOT, TODAY, TOMORROW, casebook, move_on
from tests.examples import SOURCE

ROUND = examples.ROUND | {"event_date": TOMORROW, "source_ids": SOURCE["id"], "published_on": TOMORROW}


def numbers(site: Path) -> dict[str, str]:
    """Every number that a site publishes, as it is written."""
    exhibits = json.loads((site / "exhibits.json").read_text("utf-8"))
    return {exhibit["id"]: exhibit["text"] for exhibit in exhibits if exhibit["kind"] == "number"}


def claims(site: Path) -> list[dict[str, Any]]:
    return json.loads((site / "claims.json").read_text("utf-8"))


def test_from_a_row_to_the_page(site: Path, tmp_path: Path) -> None:
    for folder in ("data", "notebooks", "book", ".build", "_site"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("edition-*"))
    for file in ("_config.yml", "_toc.yml", "requirements.lock"):
        shutil.copy(ROOT / file, tmp_path / file)
    project = Project(tmp_path)
    for command in (["init", "-q"], ["add", "data", "notebooks"], ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "first"]):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, capture_output=True)

    move_on(project, TOMORROW, "A round of xAI.")
    add(project.data, "sources", SOURCE)
    add(project.data, "ai/rounds", ROUND)
    assert casebook(project, "validate").returncode == 0

    found = diff(project, "HEAD")
    assert {(row.table, row.kind, row.id) for row in found.rows} == {("sources", "added", SOURCE["id"]), ("ai/rounds", "added", ROUND["id"])}
    assert found.same_version == "" and found.pages["ai/company/xai"] == "changed" and "rounds-xai" in found.exhibits

    done = casebook(project, "build", "--json", str(tmp_path / "log.jsonl"))
    assert done.returncode == 0, done.stderr
    events = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text("utf-8").splitlines()]
    ran = {event["page"] for event in events if event["state"] == "stale"}
    assert set(found.pages) <= ran and len(ran) <= len(found.pages) + 3

    # What the diff said is what the site shows: the same numbers moved, and no other.
    was, now = (numbers(folder) for folder in (site, project.site))
    assert {(number.id, number.before, number.after) for number in found.numbers} == {
        (id, was.get(id, ""), now.get(id, "")) for id in was.keys() | now.keys() if was.get(id) != now.get(id)
    }
    assert (
        found.numbers
        and not found.verdicts
        and [claim["reviewRating"] for claim in claims(site)] == [claim["reviewRating"] for claim in claims(project.site)]
    )

    page = (project.site / "ai" / "company" / "xai.html").read_text("utf-8")
    assert ROUND["round"] in page and f"As known on {day(TOMORROW)}" in page
    assert f"version {TOMORROW.replace('-', '.')}" in (project.site / "feed.xml").read_text("utf-8")
    assert "A round of xAI." in (project.site / "methods" / "changes.html").read_text("utf-8")
    exhibits = json.loads((project.site / "exhibits.json").read_text("utf-8"))
    assert any(ROUND["id"] in exhibit["rows"].get("ai/rounds", []) for exhibit in exhibits)
    assert len(json.loads((project.site / "claims.json").read_text("utf-8"))) == len(Record(project.data).rows("claims/claims"))

    # The edition of the day before knows nothing of it.
    done = casebook(project, "build", "--as-of", TODAY)
    assert done.returncode == 0, done.stderr
    before = project.root / "_editions" / TODAY
    assert ROUND["round"] not in (before / "ai" / "company" / "xai.html").read_text("utf-8") and numbers(before) == was
    for file in (file for kind in ("*.html", "*.json") for file in before.rglob(kind)):
        text = file.read_text("utf-8")
        assert ROUND["id"] not in text and SOURCE["id"] not in text, file
