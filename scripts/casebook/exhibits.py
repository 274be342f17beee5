"""Exhibits: the charts, maps, tables, numbers and verdicts that a page publishes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio
from IPython.display import display

from casebook import axes, plain, scopes
from casebook.data.read import PageReads, edition, known_on, printed
from casebook.data.record import LATEST, split
from casebook.drawn import Drawn, as_labels, described, drawn
from casebook.errors import Problem, counted, some
from casebook.holds import leans_on
from casebook.mime import EXHIBIT_MIME, FIGURE_MIME, PLOTLY_MIME
from casebook.project import Project
from casebook.style import THEMES
from casebook.table_cells import Units, columns_of

# Exhibits whose rows stand in the page beside them; more than so many weigh more than a page may.
PRINTED = ("chart", "map", "table")
MOST_ROWS = 10_000

# What a chart says below it of its error bars.
RANGES = "A thin line: what other rows say of the same."

Rows = pd.DataFrame | Sequence[pd.DataFrame]
LeftOut = Mapping[str, pd.DataFrame]
Conditions = str | Sequence[str]

pio.templates["casebook"] = go.layout.Template(THEMES["light"])
pio.templates.default = "casebook"


def chart(
    fig: go.Figure,
    *,
    id: str,
    title: str,
    alt: str,
    rows: Rows,
    units: Mapping[str, str] | None = None,
    left_out: LeftOut | None = None,
    finding: str = "",
    holds: Conditions = (),
    subtitle: str = "",
    note: str = "",
) -> None:
    """Publish a chart. `title` says what it shows, `finding` what is to be seen in it today, `subtitle` the unit.

    `units` is the unit of each axis that shows numbers, by plotly's name for it: {"y": "USD"}; also "z", "values" (of a
    pie), "value" (of flows). Ticks and alt text are printed in it.
    `rows` are the rows that it draws, as `read` returned them (filtered, never rebuilt). Each is drawn: by one point,
    or by points whose `ids` name it ("a;b" for a point that sums several). `left_out` are the other rows that the page
    read for it, by reason (see `sift`); the exhibit says how many.
    A finding has a figure in it that was computed, or `holds` says what it leans on, as {holds} does in a chapter:
    conditions on numbers of the book, "x-fall > 0.4". The book is refused where one is false, with the words to rewrite.
    Finding, alt text and note are written with hindsight, so an edition of a past day shows the title instead.
    Raises Problem where nothing would be drawn, for a row that is dropped without a word, for numbers without a unit,
    and for a finding that nothing in the record could prove wrong.
    """
    about = {"id": id, "title": title, "finding": finding, "subtitle": subtitle, "note": note}
    _publish_figure("chart", fig, alt=alt, rows=_frames(rows), units=units or {}, left_out=left_out or {}, holds=holds, **about)


def map_(
    fig: go.Figure,
    *,
    id: str,
    title: str,
    alt: str,
    rows: Rows,
    units: Mapping[str, str] | None = None,
    left_out: LeftOut | None = None,
    finding: str = "",
    holds: Conditions = (),
    subtitle: str = "",
    note: str = "",
) -> None:
    """Publish a map, as `chart` does: its shapes are the site's own, named by address (`figures.world_map`)."""
    note = " ".join(part for part in (note, "Borders as Natural Earth draws them; no position is taken.") if part)
    about = {"id": id, "title": title, "finding": finding, "subtitle": subtitle, "note": note}
    _publish_figure("map", fig, alt=alt, rows=_frames(rows), units=units or {}, left_out=left_out or {}, holds=holds, **about)


