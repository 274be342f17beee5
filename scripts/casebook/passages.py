"""What a notebook says in words: headings and text made of its parameters and the record, real wherever it is opened."""

from __future__ import annotations

import re
from datetime import date
from html import unescape
from typing import Any

import pandas as pd
from IPython.display import display

from casebook.data.read import PageReads, printed, record_at
from casebook.data.record import LATEST, Record
from casebook.errors import Problem
from casebook.format import day, plain
from casebook.mime import TEXT_MIME
from casebook.project import Project
from casebook.style import NAME_OF_STATUS

# A cell that a text names, and the days whose precision a row gives.
NAMED = re.compile(r"\{(\w+)\}")
DATED = ("event_date", "period_end")

# What Markdown, MyST or HTML would read as more than words: a mark, or a line's beginning that makes a list of it.
MARKDOWN_SIGNS = re.compile(r"""[!"#$%&'*+:<=>@\[\\\]^`{|}~]|(?<![^\W_])_|_(?![^\W_])|^-|^\d(?=\d*$)|(?<=\d)[.)](?=\s|$)""")


def heading(title: str, *paragraphs: str, level: int = 1) -> None:
    """Say a heading and what stands below it: the page's title, or that of a part (`level` 2).

    `title` is plain words. The paragraphs are Markdown; what comes of the record goes into them through `words`. In the
    book they stand as a Markdown cell before the cell that says them, so a cell begins with its heading.
    """
    _say("\n\n".join([f"{'#' * level} {words(title)}", *paragraphs]))


def include(directive: str, id: str) -> None:
    """Have the book show here what it knows by this id: include("exhibit", "x-revenue"). Elsewhere a sentence says so."""
    _say(f"```{{{directive}}} {id}\n```", f"*The book shows here: {directive} `{id}`.*")


def dated(title: str, as_of: str) -> str:
    """`title`, and the day where it is not today's: of a page that stands beside its twin of another day."""
    return title if as_of == LATEST else f"{title}, as known on {printed(as_of, 'date')}"


def spelt(rows: pd.DataFrame, text: str) -> pd.Series:
    """`text` for each row, with the cells that it names in braces as readers meet them: spelt(deals, "{event_date}: {amount}").

    A number prints in the unit that its table gives, a day as precisely as it is known, a status by its name, a country's
    code as the country, any other code without underscores; a column that the notebook made, as it is; "" where nothing is known.
    Raises Problem for a column that the rows lack.
    """
    names = NAMED.findall(text)
    if unknown := [name for name in names if name not in rows]:
        raise Problem(f"spelt: the rows have no column '{unknown[0]}'; they have {', '.join(rows.columns)}.")
    record = record_at(Project.find().data)

    def filled(row: dict[str, Any]) -> str:
        return NAMED.sub(lambda found: _cell(record, row, found[1]), text)

    return pd.Series([filled(dict(zip(rows.columns, cells, strict=True))) for cells in rows.itertuples(index=False)], rows.index, dtype="object")


def _cell(record: Record, row: dict[str, Any], name: str) -> str:
    """A cell as `spelt` writes it."""
    table, value = PageReads.table_of.get(row.get("id", "")), row[name]
    field = record.fields(table).get(name, {}) if table else {}
    if pd.isna(value):
        return ""
    if isinstance(value, date):
        return day(f"{value:%Y-%m-%d}", row.get("date_precision") or "day" if name in DATED else "day")
    if isinstance(value, str):
        return NAME_OF_STATUS[value] if name == "status" else record.countries.get(value, value.replace("_", " ") if field else value)
    unit = field.get("unit", "")
    unit = row[unit["column"]] if isinstance(unit, dict) else unit
    return record.units.text(value, unit) if unit else plain(value, grouped=False)


def words(text: str) -> str:
    """Text of the record or of a parameter as Markdown, MyST or HTML that says just these words, on one line."""
    return MARKDOWN_SIGNS.sub(lambda mark: f"&#{ord(mark[0])};", " ".join(text.split()))


def _say(in_book: str, elsewhere: str = "") -> None:
    markdown = elsewhere or in_book
    display({TEXT_MIME: {"markdown": in_book}, "text/markdown": markdown, "text/plain": unescape(markdown)}, raw=True)
