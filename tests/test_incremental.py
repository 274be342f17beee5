"""Whatever was edited since, a site that is brought up to date is byte for byte what a build from nothing gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from casebook import pictures
from casebook.files import replace, save_sealed
from casebook.project import Project
from tests.walk import Walk

BUILDS, EDITS = 4, 5


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A browser that starts, and draws each figure as its key."""
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\n", "utf-8")
    script.chmod(0o755)

    def draw(project: Project, figures: dict[str, object]) -> None:
        for key in figures:
            for name in pictures.names(key):
                replace(pictures.folder(project) / name, key)
            save_sealed(pictures.folder(project) / f"{key}.json", pictures._digests(project, key))

    monkeypatch.setattr(pictures, "draw", draw)
    return str(script)


@pytest.mark.parametrize("seed", [1])
def test_incremental_equals_from_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: str, seed: int) -> None:
    monkeypatch.setenv("CASEBOOK_BROWSER", "none")
    walk = Walk(tmp_path, seed)
    for number in range(1, BUILDS + 1):
        walk.edit(EDITS)
        # It comes, and goes again.
        monkeypatch.setenv("CASEBOOK_BROWSER", browser if number % 3 == 2 else "none")
        made = walk.made()
        if number % 2 == 0:
            clean = walk.from_nothing()
            assert {name for name in made.keys() | clean.keys() if made.get(name) != clean.get(name)} == set(), walk.done
