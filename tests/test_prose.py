"""No figure is typed into prose."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from casebook.prose import typed_in_code, typed_in_text, typed_numerals
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
        # What a pattern would swallow, and MyST does not.
        ("Margins were < average. Revenue fell 48%.\n\n> A quote", ["book/a.md:1: the numeral '48'"]),
        ('Say <em lang="fr">plus de</em> 48 percent.', ["the numeral '48'"]),
        ("One ` alone. It fell 48%. By {number}`x-fall` in all.", ["book/a.md:1: a backtick stands alone"]),
        ("One ` alone. It fell 48%.", ["the numeral '48'", "a backtick stands alone"]),
        ("Write `{number}`, or `make edition AS_OF=2025-04-16`.", []),
        ("```text\n48\n```\n\n    48\n\n% 48", []),
        # A year is no count.
        ("It fired 2000 people.", ["the numeral '2000'"]),
        ("It cut the payroll by 2019 people.", ["the numeral '2019'"]),
        ("The staff of 2000 was cut.", ["the numeral '2000'"]),
        ("In 2024, and since 2019 it grew; from 2019 to 2021.", []),
        ("It rose to 2050.", ["the numeral '2050'"]),
        # Wherever a reader reads.
        ("# Up 48\n\n- by 49\n\n> and 50\n\n| 51 |\n|----|\n| 52 |", ["md:1:", "md:3:", "md:5:", "md:7:", "md:9:"]),
        ("```{note} 48\n\nand 49\n```", ["md:1: the numeral '48'", "md:3: the numeral '49'"]),
        ("![48 people](a.png) and [49](a.md)", ["'48'", "'49'"]),
        ("Note.[^a]\n\n[^a]: It was 48.", ["md:3: the numeral '48'"]),
        ("Fell \\48, &#52;9, \uff14\uff18, half: \u00bd.", ["'48'", "'49'", "'\uff14\uff18'", "'\u00bd'"]),
        ("x{number}`a`48 and G7", ["'48'", "'7'"]),
    ],
)
def test_what_may_stand_in_prose(tmp_path: Path, text: str, findings: list[str]) -> None:
    (tmp_path / "a.md").write_text(text)
    found = list(typed_numerals(tmp_path))
    assert len(found) == len(findings) and all(part in said for part, said in zip(findings, found, strict=True)), found


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ('chart(fig, id="a", finding="It fell by 48 per cent")', ["1: the numeral '48' is typed into finding="]),
        ('chart(fig,\n  alt="Bars: " + ", ".join(names) + " and 3 more.")', ["2: the numeral '3' is typed into alt="]),
        ('table(t, note=f"Of {len(t)} rows, 3 are late.", subtitle="2 kinds")', ["'3' is typed into note=", "'2' is typed into subtitle="]),
        ('number("x", 1, "share", label="Fall of 48%", formula="1 less the last")', ["'48' is typed into label=", "'1' is typed into formula="]),
        ('say("Of 12 deals none held.", id="a")', ["'12' is typed into say()"]),
        ('heading("Wells", "Of 12 wells none is dry, in 2019.")', ["'12' is typed into heading()"]),
        ('chart(fig, finding="It fell" if low else "It rose by 5")', ["'5' is typed into finding="]),
        ('def draw(at):\n    chart(fig, title="Up 48" + at)', ["2: the numeral '48' is typed into title="]),
        # What is computed, dates and years, and what no reader reads.
        ('chart(fig, id="x-2021", finding=f"{fall:.0%} since 2021, {r[\'iso3\']} on 4 April 2022", rows=rows)', []),
        ('read("deals", as_of, kind="lane 2"); fig.add_bar(marker={"color": "#1a6e54"}); x = "48 per cent"', []),
        ('table(t, title="One" if kind == "phase 3" else "Two")', []),
    ],
)
def test_a_figure_in_the_words_of_an_exhibit_is_refused(code: str, found: list[str]) -> None:
    said = [f"{line}: {fault}" for line, fault in typed_in_code(ast.parse(code))]
    assert len(said) == len(found) and all(part in fault for part, fault in zip(found, said, strict=True)), said


def test_a_figure_in_the_text_of_a_notebook_is_refused() -> None:
    text = "# Accounts\n\nLate.\nOf 68,000 accounts, {number}`n` in 2019.\n"
    assert [line for line, _ in typed_in_text(text)] == [4]
