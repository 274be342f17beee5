"""One cell of a table: of its column's kind, within its column's bounds, and what it seems to be."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from casebook.signs import disguised, hidden

LONGEST = 10_000
# A pattern may try a cell in as many ways as it is long, squared.
LONGEST_BY_PATTERN = 1_000
# No nought before the first digit: 007 is a name, and its noughts would be lost.
NUMBER = re.compile(r"-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
WHOLE = re.compile(r"-?(0|[1-9][0-9]{0,17})")
DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
FIRST_DAY, LAST_DAY = "1000-01-01", "2199-12-31"
# What a spreadsheet runs: a cell that begins so, also after the semicolon at which half of Europe's begin the next one.
# A figure with its sign (-15% on a year earlier) is none, where nothing follows that reaches for another cell or program.
FORMULA = re.compile(r"(?:^|;)[\s\"']*(?:[=@]|[-+](?![0-9][0-9.,]*[%A-Za-z]{0,3}(?:[\s,;)]|$)[^;|!\[]*(?:;|$)))[^;]*")
HOST = re.compile(r"([a-z0-9_]([a-z0-9_-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
NOT_PUBLIC = re.compile(r"(.*\.)?(localhost|local|internal|intranet|lan|home|corp|test|invalid|arpa)")
PORTS = {"http": 80, "https": 443}

Fault = tuple[str, str]
"""What is wrong, and what to do."""


class Column:
    """A column by its descriptor in datapackage.json."""

    def __init__(self, field: Mapping[str, Any]) -> None:
        rules = field.get("constraints", {})
        self.name, self.kind, self.of_item = field["name"], field["type"], field.get("itemType", "string")
        self.is_address = field.get("format") == "uri"
        self.is_required, self.is_unique = rules.get("required", False), rules.get("unique", False)
        self.least, self.most, self.enum = rules.get("minimum"), rules.get("maximum"), rules.get("enum")
        self.pattern = re.compile(rules["pattern"]) if "pattern" in rules else None

    def fault(self, cell: str) -> Fault | None:
        """What is wrong with a cell, of itself."""
        if not cell:
            return ("the cell is empty", f"every row needs {self.name}") if self.is_required else None
        if len(cell) > LONGEST:
            return f"the cell is longer than {LONGEST} characters", "shorten it"
        return _deceit(cell) or self._of_kind(cell) or self._of_bounds(cell)

    def _of_kind(self, cell: str) -> Fault | None:
        match self.kind:
            case "string":
                return formula_fault(cell) or (address_fault(cell) if self.is_address else None)
            case "list":
                return self._of_list(cell)
            case "date":
                return day_fault(cell)
            case "boolean":
                return None if cell in ("true", "false") else (f"'{cell[:40]}' is not a boolean", "write true or false")
        return number_fault(cell, self.kind)

    def _of_list(self, cell: str) -> Fault | None:
        items = cell.split(";")
        if not all(items) or any(item != item.strip() for item in items):
            return f"'{cell[:40]}' is not a list", "write its items with one semicolon between two, and nothing else"
        if twice := next((item for item in items if items.count(item) > 1), None):
            return f"'{twice[:40]}' is listed twice", "delete one"
        if self.of_item == "integer":
            return next((fault for item in items if (fault := number_fault(item, "integer"))), None)
        return formula_fault(cell)

    def _of_bounds(self, cell: str) -> Fault | None:
        if self.enum and cell not in self.enum:
            return f"'{cell[:40]}' is not one of {', '.join(self.enum)}", "use one of these, or add it to datapackage.json"
        if self.pattern and len(cell) > LONGEST_BY_PATTERN:
            return f"the cell is longer than {LONGEST_BY_PATTERN} characters", "shorten it"
        if self.pattern and not self.pattern.fullmatch(cell):
            return f"'{cell[:40]}' does not have the form {self.pattern.pattern}", "correct it"
        if self.least is not None and float(cell) < self.least:
            return f"{cell} is below {self.least}", "correct the figure"
        if self.most is not None and float(cell) > self.most:
            return f"{cell} is above {self.most}", "correct the figure"
        return None


def formula_fault(text: str) -> Fault | None:
    """What is wrong with a text that a spreadsheet would run, in whatever disguise."""
    if found := FORMULA.search(unicodedata.normalize("NFKC", text)):
        begins = found[0].lstrip("; ")[:20]
        return f"'{begins}' begins as a formula does, and a spreadsheet would run it", "begin with a word"
    return None


def day_fault(cell: str) -> Fault | None:
    """What is wrong with a day."""
    if not DAY.fullmatch(cell):
        return f"'{cell[:40]}' is not a date", "write a day as YYYY-MM-DD, in the digits 0 to 9"
    try:
        date.fromisoformat(cell)
    except ValueError as error:
        return f"'{cell}' is not a date: {error}", "correct it"
    if not FIRST_DAY <= cell <= LAST_DAY:
        return f"{cell} is not between {FIRST_DAY} and {LAST_DAY}", "correct it, or leave it empty where no day is known"
    return None


def address_fault(cell: str) -> Fault | None:
    """What is wrong with a web address that readers are to open: they see where it leads, and anyone can go there."""
    try:
        parts = urlsplit(cell)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return f"'{cell[:60]}' is not a web address", "copy it again"
    if parts.scheme not in PORTS or not host or re.search(r"[\s<>\"\\^`{|}]", cell):
        return f"'{cell[:60]}' is not a web address", "write one that begins with https:// or http://"
    if parts.username is not None or parts.password is not None:
        return f"'{cell[:60]}' holds a name or password before its host", "take them out"
    if not HOST.fullmatch(host) or NOT_PUBLIC.fullmatch(host) or port not in (None, PORTS[parts.scheme]):
        return f"'{cell[:60]}' leads to no public host", "name the host that everybody reaches, without a port"
    return None


def _deceit(cell: str) -> Fault | None:
    if found := hidden(cell):
        return f"invisible character U+{ord(found[0]):04X}", "delete it"
    if cell != cell.strip():
        # A formula after a blank is said to be one.
        return formula_fault(cell) or (f"'{cell[:40]}' begins or ends with a space", "delete it")
    if word := disguised(cell):
        return f"'{word[:40]}' mixes letters of two alphabets that look alike", "type it again in one"
    return None


def number_fault(cell: str, kind: str = "number") -> Fault | None:
    if kind == "integer":
        return None if WHOLE.fullmatch(cell) else (f"'{cell[:40]}' is not a whole number", "write digits only: no separators, symbols or words")
    if NUMBER.fullmatch(cell) and math.isfinite(float(cell)):
        return None
    return f"'{cell[:40]}' is not a number", "write a plain number: no separators, symbols or words"
