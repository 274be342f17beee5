"""Numbers as readers meet them, by the units of the record."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.errors import Problem
from casebook.format import Units, day, plain
from tests.conftest import RECORD

UNITS = RECORD.units


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (44e9, "USD", "$44bn"),
        (8e10, "USD", "$80bn"),
        (2.62e9, "USD", "$2.62bn"),
        (1.2e12, "USD", "$1.2tn"),
        (0.42, "USD", "$0.42"),
        (1.5, "USD", "$1.50"),
        (0.001, "USD", "$0.001"),
        (37000, "USD", "$37,000"),
        (-500e6, "USD", "−$500m"),
        (999_999_999, "USD", "$1bn"),
        (105e9, "HKD", "HKD 105bn"),
        (0.484, "share", "48%"),
        (0.052, "share", "5.2%"),
        (-0.484, "share", "−48%"),
        (1.484, "share", "148%"),
        (0, "share", "0%"),
        (1, "share", "100%"),
        (0.996, "share", "99.6%"),
        (0.99996, "share", "99.996%"),
        (0.00004, "share", "0.004%"),
        (0.011, "points", "1.1 percentage points"),
        (0.01, "points", "1 percentage point"),
        (1.1, "percent", "1.1%"),
        (0.77, "decimal", "0.77"),
        (384.6, "times", "385 times"),
        (12000, "t", "12,000 t"),
        (0.5, "t", "0.5 t"),
        (53, "count", "53"),
        (999_999, "count", "999,999"),
        (2.5e6, "count", "2.5 million"),
        (2.0000000000000004, "count", "2"),
        (2021, "year", "2021"),
        (1, "days", "1 day"),
        (3e6, "users", "3 million users"),
        ("2022-01-31", "date", "31 January 2022"),
        (60, "cents", "60 cents"),
    ],
)
def test_the_forms_of_the_field(value: float | str, unit: str, text: str) -> None:
    assert UNITS.text(value, unit) == text


def test_an_unknown_unit_is_refused_with_the_known_ones() -> None:
    with pytest.raises(Problem, match=r"'furlongs' is not a unit of this record; it knows date, share, .*; add others to units in datapackage.json"):
        UNITS.text(1, "furlongs")


@pytest.mark.parametrize("unit", ["count", "days", "year", "users"])
def test_a_fraction_is_never_counted_whole(unit: str) -> None:
    with pytest.raises(Problem, match=f"0.77 is a fraction, and '{unit}' counts whole things"):
        UNITS.text(0.77, unit)


def test_a_story_names_units_of_its_own() -> None:
    units = Units({"degrees": {"title": "degrees Celsius", "suffix": " °C", "singular": " °C", "decimals": 1}})
    assert [units.text(value, "degrees") for value in (1, 21.34, -0.04)] == ["1 °C", "21.3 °C", "−0.04 °C"]


def test_a_number_beside_a_bound_never_looks_like_it() -> None:
    assert UNITS.text(0.4996, "share") == "50%"
    assert UNITS.text(0.4996, "share", [0.5]) == "49.96%"
    assert [UNITS.exact(bound, "share") for bound in (0.5, 0.485, 0.07)] == ["50%", "48.5%", "7%"]
    assert [UNITS.exact(amount, "USD") for amount in (0.42, 2, 0.125, 31_295_000_000)] == ["$0.42", "$2", "$0.125", "$31.295bn"]


@given(st.floats(min_value=1, max_value=9e14))
def test_short_money_is_within_one_in_two_hundred(value: float) -> None:
    text = UNITS.text(value, "USD").replace("$", "").replace(",", "")
    scale = {"tn": 1e12, "bn": 1e9}.get(text[-2:], 1e6 if text.endswith("m") else 1)
    assert float(text.rstrip("tbnm")) * scale == pytest.approx(value, rel=0.005)


@given(st.floats(min_value=1e-9, max_value=1e16), st.sampled_from(["USD", "share", "points", "percent", "decimal", "times", "t", "cents"]))
def test_what_is_printed_is_plain_and_never_zero(value: float, unit: str) -> None:
    for text in (UNITS.text(value, unit), UNITS.text(-value, unit).removeprefix("−"), UNITS.exact(value, unit)):
        assert re.fullmatch(r"\$?[\d,]+(\.\d+)?(tn|bn|m|%| billion t| million t| trillion t| t| times?| cents?| percentage points?)?", text), text
        assert re.search("[1-9]", text), text


def test_a_figure_without_a_unit_has_all_its_digits() -> None:
    assert [plain(value) for value in (8e10, 0.1, -1234.5, 0)] == ["80,000,000,000", "0.1", "−1,234.5", "0"]


def test_a_day_says_no_more_than_is_known() -> None:
    said = [day("2024-12-31", precision) for precision in ("day", "month", "quarter", "year")]
    assert said == ["31 December 2024", "December 2024", "Q4 2024", "2024"]
