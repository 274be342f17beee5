"""`make bench`: measure everything and write docs/BENCHMARKS.md. Of a part of the suites the report is printed only."""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from bench import cluster, first_chart, growth, speed
from bench.books import ROOT
from bench.report import SUITES, report

FILE = ROOT / "docs" / "BENCHMARKS.md"


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--suites", nargs="+", choices=SUITES, default=list(SUITES))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--pages", type=int, nargs="+", default=[12, 110, 400, 1000])
    parser.add_argument("--rows", type=int, nargs="+", default=[10**3, 10**4, 10**5, 10**6])
    given = parser.parse_args()
    measured = {}
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as scratch:
        folder = Path(scratch)
        for suite in given.suites:
            print(f"\n{suite}", flush=True)
            measured[suite] = {
                "first-chart": lambda: first_chart.bench(folder / "first", given.repeats),
                "speed": lambda: speed.bench(folder / "speed", given.repeats),
                "pages": lambda: growth.pages(folder, tuple(given.pages)),
                "rows": lambda: growth.rows(folder, tuple(given.rows)),
                "cluster": lambda: cluster.bench(folder, given.repeats),
            }[suite]()
    machine = f"{os.cpu_count()} cores of {platform.machine()} with Python {platform.python_version()}"
    text = report(measured, datetime.now(UTC).date().isoformat(), machine)
    print(text)
    if measured.keys() == SUITES.keys():
        FILE.write_text(text, "utf-8")


if __name__ == "__main__":
    main()
