"""What must hold of this story: the record is whole, the book builds, and a mistake is said and stops it."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from casebook.data.record import Record
from casebook.data.validate import validate

ROOT = Path(__file__).parents[1]


def casebook(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(Path(sys.executable).with_name("casebook")), *arguments]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


@pytest.fixture
def story(tmp_path: Path) -> Path:
    """A copy that a test may break."""
    for folder in ("data", "notebooks", "book"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("*.ipynb") if folder == "book" else None)
    for file in ("_config.yml", "_toc.yml", "requirements.lock"):
        shutil.copy(ROOT / file, tmp_path / file)
    return tmp_path


def test_the_record_is_whole() -> None:
    assert all(validate(ROOT / "data").values())


def test_the_book_is_built_whole_and_built_again_does_nothing(story: Path) -> None:
    done = casebook(story, "build")
    assert done.returncode == 0, done.stderr
    site = story / "_site"
    claims = json.loads((site / "claims.json").read_text("utf-8"))
    assert len(claims) == len(Record(ROOT / "data").rows("claims/claims"))
    assert (site / "index.html").is_file() and json.loads((site / "exhibits.json").read_text("utf-8"))
    assert casebook(story, "build").stdout.strip() == "site: nothing changed"


def test_a_row_without_a_source_is_refused_in_a_line(story: Path) -> None:
    table = next(path for path in sorted((story / "data").glob("*/*.csv")) if path.parent.name != "claims")
    lines = table.read_text("utf-8").splitlines()
    at = lines[0].split(",").index("source_ids")
    cells = lines[1].split(",")
    cells[at] = "nobody"
    table.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]) + "\n", "utf-8")
    done = casebook(story, "build")
    assert done.returncode == 1 and "'nobody'" in done.stderr and "Traceback" not in done.stderr
    assert not (story / "_site").exists()
