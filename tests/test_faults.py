"""Faults while a book is built: the old site stands whole, and the next build brings the new one. `make torture` does the same many times over."""

from __future__ import annotations

import errno
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook import run as running
from casebook import sqlite, warm
from casebook.errors import Problem
from casebook.project import Project
from tests import faults
from tests.conftest import RECORD
from tests.test_warm import step
from tests.torture import change


@pytest.fixture(scope="module")
def bench(small_built: Project, tmp_path_factory: pytest.TempPathFactory) -> faults.Bench:
    return faults.Bench(small_built, change, tmp_path_factory.mktemp("faults"))


@pytest.mark.parametrize(
    ("fault", "times"),
    [(faults.killed, 3), (faults.damaged, 3), (faults.full, 2), (faults.read_only, 1), (faults.clock_back, 1)],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_nothing_is_lost(bench: faults.Bench, fault: Callable[[faults.Bench, int], faults.Tally], times: int) -> None:
    tally = fault(bench, times)
    assert tally.lost == []
    assert tally.tried in (times, 0)
    if not tally.tried:
        pytest.skip(tally.fault)


def test_a_page_that_hangs_is_ended_and_said(tmp_path: Path, small_built: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "CELL_SECONDS", 2)
    with pytest.raises(Problem, match=r"page slow.*(time|Time)"):
        running.run(small_built, [step("slow", "import time\ntime.sleep(60)"), step("quick", "x = 1")], tmp_path, jobs=2)
    assert (tmp_path / "quick.ipynb").is_file() and not (tmp_path / "slow.ipynb").exists()


@pytest.mark.skipif(not warm.can_fork(), reason="no fork server on this system")
def test_a_page_that_eats_memory_is_refused(tmp_path: Path, small_built: Project) -> None:
    greedy = f"x = bytearray({warm.MOST_BYTES + (1 << 30)})"
    with pytest.raises(Problem, match=r"page greedy.*MemoryError"):
        running.run(small_built, [step("greedy", greedy), step("modest", "x = 1")], tmp_path, jobs=1)
    assert (tmp_path / "modest.ipynb").is_file()


def test_a_disk_that_fills_under_the_database_is_a_full_disk(tmp_path: Path) -> None:
    try:
        with faults.small_disk(tmp_path / "small", 1) as disk, pytest.raises(OSError, match="No space left") as refused:
            sqlite.write(RECORD, disk / "record.sqlite")
    except PermissionError as error:
        pytest.skip(str(error))
    assert refused.value.errno == errno.ENOSPC
