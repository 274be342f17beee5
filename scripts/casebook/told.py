"""A row and a source as a reader meets them: in words, beside a number or in a list."""

from __future__ import annotations

import re
from textwrap import shorten
from typing import Any
from urllib.parse import urlsplit

from casebook.cited import Numbers, filled
from casebook.data.record import Record, Row
from casebook.format import day
from casebook.style import NAME_OF_STATUS

# What the table of an exhibit's rows leaves out: how the record keeps itself.
NOT_SHOWN = {"supersedes", "source_ids", "note"}
# And what the words of a row leave out beside it: a card prints these in a place of their own, or not at all.
NOT_TOLD = NOT_SHOWN | {"id", "status", "date_precision", "quote", "locator"}
# How the key of a fact names it, for the machine.
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")
PLACE = {"latitude", "longitude"}
# So many characters of its text tell a row, and so many words of one cell are a sentence.
ABOUT, SENTENCE = 160, 8
NUMBERS = {"number", "integer"}
# In front of the host at which a source was read, where that is not its publisher's.
READ = {"archive": "archived at", "copy": "copy at", "relay": "as reported at"}


def told(record: Record, table: str, id: str, numbers: Numbers | None = None) -> dict[str, Any]:
    """A row as a card tells it: what it is about, in the words of its text columns, its figures, its day, its status and its passage."""
    row, fields = record.row(table, id), record.fields(table)
    figures = {name: record.printed(table, name, row) for name, field in fields.items() if field["type"] in NUMBERS}
    units = {field["unit"]["column"] for field in fields.values() if isinstance(field.get("unit"), dict)}
    columns = [name for name, field in fields.items() if field["type"] == "string" and name not in NOT_TOLD | units]
    texts = list(dict.fromkeys(text for name in columns if (text := _in_words(record, table, name, row[name]))))
    # A sentence says the rest.
    end = next((index for index, text in enumerate(texts, start=1) if len(text.split()) >= SENTENCE), len(texts))
    dated = row.get("event_date") or row.get("period_end")
    return {
        "id": id,
        "about": shorten(filled(", ".join(texts[:end]), numbers or {}), ABOUT, placeholder=" …"),
        "figures": [(name.replace("_", " "), text) for name, text in figures.items() if text and name not in PLACE],
        "dated": day(dated, row.get("date_precision", "day")) if dated else "",
        "status": NAME_OF_STATUS[row["status"]] if row.get("status") else "",
        "quote": row.get("quote", ""),
        "locator": row.get("locator", ""),
    }


def _in_words(record: Record, table: str, column: str, cell: str) -> str:
    """A cell of text as a reader meets it: an entity by its name, a code without underscores, and no name of a fact."""
    if name := record.entity_names.get(cell):
        return name
    is_name = column in record.tables[table].get("factKey", []) and SLUG.fullmatch(cell)
    if is_name and not record.fields(table)[column].get("constraints", {}).get("enum"):
        return ""
    return cell.replace("_", " ")


def read_where(source: Row) -> str:
    """Where a source was read, in brackets and after a blank; empty for the original, and where no host is known."""
    host = (urlsplit(source["url"]).hostname or "").removeprefix("www.")
    return f" ({READ[source['read_at']]} {host})" if host and source.get("read_at") in READ else ""
