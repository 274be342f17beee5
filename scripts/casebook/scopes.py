"""What an exhibit is about, and what it leaves out: nothing that its page read is dropped without a word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from casebook.data.read import PageReads
from casebook.errors import Problem, counted, some


def scope(rows: pd.DataFrame) -> pd.DataFrame:
    """Say that `rows`, a part of what was read that no filter of `read` gives, are all that the next exhibits are about.

    What is not among them answers another question; of what is among them, nothing may be dropped. Returns `rows`.
    """
    PageReads.ids.append(frozenset(rows["id"]))
    return rows


def sift(rows: pd.DataFrame, reasons: Mapping[str, pd.Series]) -> tuple[pd.DataFrame, dict[str, pd.DataFrame]]:
    """Part `rows` into those to show, and those to leave out by reason, for `left_out=` of the exhibit.

    `reasons` maps words that follow a number ("rumoured", "in another currency") to what is true of the rows to leave
    out; a row for which several are true counts for the first, and one of which it is not known is shown.
    """
    kept, aside = pd.Series(True, rows.index), {}
    for reason, holds in reasons.items():
        out = kept & holds.astype("boolean").fillna(False).astype(bool)
        aside[reason] = rows[out]
        kept &= ~out
    return rows[kept], aside


def words(exhibit: str, frames: Sequence[pd.DataFrame], left_out: Mapping[str, pd.DataFrame], verb: str) -> str:
    """What the exhibit leaves out, in words and numbers: "Not drawn: 3 rows in yuan, 2 rumoured."; "" where it is nothing.

    `frames` are the rows it shows. Raises Problem for a row that is shown and left out, and for rows that were read
    and are neither.
    """
    shown, aside = _ids(*frames), set[str]()
    said: list[str] = []
    for reason, rows in left_out.items():
        part = _ids(rows) - aside
        if both := sorted(part & shown):
            raise Problem(f"{exhibit} shows the row '{both[0]}' and leaves it out as '{reason}'; do one of both.")
        aside |= part
        if part:
            said.append(f"{len(part):,} {reason}" if said else f"{counted(len(part), 'row')} {reason}")
    for frame in frames:
        for table, ids in _by_table(frame["id"]).items():
            read = _read_of(table, ids)
            if missing := sorted(read - shown - aside):
                raise Problem(
                    f"{exhibit}: its page read {counted(len(read), 'row')} of {table} for it, and nothing is said of {len(missing):,} of them "
                    f"({some(missing, 3)}); show them, leave them out with sift(), or say with a filter of read() or with scope() that it is about fewer."
                )
    return f"Not {verb}: {', '.join(said)}." if said else ""


def _ids(*frames: pd.DataFrame) -> set[str]:
    return {id for frame in frames for id in frame["id"]}


def _by_table(ids: Iterable[str]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for id in ids:
        found.setdefault(PageReads.table_of[id], set()).add(id)
    return found


def _read_of(table: str, ids: set[str]) -> set[str]:
    """The narrowest read, or scope, of a table that holds these rows; of rows from several reads, all that these gave."""
    reads = [rows for read in PageReads.ids if (rows := _by_table(read).get(table, set())) & ids]
    return min((rows for rows in reads if ids <= rows), key=len, default=set().union(*reads))
