"""Where the parts of a book stand."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from casebook.errors import Problem
from casebook.files import load


@dataclass(frozen=True)
class Project:
    """A book's folder: `data/`, `notebooks/`, `book/` and the two YAML files."""

    root: Path

    @classmethod
    def find(cls, start: Path | None = None) -> Project:
        """Return the project that holds `start` (the working folder by default).

        Raises Problem where no folder above has `data/datapackage.json`.
        """
        here = (start or Path.cwd()).resolve()
        for folder in (here, *here.parents):
            if (folder / "data" / "datapackage.json").is_file():
                return cls(folder)
        raise Problem(f"{here}: not inside a casebook; no folder above it has data/datapackage.json.")

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def notebooks(self) -> Path:
        return self.root / "notebooks"

    @property
    def book(self) -> Path:
        return self.root / "book"

    @property
    def lock(self) -> Path:
        return self.root / "requirements.lock"

    @property
    def site(self) -> Path:
        return self.root / "_site"

    @property
    def work(self) -> Path:
        """Everything that a build may throw away."""
        return self.root / ".build"

    @cached_property
    def config(self) -> dict[str, Any]:
        return load(self.root / "_config.yml", "_config.yml")


def digest_files(files: Iterable[Path], root: Path) -> str:
    """SHA-256 over the names (relative to `root`) and contents of `files`, in sorted order."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file.relative_to(root)).encode() + b"\0")
        digest.update(hashlib.sha256(file.read_bytes()).digest())
    return digest.hexdigest()
