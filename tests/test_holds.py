"""What a sentence leans on: numbers, days and ids, like against like; and a mistake in it is one line."""

from __future__ import annotations

import re

import pytest

from casebook.errors import Problem
from casebook.holds import Guard

NUMBERS = {
    "x-fall": {"value": 0.5, "unit": "share"},
    "x-fall-CHL": {"value": 0.25, "unit": "share"},
    "2024-fall": {"value": 0.1, "unit": "share"},
    "first-day": {"value": "2022-01-31", "unit": "date"},
    "last-day": {"value": "2022-04-14", "unit": "date"},
    "price": {"value": 44e9, "unit": "USD"},
}


@pytest.mark.parametrize(
    ("text", "is_true"),
    [
        ("x-fall > 0.4", True),
        (" x-fall<0.4 ", False),
        ("x-fall >= 0.5", True),
        ("x-fall == 0.5", True),
        ("x-fall > -1", True),
        ("0.4 < x-fall", True),
        ("x-fall > x-fall-CHL", True),
        ("x-fall < 2024-fall", False),
        ("first-day < last-day", True),
        ("first-day >= 2022-02-01", False),
        ("first-day < 2022-02-01", True),
    ],
)
def test_a_condition_is_true_of_its_numbers(text: str, is_true: bool) -> None:
    assert Guard.of(text).is_true(NUMBERS) is is_true


FORM = "write a number's id, one of <, <=, >, >=, ==, and a number, a day or an id, such as x-fall > 0.4."


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", FORM),
        ("x-fall", FORM),
        ("x-fall > ", FORM),
        ("x-fall = 0.4", FORM),
        ("x-fall > 0.4 > 0.1", FORM),
        ("x-fall > 1.2.3", FORM),
        ("x-fall > 40%", FORM),
        ("x-fall > 1,000", FORM),
        ("x fall > 1", FORM),
        ("1 < 2", FORM),
        ("__import__('os').system('id') > 1", FORM),
        ("x-fal > 0.4", "no number 'x-fal' is published; did you mean 'x-fall'?"),
        ("x-fall > x-fall-chl", "no number 'x-fall-chl' is published; did you mean 'x-fall-CHL'?"),
        ("first-day < 2022-02-30", "no number '2022-02-30' is published"),
        ("first-day < 5", "it compares a day and a number; hold like against like."),
        ("x-fall < 2022-02-01", "it compares a day and a number; hold like against like."),
        ("first-day < x-fall", "it compares date and share; hold like against like."),
        ("price > x-fall", "it compares USD and share; hold like against like."),
    ],
)
def test_a_condition_that_is_none_is_one_line(text: str, said: str) -> None:
    with pytest.raises(Problem, match=re.escape(f"holds '{text}': ") + ".*" + re.escape(said)) as refused:
        Guard.of(text).is_true(NUMBERS)
    assert len(refused.value.findings) == 1
