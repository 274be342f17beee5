"""Files are there whole or not at all, also where two processes write the same one."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from casebook.edition import Edition
from casebook.files import replace
from casebook.project import Project
from casebook.publish import build_lock


def test_two_processes_do_not_rename_each_others_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file, rename = tmp_path / "reads.json", Path.replace

    def meanwhile(scratch: Path, to: Path) -> None:
        monkeypatch.setattr(Path, "replace", rename)
        monkeypatch.setattr(os, "getpid", lambda: -1)
        replace(file, "theirs")
        rename(scratch, to)

    monkeypatch.setattr(Path, "replace", meanwhile)
    replace(file, "ours")
    assert file.read_text("utf-8") == "ours" and [left.name for left in tmp_path.iterdir()] == ["reads.json"]


def test_an_edition_waits_for_the_book_whose_caches_it_shares(tmp_path: Path) -> None:
    project, said, waits = Project(tmp_path), [], threading.Event()

    def build() -> None:
        with build_lock(Edition(project, "2025-04-16"), lambda line: (said.append(line), waits.set())[1]):
            said.append("built")

    with build_lock(Edition(project), said.append):
        edition = threading.Thread(target=build)
        edition.start()
        assert waits.wait(10) and said == ["site: another build is under way; waiting for it"]
    edition.join(10)
    assert said[1:] == ["built"]
