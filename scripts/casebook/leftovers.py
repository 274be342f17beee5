"""What of the example is left in a story that stands on its own: `casebook new` brings it, and a person takes it out by hand."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from typing import Any

from casebook.data.record import Record
from casebook.errors import Problem, some
from casebook.files import load, read_text
from casebook.frame import ASSETS
from casebook.pages import entries_of
from casebook.project import Project
from casebook.prose import spoken

STARTER = Project(ASSETS / "starter")
# Under this key of datapackage.json the example's own table says that it is one: as long as it is there, all of it may be.
MARK = "example"
# A line of the example with fewer characters may be anybody's.
SHORTEST = 25


def check_leftovers(project: Project, record: Record) -> None:
    """Raises Problem with a finding for each text and each table that still has words or rows of the example."""
    if any(table.get(MARK) for table in record.tables.values()):
        return
    if findings := [*_texts(project), *_rows(record)]:
        raise Problem(*findings)


def _texts(project: Project) -> Iterator[str]:
    ours = {line for _, lines in _lines(STARTER) for line in lines.values()}
    for name, lines in _lines(project):
        for number, line in lines.items():
            if line in ours:
                yield f"{name}{number}: '{line[:60]}' is still the example's; write your own words."
                break


def _lines(project: Project) -> Iterator[tuple[str, dict[str, str]]]:
    """Every text of a story: its file, and its lines that say something by their place."""
    for file in sorted(project.book.rglob("*.md")):
        name = file.relative_to(project.root).as_posix()
        yield name, _saying(":{}", read_text(file, name))
    for name in sorted({f"notebooks/{entry['notebook']}.ipynb" for entry in entries_of(project)}):
        cells = enumerate(load(project.root / name, name)["cells"], start=1)
        texts = [_saying(f": cell {index}, line {{}}", _text(cell)) for index, cell in cells]
        yield name, {place: line for lines in texts for place, line in lines.items()}


def _text(cell: Mapping[str, Any]) -> str:
    """The Markdown of a cell; of code the words of its headings and sentences, each on its line."""
    source = "".join(cell["source"])
    if cell["cell_type"] != "code":
        return source
    lines = [""] * len(source.splitlines())
    for name, text, line in spoken(ast.parse(source)):
        if name.endswith("()"):
            lines[line - 1] += text
    return "\n".join(lines)


def _saying(place: str, text: str) -> dict[str, str]:
    lines = ((place.format(number), line.strip()) for number, line in enumerate(text.splitlines(), start=1))
    # What a template fills in, and a directive, say nothing of the example.
    return {at: line for at, line in lines if len(line) >= SHORTEST and "{{" not in line and not line.startswith(("```", ":::"))}


def _rows(record: Record) -> Iterator[str]:
    example = Record(STARTER.data)
    for table in sorted(record.tables.keys() & example.tables.keys()):
        theirs = {row["id"]: row for row in example.all_rows(table)}
        if same := [row["id"] for row in record.all_rows(table) if row == theirs.get(row["id"])]:
            yield f"data/{record.tables[table]['path']}: {some(same)} of the example {'is' if len(same) == 1 else 'are'} still in it; take out the rows."
