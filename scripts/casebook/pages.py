"""The pages of the book: `notebooks/pages.yml` times the record."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from casebook import shape
from casebook.data.record import LATEST, Record
from casebook.errors import Problem
from casebook.files import load
from casebook.project import Project

# A page's name is its address and its file: it stays within the book.
NAME = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9][\w.-]*)*", re.ASCII)
KEYS = {"page", "notebook", "parameters", "each", "exhibits", "suffix"}
EACH_KEYS = {"table", "column", "parameter", "at_least", "distinct", "where"}


@dataclass(frozen=True)
class Page:
    """One notebook with one set of parameters.

    `exhibits` are those it must publish. `suffix` ends the id of each exhibit, so that a page which shows
    an earlier day beside the book's own can be made of the same notebook.
    """

    name: str
    notebook: str
    parameters: dict[str, Any] = field(default_factory=dict)
    exhibits: tuple[str, ...] = ()
    suffix: str = ""

    def __str__(self) -> str:
        given = " ".join(f"{k}={v}" for k, v in self.parameters.items())
        return f"{self.name} (notebooks/{self.notebook}.ipynb{' ' + given if given else ''})"


def pages(project: Project, record: Record, as_of: str = LATEST) -> list[Page]:
    """All pages of the edition, sorted by name.

    An entry with `each` makes a page of every value of a column that has `at_least` rows
    (or `distinct` values of another column) in the edition.
    Raises Problem for a file that cannot be read, an unknown key, a missing notebook, or two pages of one name.
    """
    entries = load(project.notebooks / "pages.yml", "notebooks/pages.yml")
    for entry in entries if isinstance(entries, list) else []:
        _check_keys(entry)
    shape.check(entries, "pages", "notebooks/pages.yml")
    made: dict[str, Page] = {}
    for entry in entries:
        for page in _expand(entry, record, as_of):
            if not (project.notebooks / f"{page.notebook}.ipynb").is_file():
                raise Problem(f"notebooks/pages.yml: page {page.name}: there is no notebooks/{page.notebook}.ipynb.")
            if not NAME.fullmatch(page.name):
                raise Problem(
                    f"notebooks/pages.yml: '{page.name}' is not a valid page name; use a-z, A-Z, 0-9, dots, hyphens and underscores, and a slash between folders."
                )
            if page.name in made:
                raise Problem(f"notebooks/pages.yml: two entries make the page {page.name}; rename one.")
            made[page.name] = page
    return [made[name] for name in sorted(made)]


def _check_keys(entry: Any) -> None:
    """Said before the shape is looked at: a key that is missing is most often one that was misspelt."""
    if not isinstance(entry, dict):
        return
    each = entry["each"] if isinstance(entry.get("each"), dict) else {}
    if unknown := sorted(set(entry) - KEYS) or [f"each.{key}" for key in sorted(set(each) - EACH_KEYS)]:
        raise Problem(f"notebooks/pages.yml: page {entry.get('page', '')}: unknown key '{unknown[0]}'; the keys are {', '.join(sorted(KEYS))}.")


def _expand(entry: dict[str, Any], record: Record, as_of: str) -> list[Page]:
    name = entry["page"]
    own_day = entry.get("parameters", {}).get("as_of", "")
    # "latest" sorts after every day: an edition of that day or an earlier one has no earlier day to show.
    if own_day and as_of <= own_day:
        return []
    sets: list[dict[str, Any]] = [{}]
    if each := entry.get("each"):
        sets = [{each["parameter"]: value} for value in _values(each, record, as_of)]
    return [
        Page(
            name=name.format(**values),
            notebook=entry["notebook"],
            parameters={"as_of": as_of} | entry.get("parameters", {}) | values,
            exhibits=tuple(exhibit.format(**values) for exhibit in entry.get("exhibits", [])),
            suffix=entry.get("suffix", ""),
        )
        for values in sets
    ]


def _values(each: dict[str, Any], record: Record, as_of: str) -> list[str]:
    counted = each.get("distinct", "id")
    seen: dict[str, set[str]] = defaultdict(set)
    for row in record.rows(each["table"], as_of, **each.get("where", {})):
        if row[each["column"]]:
            seen[row[each["column"]]].add(row[counted])
    return sorted(value for value, counts in seen.items() if len(counts) >= each.get("at_least", 1))
