"""Exhibits: the charts, maps, tables, numbers and verdicts that a page publishes."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go
import plotly.io as pio
from IPython.display import display

from casebook.data.read import PageReads, printed
from casebook.data.record import LATEST, split
from casebook.errors import Problem
from casebook.format import Unit
from casebook.mime import EXHIBIT_MIME, PLOTLY_MIME
from casebook.style import THEMES

# What begins a tag in a label, but for a new line and the box beside it.
TAG = re.compile(r"<(?!(?:br|/?extra)>)")
# How a reader is told of plotly's kinds of trace.
MARKS = {"scatter": "marks", "bar": "bars", "choropleth": "shaded countries", "scattergeo": "places"}
# A figure as it is read out, without a unit: 5.08 billion, 12,000, 0.6.
SPOKEN = Unit("spoken", "a figure", short="billion")

Rows = pd.DataFrame | Sequence[pd.DataFrame]

pio.templates["casebook"] = go.layout.Template(THEMES["light"])
pio.templates.default = "casebook"


def chart(fig: go.Figure, *, id: str, title: str, alt: str, rows: Rows, finding: str = "", subtitle: str = "", note: str = "") -> None:
    """Publish a chart. `title` says what it shows, `finding` what is to be seen in it today, `subtitle` the unit.

    `rows` are the rows it rests on, as `read` returned them (filtered, never rebuilt). Finding, alt text and
    note are written with hindsight, so an edition of a past day shows the title instead.
    Raises Problem where nothing would be drawn.
    """
    _publish_figure("chart", fig, id=id, title=title, finding=finding, alt=alt, rows=rows, subtitle=subtitle, note=note)


def map_(fig: go.Figure, *, id: str, title: str, alt: str, rows: Rows, finding: str = "", subtitle: str = "", note: str = "") -> None:
    """Publish a map: a chart whose shapes are the site's own, named by address (`figures.world_map`)."""
    note = " ".join(part for part in (note, "Borders as Natural Earth draws them; no position is taken.") if part)
    _publish_figure("map", fig, id=id, title=title, finding=finding, alt=alt, rows=rows, subtitle=subtitle, note=note)


def table(frame: pd.DataFrame, *, id: str, title: str, rows: Rows, finding: str = "", subtitle: str = "", note: str = "") -> None:
    """Publish `frame` as a table: its columns are the headings, its cells are printed as they are."""
    cells = [[str(cell) for cell in row] for row in frame.itertuples(index=False)]
    _publish("table", id=id, title=title, finding=finding, rows=rows, subtitle=subtitle, note=note, columns=list(frame.columns), cells=cells)


def number(id: str, value: float | str | Callable[..., float], unit: str, *, rows: Rows, label: str, formula: str = "") -> None:
    """Publish a number for chapters to cite.

    `value` may be a function of the values for which `rows`, each the one row of a `fact`, stand, in their order. Where
    others state another value, the number is computed with theirs too, and its ends are published beside it.
    `unit` is one of `units` in datapackage.json, or date (for ISO text); `label` says what it is, `formula` in
    words how it was made of its rows. Raises Problem for a missing value, an unknown unit, or a fraction of
    what is counted whole.
    """
    frames = [rows] if isinstance(rows, pd.DataFrame) else list(rows)
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
    _publish("number", id=id, title=label, rows=rows, value=value, unit=unit, text=text, formula=formula, **beside)


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


def one(rows: pd.DataFrame, column: str) -> Any:
    """The value of `column` in the only row of `rows`; NaN where an earlier edition has no such row."""
    return rows[column].iloc[0] if len(rows) else float("nan")


def claim(row: pd.Series, *, rows: Rows, verdict: pd.Series, before: pd.Series) -> None:
    """Publish the verdict on one claim, for chapters to cite by the claim's id.

    `before` is the verdict that the record bore when the claim was made.
    """
    then = {"verdict": before["verdict"], "basis": before["basis"]} if before["id"] != verdict["id"] else None
    parts = {
        "verdict": verdict["verdict"],
        "basis": verdict["basis"],
        "confidence": verdict["confidence"],
        "would_change": verdict["would_change"],
        "row": verdict["id"],
    }
    _publish("verdict", id=row["id"], title=row["claim_en"], rows=rows, then=then, why=verdict["note"], **parts)


def _publish_figure(kind: str, fig: go.Figure, *, alt: str, **about: Any) -> None:
    figure = json.loads(fig.to_json())
    if not alt.strip():
        raise Problem(f"{kind} '{about['id']}' has no alt text; say in a sentence what is seen.")
    if PageReads.as_of != LATEST:
        about |= {"note": ""}
        alt = f"{about['title']}. {about['subtitle']}."
    elif about["finding"]:
        alt = f"{about['finding']}. {alt}"
    alt = f"{alt} {described(figure)}"
    if not any(_holds_data(trace) for trace in figure["data"]):
        _lacking(f"{kind} '{about['id']}' would draw nothing: none of its {len(figure['data'])} traces holds data.")
        return
    # The site's script owns the look of both themes; a figure carries only what is its own.
    figure["layout"].pop("template", None)
    _publish(kind, alt=alt, figure=_as_labels(figure), **about)


