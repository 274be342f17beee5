"""Tables as they lie in their files: CSV in UTF-8, with commas and double quotes. The form is ours and fixed, never guessed."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path

from casebook.errors import Problem, counted
from casebook.signs import hidden

# With the byte order mark that spreadsheet programs put before a table, or without.
ENCODING = "utf-8-sig"
MOST_BYTES = 200_000_000
SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def lines(file: Path, name: str, columns: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows of a table: the number of each as a spreadsheet counts (the header is 1), and its cells.

    `name` is what people call the file. Raises Problem where it is missing, too large, not UTF-8, not CSV,
    or has other columns; a row of another length is given as it is.
    """
    rows = _rows(file, name)
    if fault := header_fault(next(rows, []), columns):
        raise Problem(f"{name}{fault}; the columns are {','.join(columns)}.")
    return enumerate(rows, start=2)


def header(file: Path, name: str) -> list[str]:
    """The columns of a table that nobody described yet. Raises Problem as `lines` does."""
    found = next(_rows(file, name), [])
    if fault := _foreign(found):
        raise Problem(f"{name}{fault}.")
    return found


def _rows(file: Path, name: str) -> Iterator[list[str]]:
    if not file.is_file():
        missing = "the file is missing; restore it, or take the table out of datapackage.json"
        raise Problem(f"{name}: {'it is not a plain file; put one there' if file.exists() else missing}.")
    if file.stat().st_size > MOST_BYTES:
        raise Problem(f"{name}: it is larger than {MOST_BYTES // 1_000_000} MB; sum it up before it goes into the record.")
    try:
        with file.open(encoding=ENCODING, newline="") as text:
            reader = csv.reader(text, strict=True)
            yield from reader
    except UnicodeDecodeError:
        raise Problem(f"{name}{_broken_byte(file)}; save the file as UTF-8.") from None
    except csv.Error as error:
        raise Problem(f"{name}, row {reader.line_num}: {_quoting(error)}.") from None


def length_fault(cells: Sequence[str], columns: Sequence[str]) -> tuple[str, str] | None:
    """What is wrong with a row that has not a cell for each column, and what to do."""
    if len(cells) == len(columns):
        return None
    if not cells:
        return "the line is empty", "delete it"
    what = f"it has {counted(len(cells), 'cell')} where the header has {len(columns)}"
    return what, "a comma inside a cell needs quotes around the cell"


def header_fault(found: Sequence[str], columns: Sequence[str]) -> str | None:
    """What is wrong with the first row of a file whose columns should be these, and where."""
    if list(found) == list(columns):
        return None
    if fault := _foreign(found):
        return fault
    if missing := next((column for column in columns if column not in found), None):
        return f", row 1: column '{missing}' is missing"
    extra = next((c for i, c in enumerate(found) if c not in columns or found.index(c) != i), None)
    if extra is not None:
        return f", row 1: column '{extra[:40]}' is not in the schema" if extra not in columns else f", row 1: column '{extra}' stands twice"
    return ", row 1: the columns are in another order"


def _foreign(found: Sequence[str]) -> str | None:
    """What is wrong with a header that is none of ours."""
    if not any(found):
        return ": the file is empty; it needs at least its header"
    if found[0].lower().startswith("sep="):
        return f", row 1: '{found[0][:10]}' is a note to a spreadsheet; delete the line, and save the file with commas"
    if len(found) == 1 and (other := next((word for sign, word in SEPARATORS.items() if sign in found[0]), None)):
        return f", row 1: the cells are separated by {other}; save the file with commas"
    if unseen := hidden("".join(found)):
        what = "a NUL; save the file as UTF-8" if unseen[0] == "\0" else f"invisible character U+{ord(unseen[0]):04X}; delete it"
        return f", row 1: it holds {what}"
    return None


def _broken_byte(file: Path) -> str:
    try:
        file.read_bytes().decode(ENCODING)
    except UnicodeDecodeError as error:
        row = error.object[: error.start].count(b"\n") + 1
        return f", row {row}: byte 0x{error.object[error.start]:02x} is not UTF-8"
    return ": it changed while it was read"


def _quoting(error: csv.Error) -> str:
    if "field larger" in str(error):
        return "a cell is longer than 10000 characters; shorten it, or close its quote"
    what = "a quote is opened and never closed" if "end of data" in str(error) else str(error)
    return f"{what}; quote a cell as a whole, and double any quotation mark inside the cell"
