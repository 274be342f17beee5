"""Building blocks of our charts, so that the same mark means the same thing on every page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from casebook.data.read import countries, country, edition, printed
from casebook.data.record import LATEST, SEPARATOR
from casebook.data.shapes import SHAPES_ADDRESS
from casebook.errors import Problem
from casebook.style import COLOURS, GREY, NAME_OF_STATUS, SPARE_SYMBOLS, SYMBOL_OF_STATUS

HEIGHT = 420
HEIGHT_PER_BAR = 26


def marks(frame: pd.DataFrame, x: str, y: str, *, colour: str, hover: str, name: str = "") -> list[go.Scatter]:
    """One trace for each status in `frame`, by our marks: filled for filings, hollow for estimates.

    `hover` names a column of finished text. A row without x or y is no mark: leave it out by name.
    Raises Problem for more statuses than there are marks.
    """
    symbols = symbols_of(frame["status"])
    return [
        go.Scatter(
            x=part[x],
            y=part[y],
            ids=part["id"],
            mode="markers",
            marker={"symbol": symbol, "color": colour, "size": 9, "line": {"width": 2, "color": colour}},
            name=f"{name}, {NAME_OF_STATUS[status]}" if name else NAME_OF_STATUS[status],
            text=part[hover],
            hovertemplate="%{text}<extra></extra>",
        )
        for status, symbol in symbols.items()
        if len(part := frame[frame["status"] == status])
    ]


def symbols_of(statuses: pd.Series) -> dict[str, str]:
    """The symbol of each status: ours, and spare ones for those that a story adds. Raises Problem where these run out."""
    added = sorted(set(statuses) - set(SYMBOL_OF_STATUS))
    if len(added) > len(SPARE_SYMBOLS):
        raise Problem(
            f"{len(added)} statuses have no mark of their own ({', '.join(added)}), and {len(SPARE_SYMBOLS)} can be told apart; draw fewer."
        )
    return SYMBOL_OF_STATUS | dict(zip(added, SPARE_SYMBOLS, strict=False))


def coloured(rows: pd.DataFrame, by: str, names: Sequence[str] | None = None) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Colour, group and its rows, for each group of `rows` by a column: those in `names`, in this order, and all others in grey.

    Without `names` each group has a colour. Raises Problem for more groups than colours can tell apart, and for a name
    that is no group; in an edition of a past day it may be one that the record did not know yet.
    """
    groups = {str(name): part for name, part in rows.groupby(by, sort=True)}
    named = list(groups) if names is None else [name for name in names if name in groups or edition() == LATEST]
    if unknown := [name for name in named if name not in groups]:
        raise Problem(f"'{unknown[0]}' is no {by} of these rows; they have {', '.join(groups)}.")
    colours = [colour for colour in COLOURS if colour != GREY] if len(groups) > len(named) else COLOURS
    if len(named) > len(colours):
        raise Problem(
            f"{len(named)} groups by {by}, and {len(colours)} colours can be told apart; name those to colour, and the others are drawn in grey."
        )
    yield from ((GREY, name, part) for name, part in groups.items() if name not in named)
    yield from ((colour, name, groups[name]) for colour, name in zip(colours, named, strict=False))


def ranges(facts: pd.DataFrame, column: str) -> dict[str, Any]:
    """Error bars from `low` to `high` around `column`, as `error_x` or `error_y` of a trace, where rows of a fact disagree.

    `facts` is as `casebook.facts` returns it; of what is computed from facts, a frame with the same three columns.
    """
    values = facts[[column, "low", "high"]].where(facts["beside"] != "")
    more, less = (values["high"] - values[column], values[column] - values["low"])
    bars = {name: [None if pd.isna(size) else float(size) for size in sizes] for name, sizes in (("array", more), ("arrayminus", less))}
    return bars | {"type": "data", "symmetric": False, "thickness": 1, "width": 4}


def ids_by(rows: pd.DataFrame, by: str | pd.Series) -> pd.Series:
    """The ids of the rows of each group, joined as the `ids` of a point that stands for all of them; indexed by group."""
    return rows.groupby(by)["id"].agg(SEPARATOR.join)


def world_map(values: pd.Series, unit: str, ids: Mapping[str, str]) -> go.Figure:
    """A world map of `values` in a unit, indexed by ISO alpha-3 code, over all countries in grey; equal-area (Equal Earth).

    `ids` names the rows that each country's value sums (see `ids_by`). A country without a shape is not drawn: leave
    its rows out by name.
    """
    shape = {"geojson": SHAPES_ADDRESS, "marker": {"line": {"color": "rgba(127,135,144,0.45)", "width": 0.4}}}
    codes = countries()
    values = values[values.index.isin(codes)]
    base = go.Choropleth(
        locations=codes,
        z=[0] * len(codes),
        colorscale=[[0, "rgba(127,135,144,0.18)"], [1, "rgba(127,135,144,0.18)"]],
        showscale=False,
        hoverinfo="skip",
        **shape,
    )
    shaded = go.Choropleth(
        locations=values.index,
        z=values,
        ids=[ids[code] for code in values.index],
        text=[f"{country(code)}: {text}" for code, text in zip(map(str, values.index), printed(values, unit), strict=True)],
        hovertemplate="%{text}<extra></extra>",
        # Lightness alone tells the classes apart, so the scale reads without colour.
        colorscale=[[0, "#9ecae1"], [0.5, "#3182bd"], [1, "#08306b"]],
        colorbar={"orientation": "h", "x": 0.5, "y": -0.02, "yanchor": "top", "thickness": 8, "len": 0.6, "title": {"text": unit, "side": "bottom"}},
        **shape,
    )
    fig = go.Figure([base, shaded])
    fig.update_layout(height=HEIGHT, geo={"projection": {"type": "equal earth"}, "lataxis": {"range": [-58, 84]}})
    return fig


def event_line(fig: go.Figure, day: str, text: str) -> None:
    """A thin dated line with its name, for an event that the reader should hold beside the marks."""
    fig.add_vline(x=day, line={"width": 1, "dash": "dot", "color": "#7f8790"})
    fig.add_annotation(x=day, y=1, yref="paper", text=text, showarrow=False, textangle=-90, xanchor="right", yanchor="top", font={"size": 11})
