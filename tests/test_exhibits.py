"""What may be published, and what may not."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from casebook import exhibits
from casebook.data.read import PageReads, read
from casebook.drawn import described, drawn
from casebook.errors import Problem
from casebook.mime import EXHIBIT_MIME, PLOTLY_MIME
from casebook.scopes import sift

# The unit of both axes of the bars below.
COUNTS = {"x": "count", "y": "count"}


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(exhibits, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    monkeypatch.setattr(PageReads, "as_of", "")
    return read("platform/staff", "latest")


def bar(*values: float) -> go.Figure:
    return go.Figure(go.Bar(x=list(values), y=list(values)))


def bars(rows: pd.DataFrame) -> go.Figure:
    """A bar for each row."""
    return bar(*range(1, len(rows) + 1))


def test_a_chart_carries_its_rows_and_no_theme(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    exhibits.chart(bars(rows), id="a", title="A", alt="Bars.", rows=rows, units=COUNTS)
    bundle = published[0]
    assert bundle[EXHIBIT_MIME]["rows"] == {"platform/staff": sorted(rows["id"])}
    assert "template" not in bundle[PLOTLY_MIME]["layout"]


def test_a_number_is_formatted_once(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    exhibits.number("a", 0.8, "share", rows=rows, label="Cut")
    assert published[0][EXHIBIT_MIME]["text"] == "80%"


@pytest.mark.parametrize(
    ("publish", "says"),
    [
        (lambda rows: exhibits.chart(go.Figure(), id="a", title="A", alt="x", rows=rows), "would draw nothing"),
        (lambda rows: exhibits.chart(bar(), id="a", title="A", alt="x", rows=rows), "would draw nothing"),
        (lambda rows: exhibits.chart(bars(rows), id="a", title="A", alt=" ", rows=rows, units=COUNTS), "has no alt text"),
        (lambda rows: exhibits.chart(bars(rows), id="a", title="", alt="x", rows=rows, units=COUNTS), "has no title"),
        (lambda rows: exhibits.chart(bars(rows), id="a b", title="A", alt="x", rows=rows, units=COUNTS), "letters, digits and hyphens"),
        (lambda rows: exhibits.chart(bar(1), id="a", title="A", alt="x", rows=rows.head(0)), "rests on no row"),
        (lambda rows: exhibits.chart(bar(1), id="a", title="A", alt="x", rows=rows.assign(id="made-up")), "which was not read"),
        (lambda rows: exhibits.number("a", float("nan"), "USD", rows=rows, label="x"), "has no value"),
    ],
)
def test_what_is_not_whole_is_refused(rows: pd.DataFrame, publish: Any, says: str) -> None:
    with pytest.raises(Problem, match=says):
        publish(rows)


def test_an_edition_shows_no_hindsight_and_leaves_out_what_it_lacks(published: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageReads, "as_of", "")
    rows = read("platform/staff", "2022-12-31")
    exhibits.chart(
        bars(rows),
        id="a",
        title="Head-counts",
        finding="Most were gone by 2023",
        alt="1,500 in 2023",
        subtitle="people",
        note="later",
        rows=rows,
        units=COUNTS,
    )
    exhibits.chart(bar(), id="b", title="B", alt="x", rows=rows)
    exhibits.number("c", float("nan"), "USD", rows=rows, label="x")
    exhibits.number("d", 1, "USD", rows=rows.head(0), label="x")
    (bundle,) = published
    assert (bundle[EXHIBIT_MIME]["title"], bundle[EXHIBIT_MIME]["alt"], bundle[EXHIBIT_MIME]["note"]) == (
        "Head-counts",
        "Head-counts. people. 7 bars, values from 1 to 7, values from 1 to 7.",
        "",
    )


def test_a_figure_says_what_it_holds_in_computed_numbers() -> None:
    lines = go.Figure([go.Scatter(x=["2021-01-31", "2024-06-30"], y=[5.08e9, 2.6e9], name="a"), go.Bar(x=["2022-01-01"], y=[4e9])])
    said = described(drawn(json.loads(lines.to_json())), {"y": "USD"})
    assert said == "2 marks and 1 bar in 2 series, 2021 to 2024, values from $2.6bn to $5.08bn."


def test_what_is_neither_drawn_nor_left_out_by_name_is_refused(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    shown, left_out = sift(rows, {"without a count": rows["headcount"].isna()})
    with pytest.raises(Problem, match=r"neither shown nor left out by name"):
        exhibits.chart(bars(shown), id="a", title="A", alt="x", rows=shown, units=COUNTS)
    exhibits.chart(bars(shown), id="a", title="A", alt="x", rows=shown, units=COUNTS, left_out=left_out)
    assert published[0][EXHIBIT_MIME]["note"] == f"Not drawn: {len(rows) - len(shown)} row without a count."


def test_one_of_several_rows_is_refused_with_their_ids(rows: pd.DataFrame) -> None:
    assert exhibits.one(rows.head(1), "headcount") == rows["headcount"].iloc[0]
    assert pd.isna(exhibits.one(rows.head(0), "headcount"))
    with pytest.raises(Problem, match=f"2 rows where one was wanted .*{rows['id'].iloc[0]}.*{rows['id'].iloc[1]}"):
        exhibits.one(rows.head(2), "headcount")
