"""One notebook with parameters of one's own, beside the book."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer
import yaml

from casebook import notebook as nb
from casebook.data.record import Record
from casebook.errors import Problem
from casebook.pages import Page
from casebook.plan import STALE, Step, machine_digest
from casebook.project import Project
from casebook.run import make_page, write_page
from casebook.warm import warm

FOLDER = "runs"


def rerun(project: Project, notebook: str, given: Sequence[str]) -> Path:
    """Run a notebook with `name=value` parameters, its defaults for the others; return the executed file under `runs/`.

    Raises Problem for an unknown notebook or parameter, a value of another type, or a cell that fails.
    """
    file = project.notebooks / f"{notebook}.ipynb"
    if not file.is_file():
        known = sorted(path.relative_to(project.notebooks).with_suffix("").as_posix() for path in project.notebooks.rglob("*.ipynb"))
        raise Problem(f"{notebook}: there is no notebooks/{notebook}.ipynb; the notebooks are {', '.join(known)}.")
    template = nb.load(project.notebooks, notebook)
    record = Record(project.data)
    try:
        parameters = nb.parameters_of(template) | dict(parse(text, nb.parameters_of(template)) for text in given)
        nb.check_parameters(template, parameters)
        rendered = nb.render(template, parameters, record)
    except Problem as problem:
        raise Problem(*(f"notebooks/{notebook}.ipynb: {finding}" for finding in problem.findings)) from None
    marks = {"page": notebook, "notebook": notebook, "parameters": parameters, "suffix": "", "code": nb.code_digest(template)}
    marks |= {"text": nb.text_digest(rendered), "machine": machine_digest(project, record)}
    with warm():
        made, _ = make_page(Step(Page(notebook, notebook, parameters), STALE, "asked for", rendered, marks))
    words = "-".join([notebook, *(str(value) for _, value in sorted(parameters.items()))])
    to = project.root / FOLDER / f"{re.sub(r'[^A-Za-z0-9/._-]+', '-', words).replace('..', '-')}.ipynb"
    write_page(made, to)
    return to


def parse(text: str, declared: dict[str, Any]) -> tuple[str, Any]:
    """`name=value` as a parameter: text stays text where the notebook's own is text."""
    name, sign, value = text.partition("=")
    if not sign:
        raise Problem(f"'{text}' is not a parameter; write name=value")
    return name, value if isinstance(declared.get(name), str) else yaml.safe_load(value)


def open_file(file: Path) -> None:
    """Open a file with what this machine opens such files with."""
    typer.launch(str(file))
