"""No figure is typed into prose."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook.prose import typed_numerals
from tests.conftest import ROOT


def test_no_chapter_holds_a_typed_figure() -> None:
    assert list(typed_numerals(ROOT / "book")) == []


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("Revenue fell by 48% in 2024.", ["book/a.md:1: the numeral '48'"]),
        ("It was bought for $44 billion.", ["'44'"]),
        ("In March 2025 and on 4 April 2022, claim c28.", []),
        ("It fell by {number}`x-fall`, the article says {said}`nearly 50 percent`.", []),
        ("1. A list\n2. of things\n\n[a link](page-3)", []),
        ("Revenue halved.", ["'halved' leans on a number"]),
        ("Revenue halved{holds}`x-fall > 0.45`.", []),
        ("One line.\n\nAnd 3.5 times more.", ["book/a.md:3: the numeral '3.5'"]),
    ],
)
def test_what_may_stand_in_prose(tmp_path: Path, text: str, findings: list[str]) -> None:
    (tmp_path / "a.md").write_text(text)
    found = list(typed_numerals(tmp_path))
    assert len(found) == len(findings) and all(part in said for part, said in zip(findings, found, strict=True)), found
