"""The swap: whichever step a build is killed at, the old site or the new one stands whole, and the next build brings its own."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from casebook.edition import Edition
from casebook.project import Project
from casebook.swap import spare, swap

STEPS = [(Path, "unlink"), (Path, "symlink_to"), (Path, "replace"), (shutil, "rmtree")]


class Killed(BaseException):
    """The build ended here."""


def make(edition: Edition, text: str) -> Path:
    """A whole site of two files, made ready."""
    folder = spare(edition)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in ("index.html", "other.html"):
        (folder / name).write_text(text, "utf-8")
    return folder


def shown(edition: Edition) -> list[str]:
    return sorted(file.read_text("utf-8") for file in edition.site.rglob("*.html"))


@pytest.fixture(params=["latest", "2025-04-16"])
def edition(request: pytest.FixtureRequest, tmp_path: Path) -> Edition:
    return Edition(Project(tmp_path / "book"), request.param)


def killed(step: Callable[..., Any], after: bool) -> Callable[..., Any]:
    def end(*given: Any, **named: Any) -> None:
        if after:
            step(*given, **named)
        raise Killed

    return end


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize(("where", "name"), STEPS, ids=[name for _, name in STEPS])
def test_a_build_killed_at_any_step_leaves_a_whole_site(
    edition: Edition, monkeypatch: pytest.MonkeyPatch, where: Any, name: str, after: bool
) -> None:
    swap(make(edition, "old"), edition)
    staged = make(edition, "new")
    with monkeypatch.context() as patched, pytest.raises(Killed):
        patched.setattr(where, name, killed(getattr(where, name), after))
        swap(staged, edition)
    assert shown(edition) in (["old"] * 2, ["new"] * 2)
    swap(make(edition, "next"), edition)
    assert shown(edition) == ["next"] * 2
    assert [folder.exists() for folder in edition.folders].count(True) == 1
    assert {file.name for file in edition.site.parent.iterdir()} <= {edition.site.name, "_sites"}


def test_a_plain_folder_gives_way_to_the_link(edition: Edition) -> None:
    edition.site.mkdir(parents=True)
    (edition.site / "index.html").write_text("unpacked from a release", "utf-8")
    for text in ("one", "two", "three"):
        swap(make(edition, text), edition)
        assert shown(edition) == [text] * 2 and edition.site.is_symlink()


def test_a_site_stands_wherever_its_book_is_moved(edition: Edition, tmp_path: Path) -> None:
    swap(make(edition, "whole"), edition)
    (tmp_path / "book").rename(tmp_path / "elsewhere")
    assert shown(Edition(Project(tmp_path / "elsewhere"), edition.as_of)) == ["whole"] * 2
