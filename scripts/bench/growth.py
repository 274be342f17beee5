"""How cost grows: with the pages of a book, and with the rows of a table."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.books import make_book, name

BIN = Path(sys.executable).parent
MONTHS = 12
# Reads one page's rows in a process of its own, and says how long that took and how much memory the process held at most.
READ = """import json, resource, time
import casebook
start = time.perf_counter()
rows = len(casebook.read("water/use", "latest", town="{town}"))
print(json.dumps([rows, time.perf_counter() - start, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024]))"""


def pages(folder: Path, counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """Seconds to execute and write a book of so many pages, without pictures."""
    rows = []
    for count in counts:
        project = make_book(folder / f"pages-{count}", count)
        # No browser: pictures grow with the figures alone.
        environment = os.environ | {"CASEBOOK_BROWSER": "none"}
        start = time.perf_counter()
        done = subprocess.run([str(BIN / "casebook"), "build"], cwd=project.root, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(done.stderr[-2000:])
        seconds = time.perf_counter() - start
        rows.append({"pages": count, "seconds": seconds})
        print(f"{count:5} pages {seconds:8.1f} s {seconds / count * 1000:6.0f} ms a page", flush=True)
    return rows


def rows(folder: Path, counts: tuple[int, ...]) -> list[dict[str, Any]]:
    """Seconds and peak memory of one page's read of a table of so many rows."""
    found = []
    for count in counts:
        towns = max(1, count // MONTHS // 10)
        project = make_book(folder / f"rows-{count}", towns, count // towns)
        done = subprocess.run([str(BIN / "python"), "-c", READ.format(town=name(0))], cwd=project.root, capture_output=True, text=True, check=True)
        read, seconds, peak = json.loads(done.stdout)
        found.append({"rows": towns * (count // towns), "read": read, "seconds": seconds, "bytes": peak})
        print(f"{count:8} rows in the table, {read} read {seconds:8.2f} s {peak / 1e6:8.0f} MB", flush=True)
    return found
