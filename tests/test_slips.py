"""Every file that people type, spoilt by a generator: it is read, or refused in lines that name the file; never a traceback."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from casebook import inputs
from casebook.edition import Edition
from casebook.errors import Problem
from casebook.frame import ASSETS
from casebook.project import Project

STARTER = ASSETS / "starter"
NOTEBOOKS = sorted((STARTER / "notebooks").rglob("*.ipynb"))
TEXTS = ["_config.yml", "_toc.yml", "data/CHANGES.md", "notebooks/pages.yml"] + [
    file.relative_to(STARTER).as_posix() for file in sorted((STARTER / "book").rglob("*.md"))
]
# What a hand slips in: brackets, quotes, marks, spaces, and what a keyboard of another country gives.
SIGNS = st.sampled_from([*"[]{}()<>`'\":,;#&*!|%@?=~^\\/-+.\t\n 07é", "\u200b", "\ufeff", "'''", "```", "{{", "}}", "{%", "<b>", "---", "- ", "  "])
VALUES: st.SearchStrategy[Any] = st.sampled_from([None, True, 0, -1, 2.5, "", "x", "a b", [], ["x"], {}, {"x": 1}, "2025-02-30", "{", "../x", 10**30])


@st.composite
def spoilt(draw: st.DrawFn, text: str) -> str:
    """The text with a slip: something left out, put in, doubled, moved, or put in the place of a word."""
    lines = text.splitlines(keepends=True)
    at = draw(st.integers(0, max(0, len(text) - 1)))
    line = draw(st.integers(0, max(0, len(lines) - 1)))
    match draw(st.sampled_from(["out", "in", "line out", "line twice", "lines swapped", "word", "indent", "cut"])):
        case "out":
            return text[:at] + text[at + draw(st.integers(1, 12)) :]
        case "in":
            return text[:at] + draw(SIGNS) + text[at:]
        case "line out":
            return "".join(lines[:line] + lines[line + 1 :])
        case "line twice":
            return "".join(lines[: line + 1] + lines[line:])
        case "lines swapped":
            return "".join(lines[:line] + lines[line : line + 2][::-1] + lines[line + 2 :])
        case "indent":
            return "".join([*lines[:line], "  " + lines[line] if lines else "", *lines[line + 1 :]])
        case "cut":
            return text[:at]
    words = list(re.finditer(r"\w+", text)) or list(re.finditer("", text))
    word = draw(st.sampled_from(words))
    other = draw(st.one_of(VALUES.map(json.dumps), st.just(word[0][:-1]), st.just(word[0][::-1])))
    return text[: word.start()] + other + text[word.end() :]


@st.composite
def spoilt_notebook(draw: st.DrawFn, content: dict[str, Any]) -> dict[str, Any]:
    """A notebook with a slip in the text of a cell, or with a part of it left out or of another kind."""
    content = json.loads(json.dumps(content))
    cell = draw(st.sampled_from(content["cells"]))
    if draw(st.booleans()):
        cell["source"] = draw(spoilt("".join(cell["source"])))
        return content
    holder = draw(st.sampled_from([content, content["metadata"], cell, cell["metadata"]]))
    key = draw(st.sampled_from([*holder, "tags"]))
    if draw(st.booleans()):
        holder.pop(key, None)
    else:
        holder[key] = draw(VALUES)
    return content


@pytest.fixture
def look(starter: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[[str, str], None]:
    """Look at the story with another text in the place of one file."""
    # The tables are spoilt elsewhere, and take most of the time.
    monkeypatch.setattr(inputs, "validate", lambda data: {})

    def put_and_look(name: str, text: str) -> None:
        file = starter.root / name
        before = file.read_bytes()
        file.write_text(text, "utf-8")
        try:
            inputs.checked(Edition(Project(starter.root)))
        except Problem as problem:
            for finding in problem.findings:
                assert re.match(r"(_config\.yml|_toc\.yml|(data|book|notebooks)(/[\w.-]+)*)\b", finding), finding
                assert finding.isprintable() and len(finding) < 1000, finding
                assert str(starter.root) not in finding and not finding.endswith("..")
        finally:
            file.write_bytes(before)

    return put_and_look


NOISY = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=120, suppress_health_check=NOISY)
@given(st.data())
def test_a_spoilt_text_is_read_or_refused_in_words(look: Callable[[str, str], None], data: st.DataObject) -> None:
    name = data.draw(st.sampled_from(TEXTS))
    root = STARTER if (STARTER / name).is_file() else Path(__file__).parents[1]
    look(name, data.draw(spoilt((root / name).read_text("utf-8"))))


@settings(max_examples=60, suppress_health_check=NOISY)
@given(st.data())
def test_a_spoilt_notebook_is_read_or_refused_in_words(look: Callable[[str, str], None], data: st.DataObject) -> None:
    file = data.draw(st.sampled_from(NOTEBOOKS))
    spoilt_content = data.draw(spoilt_notebook(json.loads(file.read_text("utf-8"))))
    look(file.relative_to(STARTER).as_posix(), json.dumps(spoilt_content))
