"""The files that people write by hand: a mistake is said in a line that names the file, and the site stands."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook.edition import Edition
from casebook.errors import Problem
from casebook.project import Project
from casebook.publish import build


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
    "a comma too many": (swap(PACKAGE, '"name"', ',"name"'), "data/datapackage.json, line 3, column 3: not valid JSON here"),
    "a day that is none": (swap(PACKAGE, '"created": "', '"created": "on '), "is not a moment such as 2026-11-23T00:00:00Z"),
    "no version": (swap(PACKAGE, '"version"', '"versions"'), "data/datapackage.json: $: 'version' is a required property"),
    "a column of no kind": (swap(PACKAGE, '"type": "string"', '"type": "words"'), "$.resources[0].schema.fields[0].type: 'words' is not one of"),
    "a rule that is none": (swap(PACKAGE, '"required": true', '"required": "yes"'), "data/datapackage.json: "),
    "a book without a title": (swap("_config.yml", "title:", "name:"), "_config.yml: $: 'title' is a required property"),
    "an address without an end": (swap("_config.yml", "baseurl: https://", "baseurl: "), "is not a web address that ends with a slash"),
    "a quote left open": (swap("_config.yml", "title: ", 'title: "'), "_config.yml, line "),
    "contents that are none": (swap("_toc.yml", "root: index", "root: [index"), "_toc.yml, line "),
    "contents without a root": (swap("_toc.yml", "root: ", "start: "), "_toc.yml: $: 'root' is a required property"),
    "pages that are none": (swap("notebooks/pages.yml", "- ", "- ["), "notebooks/pages.yml, line "),
    "a page without a notebook": (swap("notebooks/pages.yml", "notebook:", "notes:"), "notebooks/pages.yml: page platform/x-staff: unknown key 'notes'"),
    "a notebook cut short": (lambda root: (root / "notebooks/platform/x_staff.ipynb").write_text("{", "utf-8"), "notebooks/platform/x_staff.ipynb: not a notebook"),
    "changes in another encoding": (add_byte("data/CHANGES.md"), "is not UTF-8; save the file as UTF-8"),
    "a chapter in another encoding": (add_byte("book/index.md"), "is not UTF-8; save the file as UTF-8"),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_in_a_line(small: Project, mistake: str) -> None:
    make, said = MISTAKES[mistake]
    before = (small.site / "index.html").read_bytes()
    make(small.root)
    with pytest.raises(Problem, match=re.escape(said)) as refused:
        build(Edition(Project(small.root)))
    assert len(refused.value.findings) == 1 and str(small.root) not in str(refused.value)
    assert (small.site / "index.html").read_bytes() == before
