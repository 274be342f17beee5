"""The files that people write by hand: a mistake is said in a line that names the file, before a page runs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.edition import Edition
from casebook.errors import Problem
from casebook.inputs import checked
from casebook.project import Project


def swap(name: str, old: str, new: str) -> Callable[[Path], None]:
    def edit(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), "utf-8")

    return edit


def add_byte(name: str) -> Callable[[Path], None]:
    return lambda root: (root / name).write_bytes((root / name).read_bytes() + b"\xff\n")


PACKAGE = "data/datapackage.json"
MISTAKES: dict[str, tuple[Callable[[Path], None], str]] = {
    "a comma too many": (swap(PACKAGE, '"name"', ',"name"'), "data/datapackage.json, line 3, column 2: not valid JSON here"),
    "a day that is none": (swap(PACKAGE, '"created": "', '"created": "on '), "is not a moment such as 2026-11-23T00:00:00Z"),
    "no version": (swap(PACKAGE, '"version"', '"versions"'), "data/datapackage.json: the key 'version' is missing; is it misspelt as 'versions'?"),
    "a column of no kind": (swap(PACKAGE, '"type": "string"', '"type": "words"'), "schema, fields, id, type: 'words' is not one of "),
    "a rule that is none": (swap(PACKAGE, '"required": true', '"required": "yes"'), "data/datapackage.json: "),
    "an empty config": (lambda root: (root / "_config.yml").write_text("", "utf-8"), "_config.yml: this empty value must be keys with values."),
    "a config that is a list": (lambda root: (root / "_config.yml").write_text("- title", "utf-8"), "_config.yml: this list must be keys with values."),
    "a book without a title": (swap("_config.yml", "title:", "titel:"), "_config.yml: "),
    "a title that is a number": (swap("_config.yml", "title: The X Casebook", "title: 1984"), "_config.yml: title: '1984' must be text; put it in quotes."),
    "a title that is empty": (swap("_config.yml", "title: The X Casebook", "title:"), "_config.yml: title: this empty value must be text."),
    "an address without an end": (swap("_config.yml", "baseurl: https://", "baseurl: "), "_config.yml: html, baseurl: "),
    "a quote left open": (swap("_config.yml", "title: ", 'title: "'), "_config.yml, line "),
    "a tab": (swap("_config.yml", "  baseurl", "\tbaseurl"), "_config.yml, line "),
    "a choice that is a word": (swap("_config.yml", "recursive_update: false", "recursive_update: no way"), "_config.yml: sphinx, recursive_update: "),
    "a repository without a branch": (swap("_config.yml", "  branch: main\n", ""), "_config.yml: repository: the key 'branch' is missing; add it."),
    "an extension that is none": (swap("_config.yml", "colon_fence", "colon_fense"), "'colon_fense' is not one of "),
    "a notebook cut short": (lambda root: (root / "notebooks/water/use.ipynb").write_text("{", "utf-8"), "notebooks/water/use.ipynb, line 1"),
    "changes in another encoding": (add_byte("data/CHANGES.md"), "data/CHANGES.md, line "),
    "a chapter in another encoding": (add_byte("book/index.md"), "book/index.md, line "),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_in_a_line(starter: Project, mistake: str) -> None:
    make, said = MISTAKES[mistake]
    make(starter.root)
    with pytest.raises(Problem, match=re.escape(said)) as refused:
        checked(Edition(Project(starter.root)))
    (line,) = refused.value.findings
    assert "\n" not in line and str(starter.root) not in line
