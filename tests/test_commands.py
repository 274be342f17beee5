"""What a person is told to type works as it is printed."""

from __future__ import annotations

import re
import subprocess

from tests.conftest import ROOT

MAKEFILE = (ROOT / "Makefile").read_text("utf-8")


def make(*arguments: str, text: str = "") -> str:
    done = subprocess.run(["make", "--silent", *arguments], cwd=ROOT, input=text, capture_output=True, text=True, check=False)
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
