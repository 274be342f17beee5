"""`read` gives typed frames."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from casebook.data import read as reading
from casebook.data.read import PageReads, country, edition, read
from casebook.errors import Problem
from casebook.mime import READ_MIME
from tests.conftest import edit_row
from tests.data.household import make


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


def test_a_kernel_sees_a_changed_table_on_the_next_run_of_the_cell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make(tmp_path)
    monkeypatch.chdir(tmp_path)
    assert read("water/bills", "latest", id="bill-3")["amount"].tolist() == [3000]
    edit_row(data / "water/bills.csv", "bill-3", lambda row: row.update(amount="3100"))
    assert read("water/bills", "latest", id="bill-3")["amount"].tolist() == [3100]
    package = (data / "datapackage.json").read_text("utf-8")
    (data / "datapackage.json").write_text(package.replace('"water/bills"', '"water/sums"').replace("water/bills.csv", "water/sums.csv"), "utf-8")
    (data / "water/bills.csv").rename(data / "water/sums.csv")
    assert len(read("water/sums", "latest")) == 7


def test_an_unchanged_record_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make(tmp_path)
    assert reading.record_at(data) is reading.record_at(data)


def test_a_page_speaks_for_the_day_its_cell_names_now(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    shown: list[dict[str, Any]] = []
    shell = SimpleNamespace(user_ns={"as_of": "latest"})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading, "get_ipython", lambda: shell)
    monkeypatch.setattr(reading, "display", lambda bundle, raw: shown.append(bundle[READ_MIME]))
    read("water/bills", "latest")
    assert edition() == "latest"
    shell.user_ns["as_of"] = "2026-01-20"
    read("water/bills", "2026-01-20")
    assert edition() == "2026-01-20"


def test_a_read_is_logged_in_plain_values_that_ask_the_same_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = make(tmp_path)
    shown: list[dict[str, Any]] = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(reading, "get_ipython", lambda: SimpleNamespace(user_ns={}))
    monkeypatch.setattr(reading, "display", lambda bundle, raw: shown.append(bundle[READ_MIME]))
    frame = read("water/bills", "latest")
    read("water/bills", "latest", households=frame["households"].max(), period_end=frame["period_end"].tail(2), amount=np.array([7000.0]))
    log = json.loads(json.dumps(shown[-1]))
    assert log["ids"] == ["bill-7"] and log["where"]["period_end"] == ["2025-06-28", "2025-07-28"]
    assert [row["id"] for row in reading.record_at(data).rows("water/bills", **log["where"])] == log["ids"]


def test_countries_without_shapes_are_said_to_be_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(tmp_path)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(Problem, match=r"data/geo/countries.geojson: the names and shapes of countries are missing; copy the file from"):
        country("FRA")
