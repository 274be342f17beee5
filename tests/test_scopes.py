"""Nothing that a page read is dropped without a word."""

from __future__ import annotations

from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from casebook import exhibits
from casebook.data.read import PageReads, read
from casebook.errors import Problem
from casebook.mime import EXHIBIT_MIME
from casebook.scopes import scope, sift


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(exhibits, "display", lambda bundle, raw: bundles.append(bundle[EXHIBIT_MIME]))
    for name, value in {"as_of": "", "ids": [], "table_of": {}}.items():
        monkeypatch.setattr(PageReads, name, value)
    return bundles


def draw(rows: pd.DataFrame, drawn: pd.DataFrame | None = None, fig: go.Figure | None = None, **about: Any) -> None:
    drawn = rows if drawn is None else drawn
    fig = fig or go.Figure(go.Scatter(x=drawn["event_date"], y=drawn["amount"], ids=drawn["id"], mode="markers"))
    exhibits.chart(fig, rows=rows, **{"id": "a", "title": "A", "alt": "Marks.", "units": {"y": "USD"}} | about)


def rounds() -> pd.DataFrame:
    """Eight rows of one company that any other table would do for as well: amounts and days."""
    return read("ai/rounds", "latest", company="openai").dropna(subset="amount").head(8)


def test_what_is_left_out_is_said_in_words_and_numbers(published: list[dict[str, Any]]) -> None:
    rows = scope(rounds())
    small, early = rows["amount"] < rows["amount"].median(), rows["event_date"] == rows["event_date"].min()
    shown, left_out = sift(rows, {"too small": small, "from before": early & ~small, "never": small & ~small})
    draw(shown, left_out=left_out)
    (exhibit,) = published
    assert exhibit["note"] == f"Not drawn: {small.sum()} rows too small" + (
        f", {(early & ~small).sum()} from before." if (early & ~small).any() else "."
    )
    assert exhibit["alt"].endswith(exhibit["note"]) and f"{len(shown)} marks" in exhibit["alt"]
    assert exhibit["rows"] == {"ai/rounds": sorted(shown["id"])}


def test_a_row_counts_for_the_first_reason(published: list[dict[str, Any]]) -> None:
    rows = scope(rounds())
    first = pd.Series(rows["id"] == rows["id"].iloc[0])
    shown, left_out = sift(rows, {"one": first, "two": first | (rows["id"] == rows["id"].iloc[1])})
    assert [len(part) for part in left_out.values()] == [1, 1] and len(shown) == 6


@pytest.mark.parametrize(
    ("publish", "says"),
    [
        (lambda rows: draw(rows.tail(6)), r"chart 'a': its page read 8 rows of ai/rounds for it, and nothing is said of 2 of them \("),
        (
            lambda rows: draw(rows, drawn=rows.tail(6)),
            r"chart 'a' does not draw 2 of the rows it rests on \(.*\); draw them, or leave them out with sift",
        ),
        (lambda rows: draw(rows.tail(6), drawn=rows), r"chart 'a' draws rows that are not among its rows= \("),
        (lambda rows: draw(rows, left_out={"old": rows.head(1)}), r"chart 'a' shows the row '.*' and leaves it out as 'old'; do one of both"),
        (
            lambda rows: draw(rows, fig=go.Figure(go.Bar(x=["2024", "2025"], y=[1, 2]))),
            r"chart 'a' rests on 8 rows and draws 2 points for them; draw each, .* or give its traces ids=",
        ),
        (
            lambda rows: exhibits.table(rows.tail(6)[["round"]], id="a", title="A", rows=rows.tail(6)),
            "table 'a': its page read 8 rows of ai/rounds for it, and nothing is said of 2 of them",
        ),
    ],
)
def test_a_row_that_is_dropped_without_a_word_is_refused(published: list[dict[str, Any]], publish: Any, says: str) -> None:
    rows = scope(rounds())
    with pytest.raises(Problem, match=says):
        publish(rows)
    assert not published


def test_the_narrowest_question_is_what_an_exhibit_is_about(published: list[dict[str, Any]]) -> None:
    rows = rounds()
    draw(scope(rows.head(3)))
    draw(rows.head(5), id="b", left_out={"later": read("ai/rounds", "latest", company="openai").drop(index=rows.index[:5])})
    assert [exhibit["note"][:9] for exhibit in published] == ["", "Not drawn"]


def test_rows_of_several_tables_are_each_held_against_their_own(published: list[dict[str, Any]]) -> None:
    staff, users = read("platform/staff", "latest"), read("platform/users", "latest", company="x")
    both = scope(pd.concat([staff.head(1), users.head(2)]))
    exhibits.table(both[["id"]], id="a", title="A", rows=both)
    with pytest.raises(Problem, match="table 'b': its page read 2 rows of platform/users for it, and nothing is said of 1 of them"):
        exhibits.table(both[["id"]].head(2), id="b", title="B", rows=both.head(2))


@pytest.mark.parametrize(
    ("change", "layout"),
    [
        (lambda rows: rows.assign(amount=rows["amount"].where(rows["id"] != rows["id"].iloc[0])), {}),
        (lambda rows: rows.assign(amount=rows["amount"].where(rows["id"] != rows["id"].iloc[0], 0)), {"type": "log"}),
        (lambda rows: rows.assign(amount=rows["amount"].where(rows["id"] != rows["id"].iloc[0], 9e15)), {"range": [0, 1e13]}),
        (lambda rows: rows.assign(event_date=rows["event_date"].where(rows["id"] != rows["id"].iloc[0])), {}),
    ],
    ids=["no value", "zero on a log axis", "out of the axis", "no day"],
)
def test_what_cannot_be_seen_is_not_drawn(published: list[dict[str, Any]], change: Any, layout: dict[str, Any]) -> None:
    rows = change(scope(rounds()))
    fig = go.Figure(go.Scatter(x=rows["event_date"], y=rows["amount"], ids=rows["id"], mode="markers"))
    fig.update_layout(yaxis=layout)
    with pytest.raises(Problem, match=f"does not draw 1 of the rows it rests on .{rows['id'].iloc[0]}"):
        draw(rows, fig=fig)


def test_a_country_without_a_shape_is_not_drawn(published: list[dict[str, Any]]) -> None:
    from casebook import figures

    rows = scope(read("lithium/deals", "latest", country_iso3="CHL").head(2))
    counts = pd.Series([1, 1], index=["CHL", "EUE"])
    ids = dict(zip(counts.index, rows["id"], strict=True))
    with pytest.raises(Problem, match=f"does not draw 1 of the rows it rests on .{rows['id'].iloc[1]}"):
        exhibits.map_(figures.world_map(counts, "count", ids), id="a", title="A", alt="Map.", rows=rows, units={"z": "count"})
