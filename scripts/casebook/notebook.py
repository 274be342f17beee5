"""Templates and made pages as notebooks: check the text and the parameters, tell a change of code from one of text."""

from __future__ import annotations

import ast
import hashlib
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import Any

import nbformat
from nbformat import NotebookNode

from casebook import files, shape
from casebook.errors import Problem, counted, meant
from casebook.markdown import Place, blocks, refused
from casebook.prose import typed_in_code, typed_in_text

# How a person calls the types of a parameter.
KINDS = {str: "text", int: "a whole number", float: "a number", bool: "True or False", list: "a list", type(None): "empty"}


def load(folder: Path, name: str) -> NotebookNode:
    """Read the notebook `name` (such as ai/company) of the folder `notebooks/`.

    Raises Problem, naming it, where it cannot be read, a code cell is not Python or opens a table of the record itself, a
    figure is typed into its words, its parameters are not plain values, or its text is more than words, links and citations.
    """
    file = f"notebooks/{name}.ipynb"
    content = files.load(folder / f"{name}.ipynb", file)
    shape.check(content, "notebook", file)
    notebook = nbformat.v4.to_notebook(content)
    try:
        cells = _parsed(notebook)
        if faults := [*_raw_reads(cells, folder.parent / "data"), *_typed_figures(notebook, cells)]:
            raise Problem(*faults)
        parameters_of(notebook)
        check_text(notebook.cells)
    except Problem as problem:
        raise Problem(*(f"{file}: {finding}" for finding in problem.findings)) from None
    return notebook


def _parsed(notebook: NotebookNode) -> dict[int, ast.Module]:
    """The code cells as Python, by their number from 1 among all cells. Raises Problem with a finding for each that is none."""
    found, findings = {}, []
    for index, cell in enumerate(notebook.cells, start=1):
        if cell.cell_type == "code":
            try:
                with warnings.catch_warnings(action="ignore"):
                    found[index] = ast.parse(cell.source)
                    # A `return` outside a function is seen only here.
                    compile(found[index], "cell", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
            except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
                findings.append(f"cell {index}{_syntax(error, cell.source)}; correct the cell.")
    if findings:
        raise Problem(*findings)
    return found


def _raw_reads(cells: Mapping[int, ast.Module], data: Path) -> Iterator[str]:
    """Where code names a table's file: a page that opened it itself would not be made again when it changes."""
    names = {file.name for file in data.rglob("*.csv")}
    for index, cell in cells.items():
        texts = [(node.lineno, node.value) for node in ast.walk(cell) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
        for line, text in texts:
            if PurePosixPath(text).name in names:
                yield (
                    f"cell {index}, line {line}: '{text[:60]}' is a table of the record; read it with read(), so that the page is made again when "
                    "it changes, and knows its sources."
                )


def _typed_figures(notebook: NotebookNode, cells: Mapping[int, ast.Module]) -> Iterator[str]:
    """Figures in the text and in the published words of a template, which no row would ever correct."""
    for index, cell in enumerate(notebook.cells, start=1):
        found = typed_in_code(cells[index]) if index in cells else typed_in_text(cell.source) if cell.cell_type == "markdown" else ()
        yield from (f"cell {index}, line {line}: {fault}" for line, fault in found)


def _syntax(error: BaseException, source: str) -> str:
    """Line and reason of what Python refused to read."""
    number = getattr(error, "lineno", None)
    if not number:
        return f": it cannot be read as Python ({error})"
    line = "".join(source.splitlines()[number - 1 : number]).strip()[:60]
    if line.startswith(("%", "!", "?")) or line.endswith("?"):
        return f", line {number}: '{line}' is a command to Jupyter, and a page is plain Python"
    return f", line {number}: {getattr(error, 'msg', error)}: '{line}'"


def parameters_of(template: NotebookNode) -> dict[str, Any]:
    """Names and defaults in the cell tagged `parameters`; plain values only: text, numbers, True, False, None, lists of these."""
    cells = [cell for cell in template.cells if "parameters" in cell.metadata.get("tags", [])]
    if len(cells) != 1:
        raise Problem(f"{counted(len(cells), 'cell')} tagged 'parameters'; tag exactly one (in Jupyter: Property Inspector, Cell Tags).")
    found = {}
    for statement in ast.parse(cells[0].source).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) | ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                try:
                    found[name] = ast.literal_eval(value)
                    json.dumps(found[name])
                except (ValueError, TypeError, RecursionError):
                    raise Problem(
                        f"the parameters cell, line {statement.lineno}: {name} is not a plain value; write text in quotes, "
                        "a number, True, False, None or a list of these, and compute in the next cell."
                    ) from None
    return found


def check_parameters(template: NotebookNode, given: Mapping[str, Any]) -> None:
    """Raise Problem for a parameter that is unknown to the notebook, missing, or of another type than its default."""
    declared = parameters_of(template)
    if "as_of" not in declared:
        raise Problem('the parameters cell lacks as_of; add the line: as_of = "latest".')
    for name in sorted(given.keys() - declared.keys()):
        raise Problem(f"parameter '{name}' is not in its parameters cell; {meant(name, declared)}")
    for name in sorted(declared.keys() - given.keys()):
        raise Problem(f"parameter '{name}' is missing; give it in notebooks/pages.yml.")
    for name, value in given.items():
        default, is_one = declared[name], declared[name] is None or type(value) is type(declared[name])
        # A whole number is a number.
        if not is_one and not (isinstance(default, float) and type(value) is int):
            quotes = ", in quotes" if isinstance(default, str) else ""
            raise Problem(f"parameter '{name}' is {_kind(value)}, and its default is {_kind(default)}; write {_kind(default)}{quotes}.")


def _kind(value: Any) -> str:
    return KINDS.get(type(value), f"a {type(value).__name__}")


def check_text(cells: Sequence[Mapping[str, Any]]) -> None:
    """Raise Problem for what Markdown cells hold beyond words, links and citations, read together as MyST-NB does: a link may be
    defined in any.
    """
    texts = {index: cell["source"] for index, cell in enumerate(cells, start=1) if cell["cell_type"] == "markdown"}
    links: dict[str, Any] = {}
    for text in texts.values():
        list(blocks(text, links=links))
    faults = ((index, *fault) for index, text in texts.items() for fault in refused(text, Place(), links=links))
    if findings := [f"Markdown cell {index}, line {line}: {fault}" for index, line, fault in faults]:
        raise Problem(*findings)


def code_digest(template: NotebookNode) -> str:
    """SHA-256 of what the code cells do: comments, layout and tags do not count."""
    return hashlib.sha256("\0".join(map(ast.dump, _parsed(template).values())).encode()).hexdigest()


def text_digest(notebook: NotebookNode) -> str:
    """SHA-256 of what a reader sees of the template itself: Markdown, code as written, tags."""
    seen = [[cell.cell_type, cell.source, sorted(cell.metadata.get("tags", []))] for cell in notebook.cells]
    return hashlib.sha256(json.dumps(seen).encode()).hexdigest()
