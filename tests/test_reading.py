"""Files that people write: each is read as it says, or refused in a line, and none takes longer than it is long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from casebook.errors import Problem
from casebook.files import load, read_text

LAUGHS = "a0: &a0 [ha, ha]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 30))
MISTAKES = {
    "a billion laughs": (LAUGHS, "line 2, column 10: not valid YAML here (an alias; write out what it stands for)"),
    "an alias": ("a: &a 1\nb: *a\n", "an alias; write out what it stands for"),
    "an object": ("a: !!python/object/apply:os.system [id]\n", "the tag tag:yaml.org,2002:python/object/apply:os.system; write the value without it"),
    "a tag": ("a: !!timestamp x\n", "the tag tag:yaml.org,2002:timestamp"),
    "a key twice": ("a: 1\nb: 2\na: 3\n", "line 3, column 1: not valid YAML here (the key 'a' is used twice)"),
    "a number that is not": ("a: 0b_\n", "line 1, column 4: not valid YAML here (invalid literal for int() with base 2: '')"),
    "a tab": ("\ta: 1\n", "not valid YAML here (found character '\\t'"),
    "nested deep": ("[" * 50_000, "nested more than 30 deep"),
    "nested in another way": ("- " * 50_000, "nested more than 30 deep"),
    "a key of many": ("? [a, b]\n: c\n", "unhashable key"),
    "two documents": ("a: 1\n---\nb: 2\n", "another document"),
    "a huge file": ("# x\n" * 60_000, "it is larger than 200 kB, which nobody writes by hand; split it."),
    "what turns the line": ("a: b\nc: \u202ed\n", "line 2: invisible character U+202E; delete it."),
    "the same by an escape": ('a: "b\\u202Ec"\n', "invisible character U+202E in 'b'; delete it."),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_one_line_and_soon_said(tmp_path: Path, mistake: str) -> None:
    text, said = MISTAKES[mistake]
    (tmp_path / "pages.yml").write_text(text, "utf-8")
    start = time.perf_counter()
    with pytest.raises(Problem) as refused:
        load(tmp_path / "pages.yml", "notebooks/pages.yml")
    (line,) = refused.value.findings
    assert line.startswith("notebooks/pages.yml") and said in line and "\n" not in line
    assert time.perf_counter() - start < 10


def test_what_is_good_is_read_as_it_says(tmp_path: Path) -> None:
    (tmp_path / "a.yml").write_text("\ufeffa: [1, 2.5, x]\nb: 2025-02-28\nc: |\n  one\n  \ttwo\n", "utf-8")
    read = load(tmp_path / "a.yml", "a.yml")
    assert read["a"] == [1, 2.5, "x"] and str(read["b"]) == "2025-02-28" and read["c"] == "one\n\ttwo\n"


@pytest.mark.parametrize(("make", "said"), [
    (lambda file: file.mkdir(), "it is not a plain file; put one there."),
    (lambda file: None, "the file is missing; restore it."),
    (lambda file: file.symlink_to(file.name), "the file is missing; restore it."),
    (lambda file: file.write_bytes(b"one\n\xff"), "line 2: byte 0xff is not UTF-8; save the file as UTF-8."),
])  # fmt: skip
def test_what_is_no_text_is_said_to_be_none(tmp_path: Path, make: object, said: str) -> None:
    make(tmp_path / "text.md")  # type: ignore[operator]
    with pytest.raises(Problem, match=said):
        read_text(tmp_path / "text.md", "book/text.md")
