"""Templates: parameters are checked before a run, text is rendered, comments run nothing."""

from __future__ import annotations

from pathlib import Path

import nbformat
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from lxml import html
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from casebook import notebook as nb
from casebook.data.record import Record
from casebook.errors import Problem
from tests.conftest import ROOT


def template(*cells: str, parameters: str = 'as_of = "latest"\ntop = 3') -> nbformat.NotebookNode:
    made = [nbformat.v4.new_code_cell(parameters, metadata={"tags": ["parameters"]})]
    return nbformat.v4.new_notebook(cells=made + [nbformat.v4.new_code_cell(cell) for cell in cells])


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"as_of": "latest", "top": 3, "tpo": 3}, "'tpo' is not in its parameters cell"),
        ({"as_of": "latest"}, "'top' is missing"),
        ({"as_of": "latest", "top": "3"}, "'top' is '3', a str; its default is a int"),
    ],
)
def test_a_wrong_parameter_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(Problem, match=says):
        nb.check_parameters(template(), given)


def test_a_notebook_needs_one_parameters_cell() -> None:
    with pytest.raises(Problem, match="0 cells tagged 'parameters'"):
        nb.parameters_of(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("a = 1")]))


def test_a_comment_or_a_tag_is_no_change_of_code() -> None:
    plain, commented = template("x = 1"), template("# why\nx  =  1")
    commented.cells[1].metadata.tags = ["hide-input"]
    assert nb.code_digest(plain) == nb.code_digest(commented)
    assert nb.text_digest(plain) != nb.text_digest(commented)
    assert nb.code_digest(plain) != nb.code_digest(template("x = 2"))


def test_markdown_is_filled_from_parameters_and_record() -> None:
    page = template()
    page.cells.insert(0, nbformat.v4.new_markdown_cell("# {{ company | entity }} on {{ as_of | known_on }}"))
    record = Record(ROOT / "data")
    assert nb.render(page, {"company": "xai", "as_of": "2025-04-16"}, record).cells[0].source == "# xAI on 16 April 2025"
    with pytest.raises(Problem, match="Markdown cell 1: 'company' is undefined"):
        nb.render(page, {"as_of": "latest"}, record)


@pytest.mark.parametrize(
    "text",
    [
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ ''.__class__ }}",
        "{{ as_of.format }}",
        "{{ self }}",
        "{% for a in range(10 ** 9) %}{% endfor %}",
        "{{ 'x' * 10 ** 9 }}",
        "{{ 10 ** 10 ** 10 }}",
        "{% set x = 1 %}",
        "{% macro m() %}{% endmacro %}",
        "{% include '/etc/passwd' %}",
        "{{ range(9) | list }}",
        "{{ lipsum(9) }}",
        "{{ 1 / 0 }}",
        "{{ [as_of] | entity }}",
        "{{ as_of | attr('x') }}",
        "{{ as_of | entity(1) }}",
        "{{ 'c01' | row('claims/claims') }}",
        "{{ ('c01' | row('claims/claims')).items }}",
        "{{ since(as_of)() }}",
        "{% if " + "(" * 5000 + "as_of" + ")" * 5000 + " %}{% endif %}",
    ],
)
def test_text_runs_nothing(text: str) -> None:
    page = template()
    page.cells.insert(0, nbformat.v4.new_markdown_cell(text))
    with pytest.raises(Problem, match="Markdown cell 1: "):
        nb.render(page, {"as_of": "latest"}, Record(ROOT / "data"))


MARKED = st.text("\\`*_{}[]<>$~|#!&%:+-=.)'\"/^@ \n\t1aé\u2028")


@given(MARKED)
@example("1. <b>x</b> _a_ [x](javascript:y) `{raw}` {{ z }} %")
def test_a_cell_in_text_stays_words_of_one_line(cell: str) -> None:
    parser = create_md_parser(MdParserConfig(enable_extensions={"colon_fence", "deflist"}), RendererHTML)
    words = " ".join(cell.split())
    for text in (nb.as_words(cell), f"# {nb.as_words(cell)}", f"{nb.as_words(cell)} {nb.as_words(cell)}"):
        blocks = [token for token in parser.parse(text) if token.type != "inline"]
        inline = [child for token in parser.parse(text) for child in token.children or []]
        assert {token.tag for token in blocks} <= {"p", "h1"} and {child.type for child in inline} <= {"text"}
        assert not inline or "".join(child.content for child in inline) in (words, f"{words} {words}")
    (shown,) = html.fragments_fromstring(f"<p title='{nb.as_words(cell)}'>{nb.as_words(cell)}</p>")
    assert len(shown) == 0 and (shown.text or "") == shown.get("title") == words


@pytest.mark.parametrize("file", sorted((ROOT / "notebooks").rglob("*.ipynb")), ids=lambda f: f.stem)
def test_templates_are_short_and_bare(file: Path) -> None:
    name = file.relative_to(ROOT / "notebooks").with_suffix("").as_posix()
    cells = [cell for cell in nb.load(ROOT / "notebooks", name).cells if cell.cell_type == "code"]
    lines = [line for cell in cells for line in cell.source.splitlines() if line.strip() and not line.strip().startswith("#")]
    assert len(lines) <= 110
    assert not any(cell.outputs or cell.execution_count for cell in cells)
