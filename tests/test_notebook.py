"""Templates: text and parameters are checked before a run, comments run nothing."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import nbformat
import pytest

from casebook import notebook as nb
from casebook.errors import Problem
from tests.conftest import ROOT


def template(*cells: str, parameters: str = 'as_of = "latest"\ntop = 3') -> nbformat.NotebookNode:
    made = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    return nbformat.v4.new_notebook(cells=made + [nbformat.v4.new_code_cell(cell) for cell in cells])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"tpo": 3}, "'tpo' is not in its parameters cell; did you mean 'top'?"),
        ({"top": None}, "'top' is empty, and its default is a whole number; write a whole number."),
        ({"top": "3"}, "'top' is text, and its default is a whole number; write a whole number."),
        ({"top": 0.5}, "'top' is a number, and its default is a whole number; write a whole number."),
        ({"top": True}, "'top' is True or False, and its default is a whole number; write a whole number."),
        ({"part": "1"}, "'part' is text, and its default is a number; write a number."),
        ({"town": False}, "'town' is True or False, and its default is text; write text, in quotes."),
        ({"town": 7}, "'town' is a whole number, and its default is text; write text, in quotes."),
        ({"towns": "easton"}, "'towns' is text, and its default is a list; write a list."),
        ({"is_open": "no"}, "'is_open' is text, and its default is True or False; write True or False."),
    ],
)
def test_a_wrong_parameter_is_refused(given: dict[str, object], says: str) -> None:
    page = template(parameters='as_of = "latest"\ntop = 3\npart = 0.5\ntown = "easton"\ntowns = ["a"]\nis_open = True')
    defaults = nb.parameters_of(page)
    nb.check_parameters(page, defaults | {"part": 2})
    with pytest.raises(Problem, match=re.escape(f"parameter {says}")):
        nb.check_parameters(page, defaults | given)
    with pytest.raises(Problem, match="parameter 'top' is missing; give it in"):
        nb.check_parameters(page, {name: value for name, value in defaults.items() if name != "top"})


def cells(*sources: str, tag: str = "parameters") -> dict[str, Any]:
    """A notebook as its file has it: a title, a cell of parameters, and these."""
    made = [("markdown", "# Title", []), ("code", 'as_of = "latest"', [tag]), *(("code", source, []) for source in sources)]
    found: list[dict[str, Any]] = [
        {"cell_type": kind, "id": f"cell-{at}", "metadata": {"tags": tags}, "source": source} for at, (kind, source, tags) in enumerate(made)
    ]
    for cell in found[1:]:
        cell |= {"execution_count": None, "outputs": []}
    return {"cells": found, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


def with_parameters(source: str) -> dict[str, Any]:
    book = cells()
    book["cells"][1]["source"] = source
    return book


def without(key: str) -> dict[str, Any]:
    book = cells("x = 1")
    del book["cells"][2][key]
    return book


def spoilt(key: str, value: object) -> dict[str, Any]:
    book = cells("x = 1")
    book["cells"][2][key] = value
    return book


PLAIN = "is not a plain value; write text in quotes"
MISTAKES: dict[str, tuple[object, str]] = {
    "nothing": ("", "line 1, column 1: not valid JSON here"),
    "half a file": (json.dumps(cells("x = 1"))[:-40], "not valid JSON here"),
    "a list": ([], "notebooks/ai/page.ipynb: this list must be keys with values."),
    "an older form": (cells() | {"nbformat": 3, "nbformat_minor": 0}, "nbformat: \'3\' must be \'4\'."),
    "no cells": ({"metadata": {}, "nbformat": 4, "nbformat_minor": 5}, "the key 'cells' is missing; add it."),
    "a cell without text": (without("source"), "cells, number 3: the key 'source' is missing; add it."),
    "a cell without a kind": (without("cell_type"), "cells, number 3: the key 'cell_type' is missing; add it."),
    "a cell of no kind": (spoilt("cell_type", "cod"), "cells, number 3, cell_type: 'cod' is not one of code, markdown and raw; did you mean 'code'?"),
    "a cell of numbers": (spoilt("source", 7), "cells, number 3, source: '7' must be text or a list; put it in quotes."),
    "tags that are a word": (spoilt("metadata", {"tags": "parameters"}), "cells, number 3, metadata, tags: 'parameters' must be a list."),
    "a cell without outputs": (without("outputs"), "cells, number 3: the key 'outputs' is missing; add it."),
    "an open bracket": (cells("x = 1", "y = (2\nz = 3"), "cell 4, line 1: '(' was never closed: 'y = (2'; correct the cell."),
    "a quote": (cells("x = 'one"), "cell 3, line 1: unterminated string literal"),
    "an indent": (cells("if 1:\nx = 1"), "cell 3, line 2: expected an indented block after 'if' statement on line 1: 'x = 1'"),
    "a magic": (cells("%matplotlib inline"), "cell 3, line 1: '%matplotlib inline' is a command to Jupyter, and a page is plain Python; correct the cell."),
    "a magic of a cell": (cells("x = 1", "%%time\nx = 2"), "cell 4, line 1: '%%time' is a command to Jupyter"),
    "a shell": (cells("!pip install scipy"), "cell 3, line 1: '!pip install scipy' is a command to Jupyter"),
    "a question": (cells("import math\nmath.sqrt?"), "cell 3, line 2: 'math.sqrt?' is a command to Jupyter"),
    "a return": (cells("return 1"), "cell 3, line 1: 'return' outside function: 'return 1'; correct the cell."),
    "a NUL": (cells("x = '\0'"), "invisible character U+0000 in 'x = ''; delete it."),
    "no parameters": (cells("x = 1", tag="parameter"), "0 cells tagged 'parameters'; tag exactly one"),
    "a call in the parameters": (with_parameters('as_of = "latest"\nday = str(2)'), f"the parameters cell, line 2: day {PLAIN}"),
    "a name in the parameters": (with_parameters('as_of = "latest"\nday = as_of'), f"the parameters cell, line 2: day {PLAIN}"),
    "a set in the parameters": (with_parameters("towns = {'a'}"), f"the parameters cell, line 1: towns {PLAIN}"),
    "a set of lists in the parameters": (with_parameters("towns = {[]}"), f"the parameters cell, line 1: towns {PLAIN}"),
    "an open bracket in the parameters": (with_parameters("towns = ["), "cell 2, line 1: '[' was never closed: 'towns = ['; correct the cell."),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_slip_in_a_notebook_is_one_line(tmp_path: Path, mistake: str) -> None:
    content, said = MISTAKES[mistake]
    (tmp_path / "ai").mkdir()
    (tmp_path / "ai" / "page.ipynb").write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    with pytest.raises(Problem, match=re.escape(said)) as refused:
        nb.load(tmp_path, "ai/page")
    (line,) = refused.value.findings
    assert line.startswith("notebooks/ai/page.ipynb") and "\n" not in line


def test_two_cells_that_are_wrong_are_two_lines(tmp_path: Path) -> None:
    (tmp_path / "page.ipynb").write_text(json.dumps(cells("x = (", "y = 1", "z = ]")), "utf-8")
    with pytest.raises(Problem) as refused:
        nb.load(tmp_path, "page")
    assert [line.split(",")[0] for line in refused.value.findings] == ["notebooks/page.ipynb: cell 3", "notebooks/page.ipynb: cell 5"]


def test_a_missing_notebook_is_said(tmp_path: Path) -> None:
    with pytest.raises(Problem, match=r"notebooks/page.ipynb: the file is missing"):
        nb.load(tmp_path, "page")


def test_a_comment_or_a_tag_is_no_change_of_code() -> None:
    plain, commented = template("x = 1"), template("# why\nx  =  1")
    commented.cells[1].metadata.tags = ["hide-input"]
    assert nb.code_digest(plain) == nb.code_digest(commented)
    assert nb.text_digest(plain) != nb.text_digest(commented)
    assert nb.code_digest(plain) != nb.code_digest(template("x = 2"))


# A notebook asks one question. Statements are counted, for a cap on lines pays for long ones.
MOST_STATEMENTS = 65


@pytest.mark.parametrize("file", sorted((ROOT / "notebooks").rglob("*.ipynb")), ids=lambda f: f.stem)
def test_templates_are_short_and_bare(file: Path) -> None:
    name = file.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    code = [cell for cell in nb.load(ROOT / "notebooks", name).cells if cell.cell_type == "code"]
    statements = [node for cell in code for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.stmt)]
    assert len(statements) <= MOST_STATEMENTS
    assert not any(cell.outputs or cell.execution_count for cell in code)


def test_a_figure_typed_into_a_notebook_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "notebooks" / "water.ipynb"
    file.parent.mkdir()
    file.write_text(json.dumps(cells('chart(fig, id="a", finding="Use fell by 48 per cent")')), "utf-8")
    with pytest.raises(
        Problem, match=r"^notebooks/water.ipynb: cell 3, line 1: the numeral '48' is typed into finding=; build it from the page's rows"
    ):
        nb.load(tmp_path / "notebooks", "water")


def test_a_table_is_read_through_the_machine_alone(tmp_path: Path) -> None:
    (tmp_path / "data" / "water").mkdir(parents=True)
    (tmp_path / "data" / "water" / "use.csv").touch()
    (tmp_path / "data" / "geo").mkdir()
    (tmp_path / "data" / "geo" / "districts.geojson").touch()
    (tmp_path / "notebooks").mkdir()
    file = tmp_path / "notebooks" / "water.ipynb"
    # Any change of a file of shapes makes all pages stale.
    file.write_text(json.dumps(cells('gpd.read_file("data/geo/districts.geojson")')), "utf-8")
    nb.load(tmp_path / "notebooks", "water")
    for code in ('use = pd.read_csv(Path.cwd() / "data" / "water" / "use.csv")', 'use = open("data/water/use.csv")'):
        file.write_text(json.dumps(cells(code)), "utf-8")
        with pytest.raises(Problem, match=r"notebooks/water.ipynb: cell 3, line 1: '.*use.csv' is a table of the record; read it with read"):
            nb.load(tmp_path / "notebooks", "water")
