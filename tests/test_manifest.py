"""Proof of a re-run: the same version gives the same manifest, and a changed row names its pages and what of them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from nbformat.v4 import new_notebook

from casebook import manifest
from casebook.errors import Problem
from casebook.mime import READ_MIME
from casebook.pages import Page
from casebook.plan import FRESH, Step
from casebook.project import Project
from tests.conftest import RECORD, casebook, edit_row
from tests.site.browsing import served


def test_a_rebuild_of_the_same_record_is_the_same(small: Project) -> None:
    done = casebook(small, "verify", "_site/manifest.json")
    assert done.returncode == 0, done.stderr
    assert "every page is the same" in done.stdout and "2 rebuilt" in done.stdout


def test_a_changed_row_names_exactly_its_pages_and_how(small: Project) -> None:
    edit_row(small.data / "platform" / "staff.csv", "hc-2025-08-musk", lambda row: row.update(headcount="1201"))
    done = casebook(small, "verify", "_site/manifest.json")
    assert done.returncode == 1 and "Traceback" not in done.stderr
    first, *rest = done.stderr.strip().splitlines()
    assert first.startswith("platform/x-staff: rows read of platform/staff; exhibits ") and first.endswith("the executed page")
    assert rest == ["1 page differs."]


def test_a_changed_notebook_is_told_from_a_changed_text(small: Project) -> None:
    was = json.loads((small.site / "manifest.json").read_text("utf-8"))
    file = small.notebooks / "platform" / "x_staff.ipynb"
    notebook = json.loads(file.read_text("utf-8"))
    notebook["cells"][0]["source"].append("\nMore words.")
    file.write_text(json.dumps(notebook), "utf-8")
    assert list(manifest.differences(was, manifest.rebuild(small))) == [("platform/x-staff", "its text; the executed page")]
    next(cell for cell in notebook["cells"] if cell["cell_type"] == "code" and "parameters" not in cell["metadata"].get("tags", []))["source"].append(
        "\nx = 1"
    )
    file.write_text(json.dumps(notebook), "utf-8")
    ((page, what),) = manifest.differences(was, manifest.rebuild(small))
    assert page == "platform/x-staff" and what.startswith("the notebook's code")


def test_a_page_that_came_or_went_and_other_pins_are_named(small: Project) -> None:
    was = json.loads((small.site / "manifest.json").read_text("utf-8"))
    now = json.loads((small.site / "manifest.json").read_text("utf-8"))
    now["pages"]["new/page"] = now["pages"].pop("government/channels")
    now["made_with"] |= {"pandas": "1.0", "Python": "3.9.1"}
    assert list(manifest.differences(was, now)) == [("government/channels", "not in the rebuild"), ("new/page", "only in the rebuild")]
    there = was["made_with"]
    assert manifest.versions(was, now) == [f"Python {there['Python']} there, 3.9.1 here", f"pandas {there['pandas']} there, 1.0 here"]


def test_two_reads_of_one_table_on_two_days_are_both_proved(project: Project, tmp_path: Path) -> None:
    """The page of a claim reads the verdict of the day it was made, and that of today."""
    reads = [{"table": "t", "as_of": as_of, "where": {"claim": "c1"}, "ids": [], "digest": as_of * 2} for as_of in ("latest", "2025-04-16")]
    cells = [{"cell_type": "code", "outputs": [{"data": {READ_MIME: read}} for read in reads]}]
    (tmp_path / "a.ipynb").write_text(json.dumps({"metadata": {"casebook": {}}, "cells": cells}), "utf-8")
    step = Step(Page("a", "n", {}), FRESH, "", new_notebook(), {"code": "", "text": "", "machine": ""})
    made = manifest.manifest(project, RECORD, [step], tmp_path)["pages"]["a"]
    assert [digest for _, digest in made["reads"]] == ["2025-04-162025-04-16", "latestlatest"]
    other = json.loads(json.dumps(made))
    other["reads"][0][1] = "moved"
    assert list(manifest.differences({"pages": {"a": made}}, {"pages": {"a": other}})) == [("a", "rows read of t")]


def test_a_site_is_verified_by_its_address(small: Project) -> None:
    with served(small.site) as address:
        assert manifest.fetch(address) == json.loads((small.site / "manifest.json").read_text("utf-8"))
        with pytest.raises(Problem, match="no manifest can be read there"):
            manifest.fetch(f"{address}nowhere/")


@pytest.mark.parametrize("content", ["{", "[]", '{"form": 99}'])
def test_what_is_no_manifest_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "manifest.json").write_text(content, "utf-8")
    with pytest.raises(Problem, match=r"(no|not a) manifest"):
        manifest.fetch(str(tmp_path / "manifest.json"))


def test_two_builds_are_the_same_byte_for_byte(small_built: Project, tmp_path: Path) -> None:
    """In another folder, at another time, with one job."""
    shutil.copytree(small_built.root, tmp_path / "again", ignore=shutil.ignore_patterns(".build", "_site*", "*.ipynb.part"))
    for made in (tmp_path / "again" / "book").rglob("*.ipynb"):
        made.unlink()
    done = casebook(Project(tmp_path / "again"), "build", "-j", "1", TZ="Asia/Tokyo", LC_ALL="C")
    assert done.returncode == 0, done.stderr
    once, again = (
        {file.relative_to(site): file.read_bytes() for file in site.rglob("*") if file.is_file()}
        for site in (small_built.site, tmp_path / "again" / "_site")
    )
    assert once.keys() == again.keys()
    assert [name for name in once if once[name] != again[name]] == []
