"""Numbers as readers meet them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from casebook.errors import Problem
from casebook.format import money, number, spoken


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (44e9, "USD", "$44bn"),
        (2.62e9, "USD", "$2.62bn"),
        (1.2e12, "USD", "$1.2tn"),
        (0.42, "USD", "$0.42"),
        (37000, "USD", "$37,000"),
        (-500e6, "USD", "−$500m"),
        (999_999_999, "USD", "$1bn"),
        (105e9, "HKD", "HKD 105bn"),
        (0.484, "share", "48%"),
        (0.052, "share", "5.2%"),
        (-0.484, "share", "−48%"),
        (0, "share", "0%"),
        (384.6, "times", "385 times"),
        (12000, "t", "12,000 t"),
        (53, "count", "53"),
        ("2022-01-31", "date", "31 January 2022"),
        (60, "cents", "60 cents"),
    ],
)
def test_the_forms_of_the_field(value: float | str, unit: str, text: str) -> None:
    assert number(value, unit) == text


def test_an_unknown_unit_is_refused() -> None:
    with pytest.raises(Problem, match="'percentage' is not a unit"):
        number(1, "percentage")


@given(st.floats(min_value=1, max_value=9e14))
def test_short_money_is_within_one_in_two_hundred(value: float) -> None:
    text = money(value, "USD").replace("$", "").replace(",", "")
    scale = {"tn": 1e12, "bn": 1e9}.get(text[-2:], 1e6 if text.endswith("m") else 1)
    assert float(text.rstrip("tbnm")) * scale == pytest.approx(value, rel=0.005 if value >= 100 else 0.5)


def test_figures_as_they_are_read_out() -> None:
    assert [spoken(value) for value in (5.08e9, 12_000, 0.6, -2_500_000, 0)] == ["5.08 billion", "12,000", "0.6", "minus 2.5 million", "0"]
