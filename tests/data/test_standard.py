"""The tables follow the standard they name: frictionless, its reference, finds ours valid and takes every cell that we take."""

from __future__ import annotations

from typing import Any

import pytest
from frictionless import Field, Package, system
from hypothesis import example, given
from hypothesis import strategies as st

from casebook.data.cells import Column
from casebook.frame import ASSETS
from tests.conftest import ROOT


@pytest.mark.parametrize("data", [ROOT / "data", ASSETS / "starter" / "data"], ids=["record", "starter"])
def test_the_record_is_a_valid_data_package(data: object) -> None:
    with system.use_context(trusted=True):
        report = Package(f"{data}/datapackage.json").validate()
    assert report.valid, report.to_summary()


FIELDS: list[dict[str, Any]] = [
    {"name": "text", "type": "string"},
    {"name": "number", "type": "number", "constraints": {"minimum": -5, "maximum": 10}},
    {"name": "whole", "type": "integer", "constraints": {"required": True, "minimum": 0}},
    {"name": "day", "type": "date"},
    {"name": "yes", "type": "boolean"},
    {"name": "word", "type": "string", "constraints": {"enum": ["a", "b"], "required": True}},
    {"name": "code", "type": "string", "constraints": {"pattern": "[A-Z]{3}"}},
    {"name": "list", "type": "list", "delimiter": ";", "itemType": "integer"},
]
CELLS = st.one_of(
    st.text(max_size=6),
    st.integers(-20, 20).map(str),
    st.floats().map(str),
    st.dates().map(str),
    st.sampled_from(["true", "a", "b", "USD", "USDX", "1;2", "1;x", "1.0", "-5.5", "10.01", "1e1", "2020-1-1"]),
)


@given(about=st.sampled_from(FIELDS), cell=CELLS)
@example(about=FIELDS[1], cell="1e400")
@example(about=FIELDS[2], cell="1.5")
def test_what_we_take_the_standard_takes(about: dict[str, Any], cell: str) -> None:
    if Column(about).fault(cell) is None:
        _, notes = Field.from_descriptor(about).read_cell(cell)
        assert not notes, notes
