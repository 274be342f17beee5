"""`make torture`: faults while building, and malformed tables, many times over. Prints tried, survived, refused, lost; fails where anything was lost."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.frame import ASSETS
from tests import faults
from tests.bad_tables import CORPUS, TABLE
from tests.conftest import build_small, edit_row
from tests.edits import LOUD, QUIET
from tests.walk import Walk, differences


def change(root: Path) -> None:
    """A row that one page reads."""
    edit_row(root / "data" / "platform" / "staff.csv", "hc-2025-08-musk", lambda row: row.update(headcount="1234"))


def bad_tables(folder: Path) -> faults.Tally:
    """Every malformed table, checked in this process."""
    tally = faults.Tally("a malformed table")
    data = Path(shutil.copytree(ASSETS / "starter" / "data", folder / "data"))
    good = (data / f"{TABLE}.csv").read_text("utf-8")
    for name, (spoil, said) in CORPUS.items():
        content = spoil(good)
        (data / f"{TABLE}.csv").write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        tally.tried += 1
        try:
            validate(data)
            outcome = None
        except Problem as problem:
            outcome = str(problem)
        if (outcome is None) != (said is None) or (said and outcome and said not in outcome):
            tally.lost.append(f"{name}: {outcome}")
        elif outcome:
            tally.refused += 1
        else:
            tally.survived += 1
    return tally


def edited(folder: Path, times: int) -> faults.Tally:
    """A story edited at random, built after every few edits, and held against a build from nothing."""
    tally = faults.Tally("edits, against a build from nothing")
    os.environ["CASEBOOK_BROWSER"] = "none"
    (folder / "edited").mkdir()
    walk = Walk(folder / "edited", seed=times)
    for _ in range(times):
        walk.edit(2, walk.lot.choice([QUIET, LOUD]))
        if found := differences(walk.made(), walk.from_nothing()):
            tally.lost.append(f"{', '.join(walk.done)}: {', '.join(sorted(found))}")
        tally.tried += 1
    tally.survived = tally.tried - len(tally.lost)
    return tally


def main(times: int) -> int:
    """Run everything; return how often something was lost."""
    lost = 0
    with tempfile.TemporaryDirectory(prefix="casebook-torture-") as scratch:
        folder = Path(scratch)
        bench = faults.Bench(build_small(folder / "built"), change, folder)
        few = max(1, times // 10)
        print(f"{'what went wrong':34} {'tried':>6} {'survived':>9} {'refused':>8} {'lost':>5}", flush=True)
        for run in (
            lambda: faults.killed(bench, times),
            lambda: faults.damaged(bench, times),
            lambda: faults.full(bench, max(1, times // 2)),
            lambda: faults.read_only(bench, few),
            lambda: faults.at_once(bench, few),
            lambda: faults.clock_back(bench, few),
            lambda: bad_tables(folder),
            lambda: edited(folder, few),
        ):
            start = time.perf_counter()
            tally = run()
            print(f"{tally.row()}  {time.perf_counter() - start:6.0f} s", *tally.lost, sep="\n    ", flush=True)
            lost += len(tally.lost)
    return lost


if __name__ == "__main__":
    sys.exit(1 if main(int(sys.argv[1]) if len(sys.argv) > 1 else 50) else 0)
