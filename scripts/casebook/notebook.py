"""Templates and made pages as notebooks: render the text, check the parameters, tell a change of code from one of text."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import StrictUndefined, TemplateError, TemplateRuntimeError, TemplateSyntaxError, Undefined, nodes
from jinja2.filters import FILTERS
from jinja2.sandbox import SandboxedEnvironment
from nbformat import NotebookNode

from casebook.data.record import LATEST, Record, split
from casebook.errors import Problem
from casebook.format import day

# What Markdown, MyST, HTML or Jinja would read as more than words: a mark, or a line's beginning that makes a list of it.
MARKS = re.compile(r"""[!"#$%&'*+:<=>@\[\\\]^`{|}~]|(?<!\w)_|_(?!\w)|^-|(?<=\d)[.)](?=\s|$)""")
# Of Jinja, what a notebook's text may use: no loop, no macro, no arithmetic, so it ends and stays as small as it is.
GRAMMAR = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.Filter, nodes.Getattr, nodes.Getitem,
    nodes.Call, nodes.If, nodes.Compare, nodes.Operand, nodes.Not, nodes.And, nodes.Or,
)  # fmt: skip


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
    `{{ as_of | known_on }}` the edition's day, `{{ claim | row("claims/claims") }}` with a column's name a cell,
    `{{ cell | listed }}` the items of a list; `{% if since("2025-03-28") %}` keeps what was not yet public then.
    Raises Problem for what the record does not have, and for anything but names, filters and ifs: text runs nothing.
    """
    environment = SandboxedEnvironment(undefined=StrictUndefined, autoescape=False, finalize=as_words)  # as_words escapes
    environment.globals.clear()
    environment.tests.clear()
    environment.filters = {
        "entity": lambda id: record.entity(id)["name"],
        "country": lambda iso3: record.country_name(iso3),
        "known_on": lambda as_of: day(record.known_on(as_of)),
        "row": lambda id, table: record.row(table, id),
        "listed": lambda cell: ", ".join(split(cell)),
        "title": FILTERS["title"],
    }
    given = parameters | {"since": lambda day: parameters["as_of"] == LATEST or parameters["as_of"] >= day}
    copy = nbformat.from_dict(template)
    for index, cell in enumerate(copy.cells, start=1):
        if cell.cell_type == "markdown":
            try:
                _check_grammar(environment.parse(cell.source))
                cell.source = environment.from_string(cell.source).render(given)
            except (TemplateError, RecursionError, TypeError) as error:
                raise Problem(f"Markdown cell {index}: {error}") from None
    return copy


def _check_grammar(node: nodes.Node) -> None:
    """Raise TemplateSyntaxError for what is not in GRAMMAR, and for a call of anything but `since`."""
    is_known = isinstance(node, GRAMMAR) and (not isinstance(node, nodes.Call) or getattr(node.node, "name", "") == "since")
    if not is_known:
        what = type(node).__name__.lower()
        raise TemplateSyntaxError(f"line {node.lineno}: its braces hold a {what}; they may name a parameter, a filter or an if", node.lineno)
    for child in node.iter_child_nodes():
        _check_grammar(child)


def as_words(value: Any) -> Any:
    """Text of the record or of a parameter as MyST or HTML that says just these words: no mark-up of its own, on one line.

    Raises TemplateRuntimeError for what is no text and no number.
    """
    if isinstance(value, Undefined):
        return value
    if not isinstance(value, str | int | float):
        raise TemplateRuntimeError(f"its braces name a {type(value).__name__}; name a column of it")
    return MARKS.sub(lambda mark: f"&#{ord(mark[0])};", " ".join(str(value).split()))


def code_digest(template: NotebookNode) -> str:
    """SHA-256 of what the code cells do: comments, layout and tags do not count."""
    code = [ast.dump(ast.parse(cell.source)) for cell in template.cells if cell.cell_type == "code"]
    return hashlib.sha256("\0".join(code).encode()).hexdigest()


def text_digest(notebook: NotebookNode) -> str:
    """SHA-256 of what a reader sees of the template itself: Markdown, code as written, tags."""
    seen = [[cell.cell_type, cell.source, sorted(cell.metadata.get("tags", []))] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