def _as_labels(value: Any) -> Any:
    """A figure whose labels say their words: plotly would make links and styles of tags in them, and keeps only ours."""
    match value:
        case dict():
            return {key: _as_labels(part) for key, part in value.items()}
        case list():
            return [_as_labels(part) for part in value]
        case str():
            return TAG.sub("&lt;", value)
    return value


def described(figure: dict[str, Any]) -> str:
    """What a figure holds, in a sentence of computed numbers, for those who do not see it."""
    traces = [trace for trace in figure["data"] if _holds_data(trace) and trace.get("hoverinfo") != "skip"]
    kinds = " and ".join(dict.fromkeys(MARKS.get(trace["type"], trace["type"]) for trace in traces))
    across, up = ("y", "x") if any(trace.get("orientation") == "h" for trace in traces) else ("x", "y")
    places = [value for trace in traces for value in listed(trace.get("locations", trace.get(across)))]
    sizes = [value for trace in traces for value in listed(trace.get("z", trace.get(up))) if isinstance(value, int | float) and value == value]
    years = sorted(value[:4] for value in places if isinstance(value, str) and re.match(r"\d{4}-\d{2}", value))
    parts = [f"{kinds}: {len(places)}" + (f" in {len(traces)} series" if len(traces) > 1 else "")]
    if years:
        parts.append(f"{years[0]} to {years[-1]}")
    if sizes:
        parts.append(f"values from {SPOKEN.text(min(sizes))} to {SPOKEN.text(max(sizes))}")
    return f"{', '.join(parts).capitalize()}."


def listed(values: Any) -> list[Any]:
    """Values of a trace as a list; plotly packs arrays of numbers as base64."""
    if isinstance(values, dict):
        return np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist()
    return list(values or [])


def _lacking(message: str) -> None:
    """An edition of a past day leaves out what it lacks; in the book of today that is a Problem."""
    if PageReads.as_of == LATEST:
        raise Problem(message)


def _holds_data(trace: dict[str, Any]) -> bool:
    values = (trace.get(key) for key in ("x", "y", "lon", "locations", "labels", "link"))
    # Plotly writes arrays of numbers as {"dtype", "bdata"}, with bdata empty for no number.
    return any(value.get("bdata", True) if isinstance(value, dict) else value for value in values)


def _publish(kind: str, *, id: str, title: str, rows: Rows, figure: dict[str, Any] | None = None, **parts: Any) -> None:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9-]*", id):
        raise Problem(f"{kind} '{id}': an exhibit's id is letters, digits and hyphens.")
    if not title.strip():
        raise Problem(f"{kind} '{id}' has no title; say what it shows.")
    by_table = _row_ids(id, rows)
    if not by_table:
        _lacking(f"exhibit '{id}' rests on no row; nothing is published without its rows.")
        return
    finding = parts.pop("finding", "")
    if finding and PageReads.as_of == LATEST:
        title = finding
    exhibit = {"id": id, "kind": kind, "title": title, "as_of": PageReads.as_of, "rows": by_table, **parts}
    bundle: dict[str, Any] = {EXHIBIT_MIME: exhibit, "text/plain": f"{kind} {id}: {title} {parts.get('text', '')}".strip()}
    if figure is not None:
        bundle[PLOTLY_MIME] = figure
    display(bundle, raw=True)


def _beside(frames: Sequence[pd.DataFrame]) -> dict[str, list[str]]:
    """Ids of the rows that disagree with those a number rests on, by table."""
    found = sorted({other for frame in frames for cell in frame["beside"] for other in split(cell)})
    tables = {PageReads.table_of[other] for other in found}
    return {table: [other for other in found if PageReads.table_of[other] == table] for table in sorted(tables)}


def _row_ids(id: str, rows: Rows) -> dict[str, list[str]]:
    """Ids of the rows an exhibit rests on, by table. Raises Problem for rows that were not read."""
    frames = [rows] if isinstance(rows, pd.DataFrame) else rows
    by_table: dict[str, set[str]] = {}
    for row in (row for frame in frames for row in frame["id"]):
        if row not in PageReads.table_of:
            raise Problem(f"exhibit '{id}' rests on '{row}', which was not read; pass rows as read() returned them.")
        by_table.setdefault(PageReads.table_of[row], set()).add(row)
    return {table: sorted(ids) for table, ids in sorted(by_table.items())}
