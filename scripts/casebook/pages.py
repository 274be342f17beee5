"""The pages of the book: `notebooks/pages.yml` times the record."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from casebook import shape
from casebook.data.record import LATEST, Record
from casebook.errors import Problem, meant
from casebook.files import load
from casebook.project import Project

FILE = "notebooks/pages.yml"
# A page's name is its address and its file: it stays within the book.
NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", re.ASCII)
LONGEST_NAME = 150
MOST_PAGES = 10_000
FIELD = re.compile(r"\{(\w+)\}")
# What a cell holds, by the type of its column; all other types are text.
TYPES: dict[str, Callable[[str], Any]] = {"integer": int, "number": float, "boolean": lambda cell: cell == "true"}


@dataclass(frozen=True)
class Page:
    """One notebook with one set of parameters.

    `exhibits` are those it must publish. `suffix` ends the id of each exhibit, so that a page which shows
    an earlier day beside the book's own can be made of the same notebook. `entry` is the name as pages.yml has it,
    with the parameter in braces.
    """

    name: str
    notebook: str
    parameters: dict[str, Any] = field(default_factory=dict)
    exhibits: tuple[str, ...] = ()
    suffix: str = ""
    entry: str = ""

    def __str__(self) -> str:
        given = " ".join(f"{k}={v}" for k, v in self.parameters.items())
        return f"{self.name} (notebooks/{self.notebook}.ipynb{' ' + given if given else ''})"


def pages(project: Project, record: Record, as_of: str = LATEST) -> list[Page]:
    """All pages of the edition, sorted by name.

    An entry with `each` makes a page of every value of a column that has `at_least` rows
    (or `distinct` values of another column) in the edition; the value is of the column's type.
    Raises Problem for a file that cannot be read, and with a finding for each entry that is wrong: an unknown key,
    table, column or parameter, a missing notebook, a name that is not valid or is another page's.
    """
    record.known_on(as_of)
    made: dict[str, Page] = {}
    findings = []
    for entry in entries_of(project):
        try:
            for page in _expand(entry, project, record, as_of):
                if len(made) == MOST_PAGES:
                    raise Problem(f"with its pages the book has more than {MOST_PAGES}; name fewer values by 'where' or 'at_least'.")
                if page.name in made:
                    raise Problem(f"another entry makes the page {page.name} too; rename one.")
                made[page.name] = page
        except Problem as problem:
            findings += [f"{FILE}: {entry['page']}: {finding}" for finding in problem.findings]
    if findings:
        raise Problem(*findings)
    return [made[name] for name in sorted(made)]


def entries_of(project: Project) -> list[dict[str, Any]]:
    """The entries of pages.yml as they are written. Raises Problem where one has not the keys of an entry."""
    entries = load(project.notebooks / "pages.yml", FILE)
    shape.check(entries, "pages", FILE)
    return entries


def _expand(entry: dict[str, Any], project: Project, record: Record, as_of: str) -> Iterator[Page]:
    """The pages of one entry. Raises Problem, less the file and the entry."""
    name, notebook, given = entry["page"], entry["notebook"], entry.get("parameters", {})
    if not NAME.fullmatch(notebook) or not (project.notebooks / f"{notebook}.ipynb").is_file():
        known = (file.relative_to(project.notebooks).with_suffix("").as_posix() for file in project.notebooks.rglob("*.ipynb"))
        raise Problem(f"there is no notebooks/{notebook}.ipynb; {meant(notebook, known)}")
    if "as_of" in given:
        if given["as_of"] == LATEST:
            raise Problem("each page is as known on the day of its edition; take as_of out, or give it an earlier day.")
        # "latest" sorts after every day: an edition of that day or an earlier one has no earlier day to show.
        if as_of <= record.known_on(given["as_of"]):
            return
    each = entry.get("each")
    if each and each["parameter"] in given:
        raise Problem(f"the parameter '{each['parameter']}' is given by 'each' and under 'parameters'; take one out.")
    sets = [{each["parameter"]: value} for value in values_of(each, record, as_of)] if each else [{}]
    if each and _filled(name, {each["parameter"]: ""}) == name:
        raise Problem(f"all its pages would have one name; put {{{each['parameter']}}} into it.")
    for values in sets:
        filled = _filled(name, values)
        if len(filled) > LONGEST_NAME:
            raise Problem(f"'{filled[:40]}...' is longer than {LONGEST_NAME} characters; make the pages of a column that holds ids.")
        if not NAME.fullmatch(filled):
            hint = "; make the pages of a column that holds ids" if each else ""
            raise Problem(
                f"'{filled}' is not a valid page name; use a-z, A-Z, 0-9, dots, hyphens and underscores, and a slash between folders{hint}."
            )
        yield Page(
            name=filled,
            notebook=notebook,
            parameters={"as_of": as_of} | given | values,
            exhibits=tuple(_filled(exhibit, values) for exhibit in entry.get("exhibits", [])),
            suffix=entry.get("suffix", ""),
            entry=name,
        )


def _filled(text: str, values: Mapping[str, Any]) -> str:
    """A text with `{parameter}` filled in. Raises Problem for another name in braces, or a brace that stands alone."""
    if unknown := [name for name in FIELD.findall(text) if name not in values]:
        known = f"'each' gives {{{next(iter(values))}}}" if values else "an entry without 'each' has none"
        raise Problem(f"'{{{unknown[0]}}}' is not a parameter that can be filled in; {known}.")
    if re.search(r"[{}]", FIELD.sub("", text)):
        raise Problem(f"'{text}': a brace stands alone; write {{parameter}}, and nothing else in the braces.")
    return FIELD.sub(lambda match: str(values[match[1]]), text)


def values_of(each: Mapping[str, Any], record: Record, as_of: str) -> list[Any]:
    """The values that make a page each, sorted. Raises Problem for an unknown table or column."""
    table, column, counted = each["table"], each["column"], each.get("distinct", "id")
    if table not in record.tables:
        raise Problem(f"the record has no table '{table}'; {meant(table, record.tables)}")
    fields = record.fields(table)
    if unknown := [name for name in (column, counted, *each.get("where", {})) if name not in fields]:
        raise Problem(f"{table} has no column '{unknown[0]}'; {meant(unknown[0], fields)}")
    kind = fields[column]["type"]
    seen: dict[Any, set[str]] = defaultdict(set)
    for row in record.rows(table, as_of, **each.get("where", {})):
        if row[column]:
            try:
                seen[TYPES.get(kind, str)(row[column])].add(row[counted])
            except ValueError:
                where = f"data/{table}.csv, row {row['id']}, column {column}"
                raise Problem(f"{where}: '{row[column]}' does not fit the type {kind}; correct the cell.") from None
    return sorted(value for value, counts in seen.items() if len(counts) >= each.get("at_least", 1))
