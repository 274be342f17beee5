"""Templates and made pages as notebooks: render the text, check the parameters, tell a change of code from one of text."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from nbformat import NotebookNode

from casebook.data.record import LATEST, Record
from casebook.errors import Problem
from casebook.format import day

# What MyST would read as more than words (CommonMark, 2.4).
MARKS = re.compile(r"[\\`*_{}\[\]<>$~|#!&]")


def load(folder: Path, name: str) -> NotebookNode:
    """Read the notebook `name` (such as ai/company) of the folder `notebooks/`. Raises Problem where it is none."""
    try:
        return nbformat.read(folder / f"{name}.ipynb", as_version=4)
    except Exception as error:
        raise Problem(f"notebooks/{name}.ipynb: not a notebook that can be read ({error}).") from None


def parameters_of(template: NotebookNode) -> dict[str, Any]:
    """Names and defaults in the cell tagged `parameters`; literals only."""
    cells = [cell for cell in template.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise Problem(f"it has {len(cells)} cells tagged 'parameters'; it needs exactly one")
    found = {}
    for statement in ast.parse(cells[0].source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = ast.literal_eval(value)
    return found


def check_parameters(template: NotebookNode, given: dict[str, Any]) -> None:
    """Raise Problem for a parameter that is unknown to the notebook, missing, or of another type than its default."""
    declared = parameters_of(template)
    for name in given.keys() - declared.keys():
        raise Problem(f"parameter '{name}' is not in its parameters cell, which has {', '.join(declared)}")
    for name in declared.keys() - given.keys():
        raise Problem(f"parameter '{name}' is missing; give it in notebooks/pages.yml")
    for name, value in given.items():
        wanted = type(declared[name])
        if declared[name] is not None and type(value) is not wanted:
            raise Problem(f"parameter '{name}' is {value!r}, a {type(value).__name__}; its default is a {wanted.__name__}")


def render(template: NotebookNode, parameters: dict[str, Any], record: Record) -> NotebookNode:
    """A copy of `template` whose Markdown cells have their Jinja filled from the parameters.

    `{{ company | entity }}` prints the name in the table entities, `{{ iso3 | country }}` a country's,
    `{{ as_of | known_on }}` the edition's day; `{% if since("2025-03-28") %}` keeps what was not yet public then.
    """
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, finalize=as_words)  # noqa: S701 as_words escapes
    environment.filters["entity"] = lambda id: record.entity(id)["name"]
    environment.filters["country"] = lambda iso3: record.country_name(iso3)
    environment.filters["known_on"] = lambda as_of: day(record.known_on(as_of))
    environment.globals["since"] = lambda day: parameters["as_of"] == LATEST or parameters["as_of"] >= day
    environment.filters["row"] = lambda id, table: record.row(table, id)
    copy = nbformat.from_dict(template)
    for index, cell in enumerate(copy.cells, start=1):
        if cell.cell_type == "markdown":
            try:
                cell.source = environment.from_string(cell.source).render(parameters)
            except jinja2.TemplateError as error:
                raise Problem(f"Markdown cell {index}: {error}") from None
    return copy


def as_words(value: Any) -> Any:
    """Text of the record or of a parameter as MyST that says just these words: no mark-up of its own, on one line."""
    return re.sub(MARKS, r"\\\g<0>", " ".join(value.split())) if isinstance(value, str) else value


def code_digest(template: NotebookNode) -> str:
    """SHA-256 of what the code cells do: comments, layout and tags do not count."""
    code = [ast.dump(ast.parse(cell.source)) for cell in template.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()


def text_digest(notebook: NotebookNode) -> str:
    """SHA-256 of what a reader sees of the template itself: Markdown, code as written, tags."""
    seen = [[cell.cell_type, cell.source, sorted(cell.metadata.get("tags", []))] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
