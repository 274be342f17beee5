"""Findings as people read them: one line for one mistake, a count that agrees, the word that was meant."""

from __future__ import annotations

import pickle

import pytest

from casebook.errors import VALUES, Problem, counted, meant, once, some


def test_what_is_wrong_in_many_places_is_one_line() -> None:
    places = [f"book/{n}.md:{n}: the link 'x' leads nowhere." for n in range(1, 59)]
    problem = Problem(*places, "_toc.yml: no root.")
    assert problem.findings == ("book/1.md:1 and 57 more: the link 'x' leads nowhere.", "_toc.yml: no root.")
    assert pickle.loads(pickle.dumps(problem)).findings == problem.findings
    assert Problem("'\x1b[31m\u200b'").findings == ("'U+001B[31mU+200B'",)
    assert Problem("done", "done", "other").findings == ("done", "other")


def test_what_differs_by_its_values_is_one_line_where_asked_for() -> None:
    said = [f"page a/{n}: cell 3, line 2: KeyError: '{n}'" for n in range(3)] + ["page a/1: cell 4, line 2: KeyError: '1'"]
    assert once(said, VALUES) == ("page a/0 and 2 more: cell 3, line 2: KeyError: '0'", "page a/1: cell 4, line 2: KeyError: '1'")
    assert len(once(said)) == 4


@pytest.mark.parametrize(
    ("words", "said"),
    [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (list("abcde"), "a, b, c, d and e"), (list("abcdefg"), "a, b, c, d, e and 2 more")],
)
def test_of_many_some_are_named(words: list[str], said: str) -> None:
    assert some(words) == said


def test_a_count_agrees_and_a_word_is_guessed() -> None:
    assert [counted(n, "page") for n in (0, 1, 2)] == ["0 pages", "1 page", "2 pages"]
    assert meant("colum", ["column", "table"]) == "did you mean 'column'?"
    assert meant("x", ["column", "table"]) == "use column and table." and meant("x", []) == "there is none."
