"""What a figure draws, in rows, numbers and words, and how its axes print."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from casebook import axes, figures
from casebook.data.read import read
from casebook.drawn import described, drawn
from casebook.errors import Problem
from casebook.style import GREY, NAME_OF_STATUS


def as_json(fig: go.Figure) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(fig.to_json())
    return found


def said(fig: go.Figure, **units: str) -> str:
    return described(drawn(as_json(fig)), units)


@pytest.mark.parametrize(
    ("traces", "units", "says"),
    [
        (
            [go.Scatter(x=["2021-01-31", "2024-06-30"], y=[5.08e9, 2.6e9], name="a"), go.Bar(x=["2022-01-01"], y=[float("nan")])],
            {"y": "USD"},
            "2 marks, 2021 to 2024, values from $2.6bn to $5.08bn.",
        ),
        (
            [go.Scatter(x=["2021-01-31"], y=[1]), go.Bar(x=["2021-02-28"], y=[2])],
            {"y": "days"},
            "1 mark and 1 bar in 2 series, 2021, values from 1 day to 2 days.",
        ),
        ([go.Bar(y=["a", "b"], x=[1, 19], orientation="h")], {"x": "count"}, "2 bars, values from 1 to 19."),
        ([go.Scatter(x=[2012, 2025], y=[5e9, 3e9])], {"x": "year", "y": "USD"}, "2 marks, 2012 to 2025, values from $3bn to $5bn."),
        ([go.Bar(y=["a", "b"], x=[2e8, 2e8], orientation="h")], {"x": "USD"}, "2 bars, each $200m."),
        (
            [go.Choropleth(locations=["CHL"], z=[0], hoverinfo="skip"), go.Choropleth(locations=["CHL", "BOL"], z=[3, 4])],
            {"z": "count"},
            "2 shaded areas, values from 3 to 4.",
        ),
        ([go.Pie(labels=["a", "b"], values=[0.25, 0.75])], {"values": "share"}, "2 slices, values from 25% to 75%."),
        (
            [go.Sankey(node={"label": ["a", "b"]}, link={"source": [0], "target": [1], "value": [12e9]})],
            {"value": "USD"},
            "1 flow, value $12bn.",
        ),
        ([go.Heatmap(z=[[1, 2], [3, None]])], {"z": "count"}, "3 marks, values from 1 to 3."),
    ],
)
def test_a_figure_says_what_can_be_seen_of_it(traces: list[Any], units: dict[str, str], says: str) -> None:
    assert said(go.Figure(traces), **units) == says


def test_a_point_names_the_rows_it_stands_for() -> None:
    seen = drawn(as_json(go.Figure(go.Bar(x=["CHL", "BOL", "PER"], y=[2, float("nan"), 1], ids=["a;b", "c", ""]))))
    assert seen.rows == {"a", "b"} and seen.nameless == 0


def test_own_shapes_are_found_by_their_own_key() -> None:
    shapes = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": {"name": name}, "geometry": None} for name in ("north", "south")],
    }
    trace = go.Choropleth(geojson=shapes, featureidkey="properties.name", locations=["north", "West-Mount"], z=[1, 2], ids=["a", "b"])
    assert drawn(as_json(go.Figure(trace))).rows == {"a"}


def axis(fig: go.Figure, name: str, **units: str) -> dict[str, Any]:
    figure = as_json(fig)
    axes.set_ticks(figure, drawn(figure), units)
    found: dict[str, Any] = figure["layout"].get(name, {})
    return found


@pytest.mark.parametrize(
    ("y", "layout", "unit", "ticks"),
    [
        ([2e9, 44e9], {}, "USD", ["$0", "$10bn", "$20bn", "$30bn", "$40bn", "$50bn"]),
        ([-0.2, 0.4], {}, "share", ["−20%", "0%", "20%", "40%"]),
        ([60, 100], {"range": [50, 105]}, "cents", ["60 cents", "80 cents", "100 cents"]),
        ([21.4, 22.6], {"rangemode": "normal"}, "decimal", ["21.4", "21.6", "21.8", "22", "22.2", "22.4", "22.6"]),
        ([1, 2], {}, "count", ["0", "1", "2"]),
        ([2.6e8, 6.2e9], {"type": "log"}, "USD", ["$200m", "$500m", "$1bn", "$2bn", "$5bn", "$10bn"]),
        ([1e9, 3e12], {"type": "log"}, "USD", ["$1bn", "$10bn", "$100bn", "$1tn"]),
        ([0, 3e10], {"type": "log"}, "USD", ["$20bn", "$50bn"]),
        ([7e10], {"type": "log"}, "USD", ["$50bn", "$100bn"]),
        ([0, 0], {}, "USD", ["$0", "$1"]),
        ([5, 7], {"tickvals": [5], "ticktext": ["five"]}, "count", ["five"]),
    ],
)
def test_ticks_are_printed_in_the_unit(y: list[float], layout: dict[str, Any], unit: str, ticks: list[str]) -> None:
    fig = go.Figure(go.Scatter(x=list("ab")[: len(y)], y=y)).update_layout(yaxis=layout)
    assert axis(fig, "yaxis", y=unit)["ticktext"] == ticks


def test_bars_that_stand_on_one_another_fit_their_axis() -> None:
    bars = [go.Bar(x=["2022", "2025"], y=[6e9, 5e9]), go.Bar(x=["2022", "2025"], y=[7e9, 9e9])]
    assert axis(go.Figure(bars).update_layout(barmode="stack"), "yaxis", y="USD")["ticktext"][-1] == "$15bn"


def test_years_on_an_axis_of_numbers_are_years_and_do_not_begin_at_nought() -> None:
    fig = go.Figure(go.Scatter(x=[2012, 2025], y=[1, 2]))
    assert axis(fig, "xaxis", x="year", y="count")["ticktext"] == ["2015", "2020", "2025"]


@pytest.mark.parametrize(
    ("days", "ticks"),
    [
        (["2026-06-03"], ["3 Jun<br>2026"]),
        (["2026-06-01", "2026-06-03", "2026-06-03"], ["1 Jun<br>2026", "3 Jun<br>2026"]),
        (["2024-01-31", "2026-06-03"], None),
    ],
)
def test_an_axis_of_days_is_never_cut_into_hours(days: list[str], ticks: list[str] | None) -> None:
    fig = go.Figure(go.Scatter(x=pd.to_datetime(pd.Series(days)), y=[1] * len(days)))
    assert axis(fig, "xaxis", y="count").get("ticktext") == ticks


def test_a_panel_of_its_own_has_a_unit_of_its_own() -> None:
    fig = go.Figure([go.Scatter(x=["a"], y=[5e9]), go.Scatter(x=["a"], y=[7e9], yaxis="y2")]).update_layout(yaxis2={"overlaying": "y"})
    assert axis(fig, "yaxis", y="USD", y2="EUR")["ticktext"][-1] == "$5bn"
    assert axis(fig, "yaxis2", y="USD", y2="EUR")["ticktext"][-1] == "€8bn"


def test_a_status_that_a_story_adds_is_drawn_and_named() -> None:
    rows = read("platform/staff", "latest", id=["hc-2012q3", "hc-2013q1", "hc-2013q2"]).assign(
        status=["verified", "audited", "seen-on-site"], text=""
    )
    traces = figures.marks(rows.astype({"headcount": float}), "event_date", "headcount", colour="#000", hover="text")
    assert sorted(str(trace.name) for trace in traces) == ["audited", "seen on site", "verified"]
    assert len({trace.marker.symbol for trace in traces}) == 3 and sum(len(trace.x) for trace in traces) == 3
    assert rows["status"].map(NAME_OF_STATUS).tolist() == ["verified", "audited", "seen on site"]
    many = pd.concat([rows] * 3).assign(status=[f"status-{number}" for number in range(9)])
    with pytest.raises(Problem, match="9 statuses have no mark of their own"):
        figures.marks(many, "event_date", "headcount", colour="#000", hover="text")


def test_more_groups_than_colours_are_refused_or_grey() -> None:
    rows = pd.DataFrame({"town": [f"town-{number}" for number in range(9)], "id": list("abcdefghi")})
    assert [name for _, name, _ in figures.coloured(rows.head(6), "town")] == [f"town-{number}" for number in range(6)]
    with pytest.raises(Problem, match="9 groups by town, and 6 colours can be told apart; name those to colour, and the others are drawn in grey"):
        list(figures.coloured(rows, "town"))
    named = list(figures.coloured(rows, "town", ["town-7", "town-1"]))
    assert [(name, colour == GREY) for colour, name, _ in named][-3:] == [("town-8", True), ("town-7", False), ("town-1", False)]
    assert len(named) == 9
    with pytest.raises(Problem, match="'atlantis' is no town of these rows; they have town-0, town-1"):
        list(figures.coloured(rows, "town", ["atlantis"]))


def test_where_statements_disagree_a_range_is_drawn_told_and_fits_its_axis() -> None:
    said_of = pd.DataFrame(
        {"value": [5.0, 4.0, 3.0], "low": [5.0, 2.0, 2.9], "high": [5.0, 9.0, 3.0], "beside": ["", "a;b", ""], "name": ["x", "y", "z"]}
    )
    fig = go.Figure(go.Bar(x=said_of["name"], y=said_of["value"], error_y=figures.ranges(said_of, "value")))
    # Of the third the others only round.
    assert fig.data[0].error_y.array == (None, 5.0, None) and fig.data[0].error_y.arrayminus == (None, 2.0, None)
    seen = drawn(as_json(fig))
    assert described(seen, {"y": "days"}) == "3 bars, values from 3 days to 5 days, where statements disagree a range: 2 days to 9 days."
    figure = as_json(fig)
    axes.set_ticks(figure, seen, {"y": "days"})
    assert figure["layout"]["yaxis"]["range"][1] > 9
