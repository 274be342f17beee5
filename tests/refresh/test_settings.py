"""`data/refresh.yml`: a slip is one line, before any server is asked."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from typer.testing import CliRunner

from casebook.cli import app
from casebook.errors import Problem
from casebook.project import Project
from casebook.refresh import FILE, settings_of
from tests.conftest import ROOT
from tests.test_slips import spoilt

TEXT = (ROOT / FILE).read_text("utf-8")


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data").mkdir()
    for name in (FILE, "data/datapackage.json"):
        shutil.copy(ROOT / name, tmp_path / name)
    return Project(tmp_path)


MISTAKES: dict[str, tuple[str, str, str]] = {
    "nothing": (TEXT, "", "this empty value must be keys with values."),
    "an open bracket": ("[SPACE", "[[SPACE", "data/refresh.yml, line "),
    "no contact": ("contact:", "# contact:", "the key 'contact' is missing; add it."),
    "a misspelt key": ("contact:", "contcat:", "unknown key 'contcat'; did you mean 'contact'?"),
    "a misspelt source": ("  sec:", "  sek:", "sources: unknown key 'sek'; did you mean 'sec'?"),
    "a misspelt key of a source": ("pause_seconds: 0.2", "pause_second: 0.2", "sources, sec: unknown key 'pause_second'; did you mean 'pause_seconds'?"),
    "no address": ("    address: https://data.sec.gov\n", "", "sources, sec: the key 'address' is missing; add it."),
    "an address without a scheme": ("https://data.sec.gov", "data.sec.gov", "sources, sec, address: 'data.sec.gov' is not an address that begins with"),
    "a pause in words": ("pause_seconds: 0.2", "pause_seconds: short", "sources, sec, pause_seconds: 'short' must be a number."),
    "a pause before now": ("pause_seconds: 0.2", "pause_seconds: -1", "sources, sec, pause_seconds: '-1' is below 0; correct it."),
    "a table that is none": ("table: platform/financials", "table: platform/finances", "sources, sec, table: the record has no table 'platform/finances'; did you mean"),
    "a number that is a word": ("meta: 1326801", "meta: Meta", "sources, sec, companies, meta: 'Meta' must be a whole number."),
    "a concept without its taxonomy": ("us-gaap/Revenues\n", "Revenues\n", "'Revenues' is not a taxonomy and a concept, such as us-gaap/Revenues"),
    "a name that is no list": ("openai: [OPENAI]", "openai: OPENAI", "companies, openai: 'OPENAI' must be a list."),
    "a year that is a word": ("years: [2025", "years: [last", "sources, usgs, years, number 1: 'last' must be a whole number."),
    "no companies": ("      palantir: [PALANTIR]\n", "      palantir:\n", "companies, palantir: this empty value must be a list."),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_slip_is_one_line(project: Project, mistake: str) -> None:
    old, new, said = MISTAKES[mistake]
    settings_of(project)
    assert old in TEXT
    (project.root / FILE).write_text(TEXT.replace(old, new, 1), "utf-8")
    with pytest.raises(Problem, match=re.escape(said)) as refused:
        settings_of(project)
    (line,) = refused.value.findings
    assert line.startswith(FILE) and "\n" not in line


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(spoilt(TEXT))
def test_a_spoilt_file_is_read_or_refused_in_words(project: Project, text: str) -> None:
    (project.root / FILE).write_text(text, "utf-8")
    try:
        settings_of(project)
    except Problem as problem:
        assert all(line.startswith(FILE) and line.isprintable() for line in problem.findings), problem.findings


@pytest.mark.parametrize("name", ["..", ".", "../data", "secc", ""])
def test_only_a_proposal_is_accepted_and_taken_away(project: Project, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What is accepted is deleted: a name that leads elsewhere would delete the record."""
    monkeypatch.chdir(project.root)
    (project.root / "proposals").mkdir()
    done = CliRunner().invoke(app, ["accept", name])
    assert done.exit_code == 1 and done.stderr.startswith(f"no source is called '{name}'; ") and len(done.stderr.splitlines()) == 1
    assert (project.root / FILE).is_file() and (project.root / "proposals").is_dir()
