"""A Dask cluster of two workers on this machine against two local jobs, on the pages of one book."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.books import make_book
from casebook.data.record import Record
from casebook.plan import plan
from casebook.run import run

DASK = str(Path(sys.executable).with_name("dask"))
WORKERS = 2


def bench(folder: Path, repeats: int, count: int = 60) -> list[dict[str, Any]]:
    """A row for each system and repeat: seconds for all pages. The first run of each, which warms it, does not count."""
    from distributed import Client

    project = make_book(folder / "cluster", count)
    file = folder / "scheduler.json"
    environment = os.environ | {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    about = [["scheduler", "--port", "0", "--no-dashboard"], *[["worker", "--nthreads", "1", "--no-dashboard"]] * WORKERS]
    processes = [
        subprocess.Popen(
            [DASK, *arguments, "--scheduler-file", str(file)],
            cwd=folder,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        for arguments in about
    ]
    try:
        while not file.is_file():
            time.sleep(0.1)
        with Client(scheduler_file=str(file)) as client:
            client.wait_for_workers(WORKERS, timeout=60)
            address = client.scheduler.address
        steps = plan(project, Record(project.data), project.book)
        rows = []
        for turn in range(repeats + 1):
            for system, where in (("local", {"jobs": WORKERS}), ("dask", {"scheduler": address}))[:: 1 if turn % 2 else -1]:
                start = time.perf_counter()
                run(project, steps, project.book, **where)  # type: ignore[arg-type]
                if turn:
                    rows.append({"system": system, "pages": count, "seconds": time.perf_counter() - start})
                    print(f"{system:6} {count} pages {rows[-1]['seconds']:8.1f} s", flush=True)
        return rows
    finally:
        for process in processes:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
