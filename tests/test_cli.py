"""What is typed on the command line: a slip is said, changes nothing, and brings no traceback."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from casebook.cli import app
from casebook.new import new
from casebook.project import Project
from tests.conftest import ROOT

Run = Callable[..., Result]


@pytest.fixture
def run(starter: Project, monkeypatch: pytest.MonkeyPatch) -> Run:
    """The command, in the folder of the example story."""
    monkeypatch.chdir(starter.root)
    return lambda *arguments: CliRunner().invoke(app, arguments)


def files(folder: Path) -> dict[str, bytes]:
    return {file.relative_to(folder).as_posix(): file.read_bytes() for file in folder.rglob("*") if file.is_file()}


SLIPS: dict[str, tuple[list[str], str]] = {
    "build: a day that is none": (["build", "--as-of", "yesterday"], "as_of is 'yesterday'; write a day as YYYY-MM-DD, or 'latest'."),
    "build: a day in another form": (["build", "--as-of", "20250416"], "as_of is '20250416'; write a day as YYYY-MM-DD"),
    "build: a day to come": (["build", "--as-of", "2099-01-01"], "as_of is '2099-01-01', and the record ends on 2026-"),
    "build: a log nowhere": (["build", "--json", "no/folder/log.jsonl"], "--json no/folder/log.jsonl: No such file or directory; name a file"),
    "build: a log that is a folder": (["build", "--json", "book"], "--json book: Is a directory"),
    "run: no such notebook": (["run", "water/town2"], "there is no notebook 'water/town2' under notebooks/; did you mean 'water/town'?"),
    "run: a notebook elsewhere": (["run", "../water/town"], "there is no notebook '../water/town' under notebooks/; did you mean 'water/town'?"),
    "run: a file": (["run", "notebooks/water/town.ipynb"], "there is no notebook 'notebooks/water/town.ipynb' under notebooks/; did you mean 'water/town'?"),
    "run: a word": (["run", "water/town", "easton"], "notebooks/water/town.ipynb: 'easton' is not a parameter; write name=value."),
    "run: a misspelt parameter": (["run", "water/town", "twon=easton"], "parameter 'twon' is not in its parameters cell; did you mean 'town'?"),
    "run: given twice": (["run", "water/town", "town=easton", "town=weston"], "parameter 'town' is given twice; keep one."),
    "run: a value of no row": (["run", "water/town", "town=Easton"], "town=Easton: no row of water/use has this town; did you mean 'easton'?"),
    "run: a day that is none": (["run", "water/town", "as_of=someday"], "as_of is 'someday'; write a day as YYYY-MM-DD"),
    "run: a day to come": (["run", "water/town", "as_of=2099-01-01"], "as_of is '2099-01-01', and the record ends on 2026-"),
    "verify: nothing": (["verify", "nowhere.json"], "nowhere.json: no manifest can be read there (FileNotFoundError)"),
    "verify: a folder": (["verify", "book"], "book: no manifest can be read there (IsADirectoryError)"),
    "verify: not JSON": (["verify", "_toc.yml"], "_toc.yml: no manifest can be read there (JSONDecodeError)"),
    "verify: another file": (["verify", "data/datapackage.json"], "data/datapackage.json: not a manifest of this version: the keys form, "),
    "verify: half a manifest": (["verify", "half.json"], "half.json: not a manifest of this version: the keys title, record, as_of, machine, made_with and pages are missing"),
    "verify: no host": (["verify", "http://localhost:9/"], "http://localhost:9/: no manifest can be read there (ConnectionError)"),
    "add: no such table": (["add", "water/uze"], "water/uze"),
    "add-table: no such file": (["add-table", "water/trees"], "data/water/trees.csv: there is no such file"),
    "add-table: described": (["add-table", "water/use"], "it describes water/use already"),
    "diff: another form": (["diff", "HEAD", "--as", "pdf"], "--as pdf: write text, markdown or html."),
    "diff: an option": (["diff", "--", "--output=x"], "git knows no revision '--output=x'"),
    "diff: no repository": (["diff", "HEAD"], "git knows no revision 'HEAD'"),
    "validate: no repository": (["validate", "--base", "main"], "git knows no revision 'main'"),
    "new: upon a file": (["new", "_toc.yml", "--title", "T", "--author", "A", "--repository", "https://github.com/a/b"], "_toc.yml: it is a file; name a new folder."),
    "new: upon a story": (["new", "book", "--title", "T", "--author", "A", "--repository", "https://github.com/a/b"], "book: the folder is not empty; name a new one."),
    "new: no address": (["new", "n", "--title", "T", "--author", "A", "--repository", "github"], "github: write the repository's web address"),
}  # fmt: skip


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_one_line_and_changes_nothing(run: Run, starter: Project, slip: str) -> None:
    arguments, said = SLIPS[slip]
    (starter.root / "half.json").write_text('{"form": 2}', "utf-8")
    before = files(starter.root)
    done = run(*arguments)
    assert done.exit_code == 1 and said in done.stderr, done.output
    assert len(done.stderr.strip().splitlines()) == 1
    assert {name: text for name, text in files(starter.root).items() if not name.startswith(".build/")} == before


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["bild"], "No such command 'bild'"),
        (["build", "--asof", "2025-04-16"], "No such option"),
        (["build", "--jobs", "many"], "Invalid value for '--jobs' / '-j'"),
        (["build", "--jobs", "-1"], "Invalid value for '--jobs' / '-j'"),
        (["run"], "Missing argument"),
        (["verify"], "Missing argument"),
        (["diff"], "Missing argument"),
        (["plan", "water/use"], "unexpected extra argument"),
    ],
)
def test_a_word_that_no_command_knows_is_named(run: Run, arguments: list[str], said: str) -> None:
    done = run(*arguments)
    assert done.exit_code == 2 and said in re.sub(r"\s+", " ", done.stderr.replace("│", "")), done.stderr


def test_without_git_a_comparison_says_so(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run("diff", "HEAD")
    assert done.exit_code == 1 and done.stderr == "git is not on this machine; install it to compare with an earlier record.\n"


def test_outside_a_casebook_every_command_says_so(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    for command in ("build", "plan", "validate", "due", "links", "refresh"):
        done = CliRunner().invoke(app, [command])
        assert done.exit_code == 1 and "not inside a casebook" in done.stderr and len(done.stderr.splitlines()) == 1


def test_a_cell_that_is_no_python_is_one_line_whatever_is_asked(run: Run, starter: Project) -> None:
    for words in (["init", "-q"], ["add", "data"], ["-c", "user.name=t", "-c", "user.email=t@example.org", "commit", "-qm", "first"]):
        subprocess.run(["git", *words], cwd=starter.root, check=True)
    use = starter.data / "water" / "use.csv"
    use.write_text(use.read_text("utf-8").replace("142.0", "141.0", 1), "utf-8")
    digest = "0" * 64
    page = {"notebook": "water/use", "parameters": {}, "code": digest, "text": digest, "reads": [], "exhibits": {}, "page": digest}
    manifest = {"form": 2, "title": "T", "record": "1", "as_of": "latest", "machine": "", "made_with": {"Python": "", "system": ""}}
    (starter.root / "manifest.json").write_text(json.dumps(manifest | {"pages": {"water/use": page}}), "utf-8")
    town = starter.notebooks / "water" / "town.ipynb"
    town.write_text(town.read_text("utf-8").replace("import plotly", "(import plotly", 1), "utf-8")
    for words in (["plan"], ["build"], ["diff", "HEAD"], ["verify", "manifest.json"], ["run", "water/town"]):
        done = run(*words)
        assert done.exit_code == 1 and done.stderr.count("\n") == 1, (words, done.output)
        assert done.stderr.startswith("notebooks/water/town.ipynb: cell 2, line 1: "), (words, done.output)


def test_a_story_brings_forth_another(tmp_path: Path) -> None:
    for machine, story in ((ROOT, "first"), (tmp_path / "first", "second")):
        new(machine, tmp_path / story, "Who counts?", "A. Reporter", "https://github.com/someone/story")
    shutil.rmtree(tmp_path / "first" / "scripts" / "casebook" / "assets")
    assert (tmp_path / "second" / "scripts" / "casebook" / "assets" / "starter" / "_toc.yml").is_file()
    assert json.loads((tmp_path / "second" / "data" / "datapackage.json").read_text("utf-8"))["name"] == "who-counts"
