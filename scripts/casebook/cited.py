"""Words of the record that cite numbers of the book as chapters do: {number}`id`, and {said}`a figure of the claim's own`.

Readers and machines meet them with the numbers as they are today; in the record itself they stand as written.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup, escape

from casebook.data.record import LATEST, Record, Row
from casebook.errors import Problem, meant
from casebook.numerals import figures
from casebook.verdicts import VERDICTS_TABLE

CITED = re.compile(r"\{(number|said)\}`([^`]+)`")
# The columns of a verdict that are words for readers.
COLUMNS = ("basis", "would_change", "note")
# What an edition of a past day prints for a number of which it knows nothing.
NOT_YET = "(not on record then)"

Numbers = Mapping[str, Mapping[str, Any]]


def numbers_of(exhibits: Mapping[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The numbers among some exhibits, by id."""
    return {id: exhibit for id, exhibit in exhibits.items() if exhibit["kind"] == "number"}


def cites(text: str) -> list[str]:
    """The ids of the numbers that a text cites."""
    return [words for role, words in CITED.findall(text) if role == "number"]


def filled(text: str, numbers: Numbers) -> str:
    """A text with the numbers that it cites as they are printed."""
    return CITED.sub(lambda match: f"“{match[2]}”" if match[1] == "said" else numbers.get(match[2], {}).get("text", NOT_YET), text)


def resolved(exhibit: dict[str, Any], numbers: Numbers) -> dict[str, Any]:
    """An exhibit with the numbers that its words cite. `cites` are their ids, `written` a verdict's basis as it stands in the record."""
    found: set[str] = set()

    def words(value: Any) -> Any:
        if isinstance(value, str):
            found.update(cites(value))
            return filled(value, numbers)
        if isinstance(value, list):
            return [words(part) for part in value]
        return {name: words(part) for name, part in value.items()} if isinstance(value, dict) else value

    parts = {name: words(exhibit[name]) for name in ("basis", "would_change", "why", "then", "cells") if name in exhibit}
    written = {"written": exhibit["basis"]} if "basis" in exhibit else {}
    return exhibit | parts | ({"cites": sorted(found)} | written if found else {})


def typed_figures(record: Record) -> Iterator[str]:
    """A line for each figure in the words of a verdict that stands, and comes from no number of the book."""
    for where, text in _words(record):
        if found := figures(CITED.sub("\ufffc", text)):
            yield (
                f"{where}: the figure '{found[0][0]}' is typed; cite a number of the book, {{number}}`id`, or mark the claim's own figure with "
                "{said}; a year needs a word of time before it, and a comma after it."
            )


def check_cited(record: Record, numbers: Numbers) -> None:
    """Raises Problem for each number that a verdict of today cites and no page publishes."""
    unknown = [(where, id) for where, text in _words(record) for id in cites(text) if id not in numbers]
    if unknown:
        publish = "publish it in a notebook, or correct the id."
        raise Problem(*(f"{where}: no number '{id}' is published; {meant(id, numbers, publish)}" for where, id in unknown))


def linked(text: str, numbers: Numbers) -> Markup:
    """A text as HTML: each number that it cites opens to its card, as in a chapter."""
    parts = CITED.split(text)
    found = [escape(parts[0])]
    for role, words, after in zip(parts[1::3], parts[2::3], parts[3::3], strict=True):
        is_known = role == "number" and words in numbers
        found.append(button(numbers[words]) if is_known else escape(filled(f"{{{role}}}`{words}`", numbers)))
        found.append(escape(after))
    return Markup("").join(found)


def button(number: Mapping[str, Any]) -> Markup:
    """A number in a sentence, which opens to its card."""
    html = Markup('<button type="button" class="casebook-number" popovertarget="card-{}">{}</button>')
    return html.format(number["id"], number["text"])


def cited_by(verdicts: Iterable[Row]) -> set[str]:
    """The ids of the numbers that these verdicts cite."""
    return {id for row in verdicts for name in COLUMNS for id in cites(row[name])}


def _words(record: Record) -> Iterator[tuple[str, str]]:
    for row in record.rows(VERDICTS_TABLE, LATEST) if VERDICTS_TABLE in record.tables else []:
        yield from ((f"data/{VERDICTS_TABLE}.csv, row {row['id']}, column {name}", row[name]) for name in COLUMNS)