def table(
    frame: pd.DataFrame,
    *,
    id: str,
    title: str,
    rows: Rows,
    units: Units | None = None,
    left_out: LeftOut | None = None,
    ids: pd.Series | None = None,
    finding: str = "",
    holds: Conditions = (),
    subtitle: str = "",
    note: str = "",
) -> None:
    """Publish `frame` as a table: its columns are the headings.

    Days print as precisely as their rows know them; a column of numbers prints in its unit in `units`, by heading: {"Value": "USD"}, or a column
    of units, one for each row. Without one it may hold whole numbers only. `rows`, `left_out`, `finding` and `holds` are as in
    `chart`: the table has a line for each row, or for each of one record table that it joins with others, or `ids` names the rows of each line.
    Raises Problem for a row that was read and is dropped without a word, an unknown unit, a fraction without one, and a
    finding that nothing in the record could prove wrong.
    """
    frames, what = _frames(rows), f"table '{id}'"
    left = ""
    if _rests(what, frames):
        _check_lines(what, frame, ids, frames)
        left = scopes.words(what, frames, left_out or {}, "shown")
    try:
        texts, sort = columns_of(frame, units or {}, frames)
    except Problem as problem:
        raise Problem(f"{what}, {problem}") from None
    cells = [list(line) for line in zip(*texts, strict=True)]
    note = _joined(note if edition() == LATEST else "", left)
    parts: dict[str, Any] = {"columns": list(frame.columns), "cells": cells, "sort": sort}
    _publish("table", id=id, title=title, finding=finding, holds=holds, rows=frames, subtitle=subtitle, note=note, **parts)


def number(id: str, value: float | str | Callable[..., float], unit: str, *, rows: Rows, label: str, formula: str = "") -> None:
    """Publish a number for chapters to cite.

    `value` may be a function of the values for which `rows`, each the one row of a `fact`, stand, in their order. Where
    others state another value, the number is computed with theirs too, and its ends are published beside it.
    `unit` is one of `units` in datapackage.json, or date (for ISO text); `label` says what it is, `formula` in
    words how it was made of its rows. Raises Problem for a missing value, an unknown unit, or a fraction of
    what is counted whole.
    """
    frames = _frames(rows)
    said = ends(value, frames)
    if callable(value):
        value = value(*(one(frame, frame.attrs["column"]) for frame in frames))
    if not isinstance(value, str) and (value is None or pd.isna(value)):
        _lacking(f"number '{id}' has no value; look at the rows it is made of.")
        return
    value = value if isinstance(value, str) else float(value)
    try:
        text = printed(value, unit)
        beside: dict[str, Any] = {"ends": said, "said": [printed(end, unit) for end in said], "beside": _beside(frames)} if said else {}
    except Problem as problem:
        raise Problem(f"number '{id}': {problem}") from None
    _publish("number", id=id, title=label, rows=frames, value=value, unit=unit, text=text, formula=formula, **beside)


def ends(value: float | str | Callable[..., float], frames: Sequence[pd.DataFrame]) -> list[float]:
    """The least and the greatest that a number is when each of its facts in turn is what another row states.

    `value` is a function of the facts, or the value of the only one. Empty where no row disagrees.
    """
    if not all("column" in frame.attrs and len(frame) == 1 for frame in frames) or not any(one(frame, "beside") for frame in frames):
        return []
    standing = [one(frame, frame.attrs["column"]) for frame in frames]
    if not callable(value):
        if len(frames) != 1 or value != standing[0]:
            return []
        value = float
    found = [
        float(value(*(end if other == place else stands for other, stands in enumerate(standing))))
        for place, frame in enumerate(frames)
        for end in (one(frame, "low"), one(frame, "high"))
        if pd.notna(end)
    ]
    return [min(found), max(found)] if found else []


def say(sentence: str, *, id: str) -> None:
    """Publish a sentence where an exhibit of this id would stand, such as that the record has nothing of it."""
    _display({"id": id, "kind": "sentence", "title": sentence, "as_of": edition(), "rows": {}})


def one(rows: pd.DataFrame, column: str) -> Any:
    """The value of `column` in the only row of `rows`; NaN where there is none. Raises Problem where there are several."""
    if len(rows) > 1:
        raise Problem(f"{len(rows):,} rows where one was wanted ({some(list(rows['id']), 3)}); filter further, or say which.")
    return rows[column].iloc[0] if len(rows) else float("nan")


