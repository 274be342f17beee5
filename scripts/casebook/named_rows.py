"""Row ids in notebooks: there should be none, so that a correction, which is a new row, never needs a change of code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from casebook import notebook as nb
from casebook.data.record import Record
from casebook.project import Project


def named_rows(project: Project, record: Record) -> Iterator[str]:
    """A line for each string in a notebook's code that is the id of a row."""
    things = named_tables(record)
    table_of = {row["id"]: table for table in record.tables if table not in things for row in record.each_row(table)}
    for file in sorted(project.notebooks.rglob("*.ipynb")):
        name = file.relative_to(project.notebooks).with_suffix("").as_posix()
        for number, cell in enumerate(nb.load(project.notebooks, name).cells, start=1):
            for id in sorted(_strings(cell.source) & table_of.keys()) if cell.cell_type == "code" else []:
                yield (
                    f"notebooks/{name}.ipynb, cell {number}: '{id}' is the id of a row of {table_of[id]}, and a correction would have "
                    "another; ask for the fact by what tells it apart, with fact() or facts()."
                )


def named_tables(record: Record) -> set[str]:
    """Tables whose rows others name by id: there an id is the name of a thing, not of what someone says of it."""
    keys = (key for about in record.tables.values() for key in about["schema"].get("foreignKeys", []))
    lists = (field for table in record.tables for name, field in record.fields(table).items() if name != "supersedes")
    named = {key["reference"]["resource"] for key in keys} | {field.get("references") for field in lists}
    return {table for table in record.tables if table in named}


def _strings(code: str) -> set[str]:
    try:
        nodes = ast.walk(ast.parse(code))
    except SyntaxError:
        # Said by the plan, with its line.
        return set()
    return {node.value for node in nodes if isinstance(node, ast.Constant) and isinstance(node.value, str)}
