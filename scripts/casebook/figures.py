"""Building blocks of our charts, so that the same mark means the same thing on every page."""

from __future__ import annotations

import math
from collections.abc import Iterable

import pandas as pd
import plotly.graph_objects as go

from casebook.data.read import countries, country, printed
from casebook.data.shapes import SHAPES_ADDRESS
from casebook.style import NAME_OF_STATUS, SYMBOL_OF_STATUS

HEIGHT = 420
HEIGHT_PER_BAR = 26


def marks(frame: pd.DataFrame, x: str, y: str, *, colour: str, hover: str, name: str = "") -> list[go.Scatter]:
    """One trace for each status in `frame`, by our marks: filled for filings, hollow for estimates.

    `hover` names a column of finished text. Rows without x or y are left out.
    """
    known = frame.dropna(subset=[x, y])
    return [
        go.Scatter(
            x=part[x],
            y=part[y],
            mode="markers",
            marker={"symbol": SYMBOL_OF_STATUS[status], "color": colour, "size": 9, "line": {"width": 2, "color": colour}},
            name=f"{name}, {NAME_OF_STATUS[status]}" if name else NAME_OF_STATUS[status],
            text=part[hover],
            hovertemplate="%{text}<extra></extra>",
        )
        for status in SYMBOL_OF_STATUS
        if len(part := known[known["status"] == status])
    ]


def money_axis(values: Iterable[float], currency: str = "USD", log: bool = False) -> dict[str, object]:
    """Settings of an axis of money with plain ticks ($10bn), from zero, or on a log scale."""
    known = [float(value) for value in values if pd.notna(value)]
    if not any(known):
        return {}
    low, high = min(known), max(known)
    if log:
        powers = range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)
        ticks = [10.0**power for power in powers]
        # The range of a log axis is in powers of ten; a little air keeps the end marks whole.
        ends = [math.log10(low) - 0.15, math.log10(high) + 0.15]
        return {"type": "log", "range": ends, "tickvals": ticks, "ticktext": [printed(t, currency) for t in ticks]}
    step = nice_step((max(high, 0) - min(low, 0)) / 5)
    first, last = math.floor(min(low, 0) / step), math.ceil(max(high, 0) / step)
    ticks = [step * i for i in range(first, last + 1)]
    return {"tickvals": ticks, "ticktext": [printed(t, currency) for t in ticks], "range": [ticks[0], ticks[-1] * 1.03], "zeroline": True}


def nice_step(step: float) -> float:
    """The next of 1, 2 or 5 times a power of ten that is not below `step`."""
    power = 10.0 ** math.floor(math.log10(step))
    return next(factor * power for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)


def world_map(values: pd.Series, unit: str) -> go.Figure:
    """A world map of `values`, indexed by ISO alpha-3 code, over all countries in grey; equal-area (Equal Earth)."""
    shape = {"geojson": SHAPES_ADDRESS, "marker": {"line": {"color": "rgba(127,135,144,0.45)", "width": 0.4}}}
    codes = countries()
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
        text=values.index.map(country),
        hovertemplate="%{text}: %{z} " + unit + "<extra></extra>",
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