def claim(said: pd.DataFrame, *, verdict: pd.DataFrame, before: pd.DataFrame, rows: Rows) -> None:
    """Publish the verdict on one claim, for chapters to cite by the claim's id.

    `said` is the claim's row, `verdict` the row of its verdict, and `before` that of the verdict which the record bore
    when the claim was made; without a row where it bore none. Raises Problem for a claim without a verdict; an edition
    of a day before its first is without it.
    """
    if verdict.empty:
        _lacking(f"the claim '{said['id'].iloc[0]}' has no verdict; add a row to claims/verdicts.")
        return
    row, now = said.iloc[0], verdict.iloc[0]
    then = None
    if len(before) and before["id"].iloc[0] != now["id"]:
        then = {"verdict": before["verdict"].iloc[0], "basis": before["basis"].iloc[0]}
    parts = {name: now[name] for name in ("verdict", "basis", "confidence", "would_change")}
    eyes = {name: now.get(name, "") for name in ("decided_by", "reviewed_by")}
    _publish("verdict", id=row["id"], title=row["claim_en"], rows=_frames(rows), then=then, why=now["note"], row=now["id"], **parts, **eyes)


def _publish_figure(
    kind: str,
    fig: go.Figure,
    *,
    alt: str,
    rows: list[pd.DataFrame],
    units: Mapping[str, str],
    left_out: LeftOut,
    holds: Conditions,
    **about: str,
) -> None:
    what, figure = f"{kind} '{about['id']}'", json.loads(fig.to_json())
    if not alt.strip():
        raise Problem(f"{what} has no alt text; say in a sentence what is seen.")
    seen = drawn(figure)
    if not seen.series:
        _lacking(f"{what} would draw nothing: none of its {len(figure['data'])} traces holds data.")
        return
    left = ""
    if _rests(what, rows):
        _check_rows(what, seen, rows)
        left = scopes.words(what, rows, left_out, "drawn")
    for axis, numbers in seen.numbers().items():
        if axis not in units:
            raise Problem(f'{what} draws numbers on its axis {axis} and names no unit for them; say which: units={{"{axis}": …}}.')
        try:
            printed(numbers[0], units[axis])
        except Problem as problem:
            raise Problem(f"{what}, axis {axis}: {problem}") from None
    axes.set_ticks(figure, seen, units)
    if edition() != LATEST:
        about |= {"note": ""}
        alt = f"{about['title']}. {about['subtitle']}."
    elif about["finding"]:
        alt = f"{about['finding']}. {alt}"
    # The site's script owns the look of both themes, and the rows stand beside the figure: it carries only what is its own.
    figure["layout"].pop("template", None)
    for trace in figure["data"]:
        trace.pop("ids", None)
    about["note"] = _joined(about["note"], RANGES if seen.ranges else "", left)
    _publish(kind, alt=_joined(alt, described(seen, units), left), figure=as_labels(figure), rows=rows, holds=holds, **about)


def _check_rows(what: str, seen: Drawn, frames: list[pd.DataFrame]) -> None:
    """Raise Problem unless a figure draws every row that it rests on, and no other."""
    resting = {id for frame in frames for id in frame["id"]}
    if foreign := sorted(seen.rows - resting):
        raise Problem(f"{what} draws rows that are not among its rows= ({some(foreign, 3)}); name them there, or do not draw them.")
    unnamed = sorted(resting - seen.rows)
    if seen.nameless == len(unnamed):
        return
    if seen.rows and not seen.nameless:
        raise Problem(
            f"{what} does not draw {len(unnamed):,} of the rows it rests on ({some(unnamed, 3)}); draw them, or leave them out with sift()."
        )
    raise Problem(
        f"{what} rests on {counted(len(unnamed), 'row')} and draws {counted(seen.nameless, 'point')} for them; draw each, leave out the others with sift(), or give its "
        "traces ids= where a point stands for several rows."
    )


