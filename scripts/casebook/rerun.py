"""One notebook with parameters of one's own, beside the book."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer
import yaml

from casebook import notebook as nb
from casebook.data.record import LATEST, Record
from casebook.errors import Problem, meant
from casebook.files import from_yaml
from casebook.pages import Page, entries_of, values_of
from casebook.project import Project
from casebook.run import execute, write_page
from casebook.warm import warm

FOLDER = "runs"
LONGEST_NAME = 80


def rerun(project: Project, notebook: str, given: Sequence[str]) -> Path:
    """Run a notebook with `name=value` parameters, its defaults for the others; return the executed file under `runs/`.

    Raises Problem for an unknown notebook or parameter, a value of another type, or a cell that fails.
    """
    notebooks = {path.relative_to(project.notebooks).with_suffix("").as_posix() for path in project.notebooks.rglob("*.ipynb")}
    if notebook not in notebooks:
        name = notebook.removeprefix("notebooks/").removesuffix(".ipynb")
        raise Problem(f"there is no notebook '{notebook}' under notebooks/; {meant(name, notebooks)}")
    template, record = nb.load(project.notebooks, notebook), Record(project.data)
    try:
        asked = parsed(given, nb.parameters_of(template))
        parameters = nb.parameters_of(template) | asked
        nb.check_parameters(template, parameters)
        record.known_on(parameters["as_of"])
        _check_values(project, record, notebook, asked)
    except Problem as problem:
        raise Problem(*(f"notebooks/{notebook}.ipynb: {finding}" for finding in problem.findings)) from None
    with warm():
        made = execute(Page(notebook, notebook, parameters), template)
    to = project.root / FOLDER / Path(notebook).parent / f"{_name(notebook, asked)}.ipynb"
    write_page(made, to)
    return to


def parsed(given: Iterable[str], declared: Mapping[str, Any]) -> dict[str, Any]:
    """`name=value` as parameters: text stays text where the notebook's own is text, all else is read as in pages.yml."""
    found: dict[str, Any] = {}
    for text in given:
        name, sign, value = text.partition("=")
        if not sign:
            raise Problem(f"'{text}' is not a parameter; write name=value.")
        if name in found:
            raise Problem(f"parameter '{name}' is given twice; keep one.")
        try:
            found[name] = value if isinstance(declared.get(name), str) else from_yaml(value)
        except (yaml.YAMLError, ValueError):
            raise Problem(f"parameter '{name}': '{value}' cannot be read; write a number, true, false, or a list such as '[a, b]'.") from None
    return found


def _check_values(project: Project, record: Record, notebook: str, asked: Mapping[str, Any]) -> None:
    """Raise Problem for a value that no row has, where pages.yml says of which column the notebook's pages are made."""
    for each in (entry["each"] for entry in entries_of(project) if entry["notebook"] == notebook and "each" in entry):
        name, table, column = each["parameter"], each["table"], each["column"]
        if name in asked and asked[name] not in (known := values_of({"table": table, "column": column}, record, LATEST)):
            raise Problem(f"{name}={asked[name]}: no row of {table} has this {column}; {meant(asked[name], map(str, known))}")


def _name(notebook: str, asked: Mapping[str, Any]) -> str:
    """A short name for a file: the notebook and what was asked of it."""
    words = "-".join([Path(notebook).name, *map(str, asked.values())])
    return re.sub(r"[^A-Za-z0-9._-]+", "-", words)[:LONGEST_NAME].rstrip("-.")


def open_file(file: Path) -> None:
    """Open a file with what this machine opens such files with."""
    typer.launch(str(file))
