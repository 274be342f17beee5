"""Projects to test on: the real one, and copies that a test may break."""

from __future__ import annotations

import csv
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
import yaml
from hypothesis import settings

from casebook.data.record import LATEST, Record
from casebook.frame import ASSETS
from casebook.project import Project

ROOT = Path(__file__).parents[1]
CONFIG = Project(ROOT).config
RECORD = Record(ROOT / "data")
# The record's version and day, and a day that follows on it.
VERSION, TODAY = RECORD.package["version"], RECORD.known_on(LATEST)
TOMORROW = (date.fromisoformat(TODAY) + timedelta(1)).isoformat()
# Machines are noisy: a slow example is no failure.
settings.register_profile("casebook", deadline=None)
settings.load_profile("casebook")
SMALL_PAGES = ["platform/x-staff", "government/channels"]
SMALL_BOOK = """# A small book

Staff fell by {number}`x-staff-cut`{holds}`x-staff-cut > 0.5`.

```{exhibit} x-staff
```

```{page-sources}
```
"""
SMALL_TOC = """format: jb-book
root: index
chapters:
  - file: platform/x-staff
  - file: government/channels
  - file: methods/changes
  - file: methods/sources
  - file: methods/dictionary
"""


def casebook(project: Project, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the command as a person would, in the project's folder."""
    command = [str(Path(sys.executable).with_name("casebook")), *arguments]
    given = os.environ | {"NO_COLOR": "1"} | environment
    # A command that hangs fails its own test, and not the whole suite.
    return subprocess.run(command, cwd=project.root, capture_output=True, text=True, check=False, timeout=400, env=given)


def edit_row(file: Path, id: str, edit: Callable[[dict[str, str]], None]) -> None:
    """Change the row with this id in a CSV, in place."""
    edit_rows(file, lambda row: edit(row) if row["id"] == id else None)


def edit_rows(file: Path, edit: Callable[[dict[str, str]], None]) -> None:
    """Change every row of a CSV, in place."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    for row in rows:
        edit(row)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def move_on(project: Project, day: str, change: str) -> None:
    """The record's next version: its day (YYYY-MM-DD), and what it brings."""
    package, changes = project.data / "datapackage.json", project.data / "CHANGES.md"
    version = day.replace("-", ".")
    package.write_text(package.read_text("utf-8").replace(VERSION, version).replace(f"{TODAY}T", f"{day}T"), "utf-8")
    changes.write_text(changes.read_text("utf-8").replace(f"## {VERSION}", f"## {version}\n\n- {change}\n\n## {VERSION}", 1), "utf-8")


def lend_packages(folder: Path) -> None:
    """The packages of these tests as the folder's own, so that `make` need not install them again."""
    (folder / ".venv").mkdir()
    (folder / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    (folder / ".venv" / "installed").touch()


def copy_project(to: Path) -> Project:
    """A copy of the real project without what was made."""
    for folder in ("data", "notebooks", "book"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("*.ipynb") if folder == "book" else None)
    for file in ("_config.yml", "_toc.yml", "requirements.lock"):
        shutil.copy(ROOT / file, to / file)
    return Project(to)


def copy_starter(to: Path) -> Project:
    """A copy of the example story, with our settings."""
    shutil.copytree(ASSETS / "starter", to, ignore=shutil.ignore_patterns("__pycache__"))
    for file in ("_config.yml", "requirements.lock", "book/favicon.svg"):
        shutil.copy(ROOT / file, to / file)
    return Project(to)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return copy_project(tmp_path)


@pytest.fixture
def starter(tmp_path: Path) -> Project:
    """The example story of the starter, not built, for a test to break."""
    return copy_starter(tmp_path / "story")


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A book of two made pages and one chapter, built. Copy it before you change it (`small`)."""
    return build_small(tmp_path_factory.mktemp("small"))


def build_small(to: Path) -> Project:
    """Build the small book in a folder."""
    project = copy_project(to)
    entries = yaml.safe_load((project.notebooks / "pages.yml").read_text("utf-8"))
    (project.notebooks / "pages.yml").write_text(yaml.safe_dump([e for e in entries if e["page"] in SMALL_PAGES]), "utf-8")
    for chapter in project.book.rglob("*.md"):
        if f"file: {chapter.relative_to(project.book).with_suffix('').as_posix()}\n" not in SMALL_TOC:
            chapter.unlink()
    (project.book / "index.md").write_text(SMALL_BOOK, "utf-8")
    (project.book / "methods" / "changes.md").write_text("# What changed\n\n```{changes}\n```\n", "utf-8")
    (project.root / "_toc.yml").write_text(SMALL_TOC, "utf-8")
    # Rules and words of verdicts, and claims, rest on exhibits of pages that this book does not have.
    rules = project.data / "claims" / "rules.csv"
    rules.write_text(rules.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    edit_rows(project.data / "claims" / "claims.csv", lambda row: row.update(exhibit=""))
    words = ("basis", "would_change", "note")
    cited = re.compile(r"\{number\}`[^`]+`")
    edit_rows(project.data / "claims" / "verdicts.csv", lambda row: row.update({name: cited.sub("a number", row[name]) for name in words}))
    done = casebook(project, "build")
    assert done.returncode == 0, done.stderr
    return project


@pytest.fixture
def small(small_built: Project, tmp_path: Path) -> Project:
    shutil.copytree(small_built.root, tmp_path / "small", symlinks=True)
    return Project(tmp_path / "small")


@pytest.fixture(scope="session")
def site() -> Path:
    """The real site, brought up to date. Of two test workers one builds, and the other waits for it."""
    project = Project(ROOT)
    done = casebook(project, "build")
    assert done.returncode == 0, done.stderr
    return project.site