def _check_lines(what: str, frame: pd.DataFrame, ids: pd.Series | None, frames: list[pd.DataFrame]) -> None:
    """Raise Problem unless a table has a line for each row, or for each of one of its tables, or lines whose `ids` name every row."""
    by_table = _by_table(frames)
    if ids is None:
        counts = [len(rows) for rows in by_table.values()]
        if len(frame) not in (*counts, sum(counts)):
            count = ", ".join(f"{counted(len(rows), 'row')} of {table}" for table, rows in by_table.items())
            raise Problem(
                f"{what} has {counted(len(frame), 'line')} for {count}; give each row a line, leave some out with sift(), or name the rows of each line with ids=."
            )
    elif missing := sorted({id for rows in by_table.values() for id in rows} - {id for cell in ids for id in split(cell)}):
        raise Problem(f"{what} has no line for {len(missing):,} of the rows it rests on ({some(missing, 3)}); leave them out with sift().")


def _lacking(message: str) -> None:
    """An edition of a past day leaves out what it lacks; in the book of today that is a Problem."""
    if edition() == LATEST:
        raise Problem(message)


def _frames(rows: Rows) -> list[pd.DataFrame]:
    return [rows] if isinstance(rows, pd.DataFrame) else list(rows)


def _joined(*sentences: str) -> str:
    return " ".join(sentence for sentence in sentences if sentence)


def _rests(what: str, frames: list[pd.DataFrame]) -> bool:
    """Whether an exhibit rests on any row. Raises Problem for one that was not read, and for none in the book of today."""
    ids = {id for frame in frames for id in frame["id"]}
    if foreign := next((id for id in sorted(ids) if id not in PageReads.table_of), None):
        raise Problem(f"{what} rests on '{foreign}', which was not read; pass rows as read() returned them.")
    if not ids:
        _lacking(f"{what} rests on no row; nothing is published without its rows.")
    return bool(ids)


def _publish(kind: str, *, id: str, title: str, rows: list[pd.DataFrame], figure: dict[str, Any] | None = None, **parts: Any) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", id):
        raise Problem(f"{kind} '{id}': an exhibit's id is letters, digits and hyphens.")
    if not title.strip():
        raise Problem(f"{kind} '{id}' has no title; say what it shows.")
    if not _rests(f"{kind} '{id}'", rows):
        return
    finding, holds = parts.pop("finding", ""), parts.pop("holds", ())
    if edition() == LATEST:
        if conditions := leans_on(f"{kind} '{id}'", finding, holds):
            parts |= {"holds": conditions}
        title = finding or title
    by_table = _by_table(rows)
    if kind in PRINTED and (count := sum(map(len, by_table.values()))) > MOST_ROWS:
        raise Problem(
            f"{kind} '{id}' rests on {count:,} rows, and a page prints each row of its exhibits: at most {MOST_ROWS:,} can be. Read fewer, or sum them up "
            "before they enter the record, and rest on a table of the sums."
        )
    exhibit = {"id": id, "kind": kind, "title": title, "as_of": edition(), "rows": by_table, **parts}
    _display(exhibit, figure)


def _display(exhibit: dict[str, Any], figure: dict[str, Any] | None = None) -> None:
    day, data = known_on(), Project.find().data
    shown: dict[str, Any] = {EXHIBIT_MIME: exhibit}
    whole = None
    if figure:
        whole = plain.figure(exhibit, figure, day, data)
        shown |= {FIGURE_MIME: figure, PLOTLY_MIME: whole}
    display(shown | {"text/html": plain.html(exhibit, day, whole), "text/plain": plain.text(exhibit, day)}, raw=True)


def _beside(frames: Sequence[pd.DataFrame]) -> dict[str, list[str]]:
    """Ids of the rows that disagree with those a number rests on, by table."""
    found = sorted({other for frame in frames for cell in frame["beside"] for other in split(cell)})
    tables = {PageReads.table_of[other] for other in found}
    return {table: [other for other in found if PageReads.table_of[other] == table] for table in sorted(tables)}


def _by_table(frames: list[pd.DataFrame]) -> dict[str, list[str]]:
    """Ids of the rows of an exhibit, by table."""
    found: dict[str, set[str]] = {}
    for row in (row for frame in frames for row in frame["id"]):
        found.setdefault(PageReads.table_of[row], set()).add(row)
    return {table: sorted(ids) for table, ids in sorted(found.items())}
