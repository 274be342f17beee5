"""Whatever was edited since, a site that is brought up to date is byte for byte what a build from nothing gives."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from random import Random

import pytest

from casebook import pictures, publish
from casebook.data.shapes import SHAPES, SHAPES_ADDRESS
from casebook.edition import Edition
from casebook.files import replace, save_checked
from casebook.project import Project
from tests.edits import LOUD, QUIET, a_sentence
from tests.walk import Walk, differences

# Which edits, and in what order.
SEED = 75


@pytest.fixture
def browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """A browser that starts, and whose pictures tell which figures and shapes they show."""
    script = tmp_path / "browser"
    script.write_text("#!/bin/sh\n", "utf-8")
    script.chmod(0o755)

    def draw(project: Project, figures: dict[str, object]) -> None:
        shapes = (project.data / SHAPES).read_text("utf-8")
        for key, figure in figures.items():
            if not pictures.is_drawn(project, key):
                shown = hashlib.sha256(f"{figure}{shapes if SHAPES_ADDRESS in str(figure) else ''}".encode()).hexdigest()
                for name in pictures.names(key):
                    replace(pictures.folder(project) / name, f'<svg xmlns="http://www.w3.org/2000/svg"><desc>{shown}</desc></svg>')
                save_checked(pictures.folder(project) / f"{key}.json", pictures._digests(project, key))

    monkeypatch.setattr(pictures, "draw", draw)
    return str(script)


def test_incremental_equals_from_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, browser: str) -> None:
    monkeypatch.setenv("CASEBOOK_BROWSER", "none")
    stage = publish.stage
    with monkeypatch.context() as during:
        during.setattr(publish, "stage", lambda edition, *given: [a_sentence(edition.project.root, Random(1)), stage(edition, *given)][1])
        walk = Walk(tmp_path, SEED)
    assert not Edition(Project(walk.root)).is_built(), "what was edited while the site was built is in none"
    walk.undo()
    monkeypatch.setenv("CASEBOOK_BROWSER", browser)
    walk.edit(5, LOUD)
    walk.made()
    walk.edit(5, QUIET)
    gone: list[Path] = []
    rmtree = shutil.rmtree
    with monkeypatch.context() as during:
        during.setattr("shutil.rmtree", lambda path, **how: [gone.append(path), rmtree(path, **how)])
        made = walk.made()
    assert walk.root / ".build" / "_build" not in gone, "Sphinx started over, so that nothing was tested"
    assert differences(made, walk.from_nothing()) == set(), walk.done
    monkeypatch.setenv("CASEBOOK_BROWSER", "none")
    walk.undo()
    assert differences(walk.made(), walk.at_first) == set(), walk.done
