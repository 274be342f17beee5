"""What a person is told to type works as it is printed."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import socket
import subprocess
import sys
from itertools import dropwhile
from pathlib import Path
from typing import Any

import nbformat
import pytest
import typer
from distributed.cli.dask_scheduler import main as dask_scheduler
from distributed.cli.dask_worker import main as dask_worker
from papermill.cli import papermill
from typer.testing import CliRunner

from casebook.cli import app
from casebook.edition import Edition
from casebook.new import new
from casebook.project import Project
from tests import printed
from tests.conftest import ROOT, lend_packages

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def make(*arguments: str, text: str = "", folder: Path = ROOT) -> str:
    done = subprocess.run(["make", "--silent", *arguments], cwd=folder, input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_no_variable_of_ours_is_one_of_makes_own() -> None:
    """`AS ?= text` never took: make itself says that AS is the assembler."""
    ours = re.findall(r"^([A-Z_]+) \?=", MAKEFILE, re.MULTILINE) + re.findall(r"\$\(([A-Z_]+)\)", MAKEFILE)
    show = "all:;@echo " + " ".join(f"{name}=$(origin {name})" for name in set(ours))
    assert not [found for found in make("-f", "-", text=show).split() if found.endswith("=default")]


def test_a_diff_is_text_unless_another_form_is_asked_for() -> None:
    assert make("--dry-run", "diff", "BASE=main").splitlines()[-1].endswith("casebook diff main --as text")
    assert make("--dry-run", "diff", "BASE=main", "FORM=markdown").splitlines()[-1].endswith("casebook diff main --as markdown")


@pytest.mark.parametrize(
    ("command", "said"),
    [("due", "nothing is due"), ("refresh", "nothing to ask")],
)
def test_a_story_that_plans_nothing_has_nothing_to_do(starter: Project, monkeypatch: pytest.MonkeyPatch, command: str, said: str) -> None:
    monkeypatch.chdir(starter.root)
    done = CliRunner().invoke(app, [command])
    assert done.exit_code == 0 and done.stdout.startswith(said), done.output


def test_a_taken_port_is_a_line(tmp_path: Path) -> None:
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    lend_packages(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        serve = ["make", "--silent", "serve", f"PORT={port}"]
        assert subprocess.run(serve, cwd=tmp_path, capture_output=True, text=True, check=False).stderr.startswith("_site: there is no site yet; run")
        (tmp_path / "_site").mkdir()
        (tmp_path / "_site" / "index.html").touch()
        done = subprocess.run(serve, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2 and done.stderr.startswith(f"port {port} cannot be had; take another one, as in: make serve PORT=8001\n")


def test_there_are_few_commands_and_targets() -> None:
    """One for each of the jobs: make, check, correct, look ahead, rerun, start anew."""
    assert len(typer.main.get_command(app).commands) <= 14 and len(printed.TARGETS) <= 16  # type: ignore[attr-defined]


def test_the_log_of_a_build_is_always_of_this_build(starter: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(starter.root)
    monkeypatch.setattr(Edition, "is_built", lambda edition: True)
    log = starter.root / "pages.jsonl"
    log.write_text('{"state": "yesterday"}\n', "utf-8")
    assert CliRunner().invoke(app, ["build", "--json", "pages.jsonl"]).exit_code == 0
    assert log.read_text("utf-8") == '{"state": "unchanged"}\n'
    done = CliRunner().invoke(app, ["build", "--json", "nowhere/pages.jsonl"])
    assert done.exit_code == 1 and done.stderr == "--json nowhere/pages.jsonl: No such file or directory; name a file in a folder that is there.\n"


def test_a_notebook_with_outputs_is_named_with_what_to_type(tmp_path: Path) -> None:
    shutil.copy(ROOT / "Makefile", tmp_path)
    for name in ("requirements.lock", "pyproject.toml"):
        (tmp_path / name).touch()
    lend_packages(tmp_path)
    for name in ("ruff", "mypy"):
        (tmp_path / name).symlink_to("/bin/true")
    (tmp_path / "nbstripout").symlink_to(tmp_path / ".venv" / "bin" / "nbstripout")
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1", outputs=[nbformat.v4.new_output("stream", text="1")])])
    (tmp_path / "notebooks" / "a" / "b").mkdir(parents=True)
    nbformat.write(book, tmp_path / "notebooks" / "a" / "b" / "page.ipynb")
    done = subprocess.run(["make", "--silent", "check", "BIN=."], cwd=tmp_path, capture_output=True, text=True, check=False)
    said = "take the outputs out: ./nbstripout --keep-id notebooks/a/b/page.ipynb"
    assert done.returncode == 2 and said in done.stdout.splitlines()
    subprocess.run(said.split(": ")[1].split(), cwd=tmp_path, check=True)
    assert subprocess.run(["make", "--silent", "check", "BIN=."], cwd=tmp_path, capture_output=True, check=False).returncode == 0


PRINTED = sorted({line: place for place, line in printed.commands()}.items())


@pytest.mark.parametrize(("line", "place"), PRINTED, ids=[line for line, _ in PRINTED])
def test_what_is_printed_can_be_typed(line: str, place: str) -> None:
    """Its program is there, and takes these words; of a target of the Makefile, every command that it would run."""
    assert printed.COMMAND.match(line), f"{place}: no test knows what '{line}' runs"
    accept(line, ROOT)


def test_every_target_of_a_new_story_has_what_it_needs(tmp_path: Path) -> None:
    story = tmp_path / "story"
    new(ROOT, story, "Title", "Author", "https://github.com/you/story")
    lend_packages(story)
    there = {
        target for target in printed.TARGETS if not subprocess.run(["make", "-n", target], cwd=story, capture_output=True, check=False).returncode
    }
    assert printed.TARGETS - there == {"bench", "torture"}
    for target in sorted(there):
        accept(f"make {target} BASE=main AS_OF=2026-01-31", story)


def accept(line: str, folder: Path) -> None:
    words = list(dropwhile(lambda word: "=" in word, shlex.split(line)))
    program, given = words[0], words[1:]
    if program == "make":
        for recipe in make("--dry-run", *given, folder=folder).splitlines():
            # What stands between quotes is one word.
            for part in re.split(r"(?:\|\||&&|;|>)(?=(?:[^']*'[^']*')*[^']*$)", recipe):
                if part.strip().startswith((".venv/", "scripts/")):
                    accept(part, folder)
    elif program.startswith("scripts/") or program == "git":
        assert shutil.which(program, path=f"{folder}:{os.environ['PATH']}")
    elif program == ".venv/bin/casebook":
        parse(typer.main.get_command(app), given)
    elif program == ".venv/bin/papermill":
        parse(papermill, given)
    elif program == ".venv/bin/dask":
        parse({"scheduler": dask_scheduler, "worker": dask_worker}[given[0]], given[1:])
    elif given[:1] == ["-m"]:
        module = given[1].replace(".", "/")
        is_pythons = given[1].split(".")[0] in sys.stdlib_module_names
        assert is_pythons or any((folder / top / f"{module}{end}").is_file() for top in (".", "scripts") for end in (".py", "/__main__.py"))
    else:
        assert program.startswith(".venv/bin/") and Path(sys.executable).with_name(Path(program).name).is_file()


def parse(command: Any, given: list[str]) -> None:
    """Raises the error of click where a command does not take these words; what it would ask for is answered."""
    with CliRunner().isolation(input="x\n" * 3):
        context = command.make_context("command", list(given))
        if hasattr(command, "resolve_command"):
            name, inner, rest = command.resolve_command(context, given)
            inner.make_context(name, rest, parent=context)
