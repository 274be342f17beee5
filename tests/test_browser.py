"""Which browser draws, and how one comes where there is none."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from casebook import browser
from casebook.edition import BUILT_FROM, Edition
from casebook.errors import Problem
from casebook.project import Project
from tests.conftest import ROOT


def command(folder: Path, name: str, script: str) -> Path:
    file = folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    file.chmod(0o755)
    return file


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty PATH, on a machine without any browser."""
    monkeypatch.delenv("CASEBOOK_BROWSER", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "APPLICATIONS", ())
    return tmp_path


def test_the_one_that_is_named_is_used(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    command(path, "chromium", "exit 0")
    assert browser.find() == str(path / "chromium")
    monkeypatch.setenv("CASEBOOK_BROWSER", str(command(path, "mine", "exit 0")))
    assert browser.find() == str(path / "mine")
    monkeypatch.setenv("CASEBOOK_BROWSER", "none")
    assert browser.find() is None


@pytest.mark.parametrize("script", [None, "exit 1"], ids=["not there", "does not start"])
def test_one_that_is_named_and_does_not_start_is_said(path: Path, monkeypatch: pytest.MonkeyPatch, script: str | None) -> None:
    if script:
        command(path, "mine", script)
    monkeypatch.setenv("CASEBOOK_BROWSER", "mine")
    with pytest.raises(Problem, match="CASEBOOK_BROWSER=mine: no browser starts by this name"):
        browser.find()


def test_a_script_that_asks_for_a_snap_is_no_browser(path: Path) -> None:
    command(path, "chromium-browser", "echo 'requires the chromium snap to be installed' >&2; exit 1")
    assert browser.find() is None
    command(path, "google-chrome", "exit 0")
    assert browser.find() == str(path / "google-chrome")


def test_what_was_installed_beside_the_packages_is_found(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.prefix", str(path))
    own = command(path, "browsers/chromium_headless_shell-1/chrome-headless-shell-linux64/chrome-headless-shell", "exit 0")
    assert browser.find() == str(own)


def test_a_browser_that_comes_makes_a_site_that_is_not_yet_built(path: Path, project: Project) -> None:
    edition = Edition(project)
    edition.site.mkdir()
    (edition.site / BUILT_FROM).write_text(edition.inputs(), "utf-8")
    assert edition.is_built()
    command(path, "chromium", "exit 0")
    assert not edition.is_built()


FETCHED = 'echo "$(basename "$0") $*" >> "$CALLS"'
HAS = 'for name in {}; do [ "$2" = "$name" ] && echo "  Candidate: 1.0"; done; true'


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """A folder with the script and an environment in which no browser is found, on a machine that has only what a test gives it."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(ROOT / "scripts" / "install-browser", tmp_path / "scripts")
    for name in ("sh", "dirname", "basename", "grep", "env"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).symlink_to(str(shutil.which(name)))
    command(tmp_path, ".venv/bin/python", 'test -e "$(dirname "$0")/browser"')
    command(tmp_path, ".venv/bin/playwright", FETCHED)
    return tmp_path


def install(machine: Path, *arguments: str) -> tuple[int, str, str]:
    """Run the script: its status, what it says, what it called."""
    calls = machine / "calls"
    calls.write_text("", "utf-8")
    given = {"PATH": str(machine / "bin"), "CALLS": str(calls)}
    done = subprocess.run([machine / "scripts" / "install-browser", *arguments], env=given, capture_output=True, text=True, check=False)
    return done.returncode, done.stdout + done.stderr, calls.read_text("utf-8")


@pytest.mark.parametrize("user", [0, 1000])
@pytest.mark.parametrize("has", ["chromium", "chromium chromium-headless-shell", ""], ids=["Debian 11", "Debian", "Ubuntu"])
def test_it_is_installed_where_that_is_allowed(machine: Path, user: int, has: str) -> None:
    for name, script in (("id", f"echo {user}"), ("apt-get", FETCHED), ("apt-cache", HAS.format(has)), ("sudo", '[ "$1" = -n ] && shift; exec "$@"')):
        command(machine, f"bin/{name}", script)
    command(machine, "bin/true", "exit 0")
    status, said, called = install(machine, "--if-allowed")
    assert status == 0 and len(said.splitlines()) == 1 and said.startswith("pictures: installing "), said
    brought = (
        f"apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core{has.removeprefix('chromium')}" if has else "playwright install"
    )
    assert called.startswith("apt-get update -qq\n") and brought in called
    (machine / ".venv" / "bin" / "browser").touch()
    assert install(machine) == (0, "", "")


def test_where_it_may_not_be_installed_a_line_says_what_to_do(machine: Path) -> None:
    command(machine, "bin/id", "echo 1000")
    for name in ("", "apt-get"):
        if name:
            command(machine, f"bin/{name}", FETCHED)
            command(machine, "bin/sudo", "exit 1")
        status, said, called = install(machine, "--if-allowed")
        assert status == 1 and len(said.splitlines()) == 1 and "install one with your system's package manager" in said and not called, said
