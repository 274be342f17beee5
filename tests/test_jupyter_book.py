"""A Problem met inside Sphinx comes out as its own line, whatever the part of Sphinx that met it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sphinx.errors import ExtensionError

from casebook.errors import Problem
from casebook.jupyter_book import cause
from casebook.publish import said

EXTENSION = """
from casebook.errors import Problem

def refuse(*given):
    raise Problem("data/a.csv: no row has the id 'b'; add it.", "data/a.csv: no row has the id 'c'; add it.")

def setup(app):
    app.connect("builder-inited", refuse)
"""
CONFIG = """
execute: {execute_notebooks: "off"}
sphinx: {config: {extensions: [myst_nb, jupyter_book, sphinx_external_toc, sphinx_comments, sphinx_book_theme, refusing]}}
"""


def test_a_problem_inside_sphinx_is_its_own_lines(tmp_path: Path) -> None:
    for name, content in (("refusing.py", EXTENSION), ("_config.yml", CONFIG), ("_toc.yml", "format: jb-book\nroot: index\n")):
        (tmp_path / name).write_text(content, "utf-8")
    (tmp_path / "index.md").write_text("# A book\n", "utf-8")
    command = [sys.executable, "-m", "casebook.jupyter_book", "build", str(tmp_path), "-q"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | {"NO_COLOR": "1", "PYTHONPATH": str(tmp_path)})
    assert done.returncode == 1
    assert said(done.stderr + done.stdout) == [f"data/a.csv: no row has the id '{id}'; add it." for id in ("b", "c")]


def test_a_problem_is_found_behind_what_it_led_to() -> None:
    problem, error = Problem("data/a.csv: no row."), RuntimeError("There was an error in building your book.")
    error.__cause__ = ExtensionError("Handler threw an exception", problem, "casebook.cite")
    assert cause(error) is problem
    error.__cause__ = ExtensionError("Handler threw an exception", KeyError("x"), "casebook.cite")
    assert cause(error) is None and cause(RuntimeError()) is None


def test_all_else_is_said_as_sphinx_says_it() -> None:
    assert said("reading\nbook/a.md:3: WARNING: no such target\nbuild failed") == ["book/a.md:3: WARNING: no such target"]
    assert said("Traceback\nKeyError: 'x'") == ["jupyter-book failed: Traceback\nKeyError: 'x'"]
