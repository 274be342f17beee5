"""Every page has one title, and its headings step down one at a time: what a sidebar and a reader's screen go by."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Sequence

from nbformat import NotebookNode

from casebook.errors import Problem, of_notebooks
from casebook.files import read_text
from casebook.markdown import blocks
from casebook.plan import Step
from casebook.project import Project

# The function by which code says a heading (passages.py, which loads pandas).
HEADING = "heading"
Place = Callable[[int], str]


def check_headings(project: Project, steps: Sequence[Step]) -> None:
    """Raises Problem with a finding for each chapter, and each notebook, without a title, with two, or with a level left out."""
    findings: list[str] = []
    for file in sorted(project.book.rglob("*.md")):
        name = file.relative_to(project.root).as_posix()
        findings += _faults(name, [(f"{name}:{{}}".format, read_text(file, name))])
    of_pages: list[tuple[str, str]] = []
    for step in steps:
        name = f"notebooks/{step.page.notebook}.ipynb, page {step.page.name}"
        cells = enumerate(step.template.cells, start=1)
        texts = [(f"{name}, cell {index}, line {{}}".format, _text(cell)) for index, cell in cells]
        of_pages += ((step.page.notebook, fault) for fault in _faults(name, texts))
    if findings := [*findings, *of_notebooks(of_pages)]:
        raise Problem(*findings)


def _text(cell: NotebookNode) -> str:
    """The Markdown of a cell; of code the headings that it says, each on its line, whatever their words will be."""
    if cell.cell_type == "markdown":
        return str(cell.source)
    calls = (node for node in ast.walk(ast.parse(cell.source)) if isinstance(node, ast.Call) and getattr(node.func, "id", "") == HEADING)
    levels = {call.lineno: next((ast.literal_eval(key.value) for key in call.keywords if key.arg == "level"), 1) for call in calls}
    return "\n".join(f"{'#' * levels[line]} A heading" if line in levels else "" for line in range(1, len(cell.source.splitlines()) + 1))


def _faults(name: str, texts: Sequence[tuple[Place, str]]) -> Iterator[str]:
    """What is wrong with the headings of a page, whose texts come one after the other."""
    level = 0
    for place, text in texts:
        for part in (part for block in blocks(text) for part in block if part.token.type == "heading_open"):
            own = int(part.token.tag.removeprefix("h"))
            if level == 0 and own > 1:
                yield f"{place(part.line)}: the first heading is the page's title; begin it with one #."
            elif level > 0 and own == 1:
                yield f"{place(part.line)}: a page has one title; begin this heading with ##."
            elif own > level + 1 > 1:
                yield f"{place(part.line)}: a level is left out; begin this heading with {'#' * (level + 1)}."
            level = max(own, 1) if level == 0 else own
    if level == 0:
        yield f"{name}: it has no title; begin it with a heading, # and the title."
