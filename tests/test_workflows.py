"""CI's own files: pinned, with no right too many, and calling what a person calls (`make supply` looks further)."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.conftest import ROOT, VERSION, lend_packages

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


@pytest.mark.parametrize("file", WORKFLOWS, ids=lambda file: file.stem)
def test_every_action_is_pinned_and_every_command_is_a_target(file: Path) -> None:
    workflow = yaml.safe_load(file.read_text("utf-8"))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert workflow["permissions"] == {}
    for job in workflow["jobs"].values():
        assert "timeout-minutes" in job and "permissions" in job
        for step in job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[a-z-]+/[a-z-]+@[0-9a-f]{40}", step["uses"])
            # Else a refusal on the left of the pipe is a green job.
            assert "| tee" not in step.get("run", "") or "set -o pipefail" in step["run"]
            for target in re.findall(r"^\s*make (?:--silent )?([a-z]+)", step.get("run", ""), re.MULTILINE):
                assert target in targets


STUB = """#!/bin/sh
echo "$(basename "$0") $*" >> "$CALLS"
case "$*" in
  "release download"*|"pr comment"*--edit-last*) exit 1;;
  "pr create"*) echo https://github.com/a/b/pull/9;;
  "issue list"*"do not answer"*) echo 5;;
esac
"""


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clean clone with the tests' own packages, in which nothing can be pushed and `gh` only writes down how it was called."""
    folder, bin = tmp_path / "clone", tmp_path / "bin"
    subprocess.run(["git", "clone", "-q", str(ROOT), str(folder)], check=True)
    lend_packages(folder)
    bin.mkdir()
    (bin / "gh").write_text(STUB, "utf-8")
    (bin / "git").write_text(f'#!/bin/sh\nif [ "$1" = push ]; then echo "git $*" >> "$CALLS"; else exec {shutil.which("git")} "$@"; fi\n', "utf-8")
    for stub in bin.iterdir():
        stub.chmod(0o755)
    return folder


def step(clone: Path, workflow: str, name: str, **environment: str) -> str:
    """Run a step of a workflow as CI would; return the calls to `gh` and `git push`."""
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / f"{workflow}.yml").read_text("utf-8"))["jobs"]
    found = next(step for job in jobs.values() for step in job["steps"] if step.get("name") == name)
    calls = clone.parent / "calls"
    calls.write_text("", "utf-8")
    given = {name: environment.get(name, "x") for name in found.get("env", {})}
    path = f"{clone.parent / 'bin'}:{os.environ['PATH']}"
    done = subprocess.run(
        ["bash", "-e", "-c", found["run"]],
        cwd=clone,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | given | {"PATH": path, "CALLS": str(calls)},
    )
    assert done.returncode == 0, done.stderr
    return calls.read_text("utf-8")


def test_the_steps_of_a_pull_request_work_in_a_clean_clone(clone: Path) -> None:
    head = subprocess.run(["git", "rev-parse", "HEAD"], cwd=clone, capture_output=True, text=True, check=True).stdout.strip()
    step(clone, "check", "A changed record has a version of its own", BASE=head)
    step(clone, "check", "What the change touches", BASE=head, NUMBER="7")
    assert (clone / "review" / "diff.md").read_text("utf-8").strip() and (clone / "review" / "number").read_text("utf-8") == "7"
    calls = step(clone, "comment", "Comment", REPOSITORY="a/b").splitlines()
    assert [call.startswith("gh pr comment 7 --repo a/b") for call in calls] == [True, True]


def test_the_weekly_steps_propose_and_tell(clone: Path) -> None:
    assert step(clone, "weekly", "Open a pull request where rows are proposed") == ""
    (clone / "asked" / "proposals" / "sec").mkdir(parents=True)
    (clone / "asked" / "proposals" / "sec" / "sources.csv").write_text("id\n", "utf-8")
    (clone / "asked" / "refresh.txt").write_text("sec: 1 new\n", "utf-8")
    calls = step(clone, "weekly", "Open a pull request where rows are proposed", GH_TOKEN="t", REPOSITORY="a/b", BASE="main").splitlines()
    assert calls[0].startswith("git push https://x-access-token:t@github.com/a/b.git proposals-") and calls[1].startswith("gh pr create --repo a/b")
    # What a workflow opens starts no check: it is asked for, and told which pull request it is of.
    assert re.fullmatch(r"gh workflow run check.yml --repo a/b --ref proposals-\S+ --field number=9", calls[2])
    jobs = {name: yaml.safe_load((ROOT / ".github" / "workflows" / f"{name}.yml").read_text("utf-8")) for name in ("check", "weekly")}
    # YAML reads `on` as true.
    assert jobs["check"][True]["workflow_dispatch"]["inputs"].keys() == {"number"}
    assert jobs["weekly"]["jobs"]["propose"]["permissions"]["actions"] == "write"
    (clone / "links.txt").write_text("dead\n", "utf-8")
    # One issue a fault, however many weeks it lasts.
    assert "gh issue comment 5 --repo a/b" in step(clone, "weekly", "Tell of the dead ones", REPOSITORY="a/b")
    assert "gh issue create --repo a/b --title The weekly rebuild" in step(clone, "weekly", "Tell of a difference", REPOSITORY="a/b")
    (clone / "supply.txt").write_text("a fault\n", "utf-8")
    assert "gh issue create --repo a/b --title What the machine" in step(clone, "supply", "Tell of them", REPOSITORY="a/b")


def test_the_site_is_carried_on_and_kept(clone: Path) -> None:
    step(clone, "publish", "The site as it stands, so that its frozen pages and pictures are carried on")
    (clone / "packed").mkdir()
    (clone / "packed" / "VERSION").write_text("2026.11.23\n", "utf-8")
    calls = step(clone, "publish", "Keep the site", REPOSITORY="a/b", COMMIT="c")
    assert "gh release view data-2026.11.23 --repo a/b" in calls and "gh release upload data-2026.11.23 packed/site.tar.gz" in calls


def test_a_changed_record_of_an_old_version_is_refused(clone: Path) -> None:
    table = clone / "data" / "platform" / "staff.csv"
    table.write_text(table.read_text("utf-8").replace(",1200,", ",1201,", 1), "utf-8")
    done = subprocess.run(
        [str(Path(sys.executable).with_name("casebook")), "validate", "--base", "HEAD"], cwd=clone, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and f"its version is still {VERSION}" in done.stderr
