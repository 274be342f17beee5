"""`read` gives typed frames."""

from __future__ import annotations

import pandas as pd
import pytest

from casebook.data.read import PageReads, country, read


def test_columns_have_the_types_of_the_schema() -> None:
    frame = read("ai/rounds", "latest", company="xai")
    assert frame["post_money"].dtype == "float64"
    assert frame["is_related_party"].dtype == bool
    assert pd.api.types.is_datetime64_any_dtype(frame["event_date"])
    assert set(frame["company"]) == {"xai"}
    assert read("lithium/supply", "latest")["year"].dtype == "Int64"


@pytest.fixture(autouse=True)
def fresh_page(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(PageReads, "as_of", "")
    monkeypatch.setattr(PageReads, "table_of", {})


def test_a_read_remembers_the_table_of_each_row() -> None:
    frame = read("platform/staff", "2022-12-31")
    assert (frame["published_on"] <= "2022-12-31").all() and len(frame) > 0
    assert {PageReads.table_of[id] for id in frame["id"]} == {"platform/staff"}


def test_an_edition_before_every_row_is_empty_and_still_typed() -> None:
    frame = read("ai/rounds", "1999-01-01")
    assert frame.empty and frame["amount"].dtype == "float64"


def test_what_is_no_country_keeps_its_code() -> None:
    assert country("BOL") == "Bolivia" and country("WLD") == "WLD"
