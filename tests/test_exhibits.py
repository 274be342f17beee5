"""What may be published, and what may not."""

from __future__ import annotations

import re
from typing import Any

import pandas as pd
import plotly.graph_objects as go
import pytest

from casebook import exhibits
from casebook.data.read import PageReads, read
from casebook.errors import Problem
from casebook.mime import EXHIBIT_MIME, FIGURE_MIME


@pytest.fixture
def published(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    bundles: list[dict[str, Any]] = []
    monkeypatch.setattr(exhibits, "display", lambda bundle, raw: bundles.append(bundle))
    return bundles


@pytest.fixture
def rows(monkeypatch: pytest.MonkeyPatch) -> pd.DataFrame:
    """Two rows of head-counts, all that was read."""
    for name, value in {"as_of": "", "ids": [], "table_of": {}}.items():
        monkeypatch.setattr(PageReads, name, value)
    return read("platform/staff", "latest", id=["hc-2012q3", "hc-2013q1"])


def bar(*values: float) -> go.Figure:
    return go.Figure(go.Bar(x=list("abcdefgh"[: len(values)]), y=list(values)))


def chart(fig: go.Figure, rows: pd.DataFrame, **about: Any) -> None:
    exhibits.chart(fig, rows=rows, **{"id": "a", "title": "A", "alt": "Bars.", "units": {"y": "count"}} | about)


def test_a_chart_carries_its_rows_and_no_theme(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    chart(go.Figure(go.Bar(x=["a", "b"], y=[1, 2], ids=rows["id"])), rows)
    bundle = published[0]
    assert bundle[EXHIBIT_MIME]["rows"] == {"platform/staff": sorted(rows["id"])}
    assert "template" not in bundle[FIGURE_MIME]["layout"] and "ids" not in bundle[FIGURE_MIME]["data"][0]


def test_a_number_is_formatted_once(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    exhibits.number("a", 0.8, "share", rows=rows, label="Cut")
    assert published[0][EXHIBIT_MIME]["text"] == "80%"


@pytest.mark.parametrize(
    ("publish", "says"),
    [
        (lambda rows: chart(go.Figure(), rows), "would draw nothing"),
        (lambda rows: chart(bar(), rows), "would draw nothing"),
        (lambda rows: chart(bar(1, 2), rows, alt=" "), "has no alt text"),
        (lambda rows: chart(bar(1, 2), rows, title=""), "has no title"),
        (lambda rows: chart(bar(1, 2), rows, id="a b"), "letters, digits and hyphens"),
        (lambda rows: chart(bar(1), rows.head(0)), "rests on no row"),
        (lambda rows: chart(bar(1, 2), rows.assign(id="made-up")), "which was not read"),
        (lambda rows: chart(bar(1, 2), rows, units={}), r"chart 'a' draws numbers on its axis y and names no unit for them; say which: units="),
        (lambda rows: chart(bar(1, 2), rows, units={"y": "furlongs"}), "axis y: 'furlongs' is not a unit of this record"),
        (lambda rows: chart(bar(1), rows), "rests on 2 rows and draws 1 point for them"),
        (lambda rows: chart(bar(1, float("nan")), rows), "rests on 2 rows and draws 1 point"),
        (lambda rows: chart(bar(1, 2), rows.head(1)), "rests on 1 row and draws 2 points"),
        (lambda rows: exhibits.number("a", 0.77, "count", rows=rows, label="x"), "number 'a': 0.77 is a fraction, and 'count' counts whole"),
        (lambda rows: exhibits.number("a", float("nan"), "USD", rows=rows, label="x"), "has no value"),
    ],
)
def test_what_is_not_whole_is_refused(rows: pd.DataFrame, publish: Any, says: str) -> None:
    with pytest.raises(Problem, match=says):
        publish(rows)


def test_an_edition_shows_no_hindsight_and_leaves_out_what_it_lacks(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    PageReads.as_of = ""
    then = read("platform/staff", "2022-12-31", id="hc-2012q3")
    about = {"title": "Head-counts", "finding": "Most were gone by 2023", "alt": "1,500 in 2023", "subtitle": "people", "note": "later"}
    chart(bar(1), then, **about)
    chart(bar(), then, id="b")
    exhibits.number("c", float("nan"), "USD", rows=then, label="x")
    exhibits.number("d", 1, "USD", rows=then.head(0), label="x")
    (bundle,) = published
    shown = bundle[EXHIBIT_MIME]
    assert (shown["title"], shown["alt"], shown["note"]) == ("Head-counts", "Head-counts. people. 1 bar, value 1.", "")


@pytest.mark.parametrize("finding", ["Most were gone", "Most were gone by April 2023", "It fell in 2022, and since 2019 too"])
def test_a_headline_that_nothing_could_prove_wrong_is_refused(rows: pd.DataFrame, finding: str) -> None:
    with pytest.raises(Problem, match=re.escape(f"chart 'a' is headed '{finding}', and nothing in the record could prove that wrong; build its")):
        chart(bar(1, 2), rows, finding=finding)
    with pytest.raises(Problem, match="table 'a' is headed"):
        exhibits.table(rows[["headcount"]], id="a", title="A", rows=rows, finding=finding)


def test_a_headline_is_made_of_figures_or_carries_what_it_leans_on(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    chart(bar(1, 2), rows, finding=f"{rows['headcount'].max():,.0f} worked there")
    chart(bar(1, 2), rows, finding="Most were gone", holds="x-staff-cut > 0.5")
    chart(bar(1, 2), rows, finding="Most were gone", holds=["x-staff-cut > 0.5", "x-staff-cut < 0.9"])
    shown = [bundle[EXHIBIT_MIME] for bundle in published]
    assert [(one["title"], one.get("holds")) for one in shown] == [
        ("1,700 worked there", None),
        ("Most were gone", ["x-staff-cut > 0.5"]),
        ("Most were gone", ["x-staff-cut > 0.5", "x-staff-cut < 0.9"]),
    ]
    with pytest.raises(Problem, match=r"chart 'a', holds 'most were gone': write a number's id"):
        chart(bar(1, 2), rows, finding="Most were gone", holds="most were gone")


def test_a_sentence_stands_where_the_record_has_nothing(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    exhibits.say("The record has no deal there.", id="deals-ITA")
    (bundle,) = published
    assert bundle[EXHIBIT_MIME] | {"as_of": ""} == {
        "id": "deals-ITA",
        "kind": "sentence",
        "title": "The record has no deal there.",
        "as_of": "",
        "rows": {},
    }
    assert bundle["text/plain"] == "The record has no deal there."


def test_one_row_is_one(rows: pd.DataFrame) -> None:
    assert exhibits.one(rows.head(1), "headcount") == 1200
    assert pd.isna(exhibits.one(rows.head(0), "headcount"))
    with pytest.raises(Problem, match=r"2 rows where one was wanted \(hc-2012q3 and hc-2013q1\)"):
        exhibits.one(rows, "headcount")


def test_more_rows_than_a_page_can_print_are_refused_at_once(rows: pd.DataFrame, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exhibits, "MOST_ROWS", 1)
    with pytest.raises(
        Problem, match=r"rests on 2 rows, and a page prints each .* at most 1 can be. Read fewer, or sum them up before they enter the record"
    ):
        chart(bar(1, 2), rows)


def test_a_claim_that_the_record_did_not_yet_rate_has_no_verdict_of_then(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    said, verdict = read("claims/claims", "latest", id="c28"), read("claims/verdicts", "latest", claim_id="c28")
    exhibits.claim(said, verdict=verdict, before=verdict.head(0), rows=[said, verdict])
    assert published[0][EXHIBIT_MIME]["then"] is None
    with pytest.raises(Problem, match="the claim 'c28' has no verdict; add a row to claims/verdicts"):
        exhibits.claim(said, verdict=verdict.head(0), before=verdict, rows=[said])
    PageReads.as_of = "2025-04-16"
    exhibits.claim(said, verdict=verdict.head(0), before=verdict.head(0), rows=[said])
    assert len(published) == 1


def test_a_table_prints_days_as_precisely_as_their_rows_know_them(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    known = rows.assign(date_precision=["quarter", "month"])
    exhibits.table(pd.DataFrame({"When": known["event_date"], "What": "staff"}).iloc[::-1], id="a", title="A", rows=known)
    table = published[0][EXHIBIT_MIME]
    assert [cells[0] for cells in table["cells"]] == ["March 2013", "Q3 2012"] and table["sort"][0] == ["2013-03-31", "2012-09-30"]


def test_a_table_prints_its_values_and_says_what_they_sort_by(published: list[dict[str, Any]], rows: pd.DataFrame) -> None:
    frame = pd.DataFrame(
        {
            "Day": [rows["event_date"].iloc[0], pd.NaT],
            "Money": [44e9, float("nan")],
            "Mixed": [1.5, 2],
            "People": rows["headcount"],
            "Words": ["Musk's own", None],
        }
    )
    units = {"Money": "USD", "Mixed": pd.Series(["USD", "EUR"])}
    exhibits.table(frame, id="a", title="A", rows=rows, units=units)
    shown = published[0][EXHIBIT_MIME]
    assert shown["cells"] == [["30 September 2012", "$44bn", "$1.50", "1,200", "Musk's own"], ["", "", "€2", "1,700", ""]]
    assert shown["sort"] == [["2012-09-30", None], [44e9, None], False, [1200.0, 1700.0], None]


@pytest.mark.parametrize(
    ("columns", "units", "says"),
    [
        ({"Value": [0.77, 1]}, {}, "table 'a', column 'Value': 0.77 is a fraction, and 'count'"),
        ({"Value": [1, 2]}, {"Valeu": "USD"}, "table 'a', units= names the column 'Valeu'; the columns are Value"),
        ({"Value": [1, 2]}, {"Value": "furlongs"}, "column 'Value': 'furlongs' is not a unit of this record"),
        ({" ": [1, 2]}, {}, "table 'a', a column has no heading; name it in words."),
        ({"Value": [1]}, {}, "table 'a' has 1 line for 2 rows of platform/staff"),
    ],
)
def test_a_table_with_a_number_that_cannot_be_printed_is_refused(rows: pd.DataFrame, columns: Any, units: Any, says: str) -> None:
    with pytest.raises(Problem, match=re.escape(says)):
        exhibits.table(pd.DataFrame(columns), id="a", title="A", rows=rows, units=units)
