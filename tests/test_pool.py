"""Where pages run: the same pages from this machine and from a real Dask cluster, also when a worker is killed."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from casebook import made_with, pool
from casebook.data.record import Record
from casebook.errors import Problem
from casebook.plan import plan
from casebook.pool import open_pool, packed
from casebook.project import Project
from casebook.run import run
from tests.conftest import copy_project

DASK = str(Path(sys.executable).with_name("dask"))


class Cluster:
    """A scheduler and two workers on this machine, each in a folder of its own."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "scheduler.json"
        self.processes = [self.start(folder, "scheduler", "--port", "0", "--no-dashboard", "--scheduler-file", str(self.file))]
        self.workers = [self.start(folder / name, "worker", "--nthreads", "1", "--no-dashboard", "--scheduler-file", str(self.file)) for name in "ab"]
        self.processes += self.workers
        deadline = time.monotonic() + 60
        while not self.file.is_file():
            assert time.monotonic() < deadline, "the scheduler did not start"
            time.sleep(0.1)
        from distributed import Client

        with Client(scheduler_file=str(self.file)) as client:
            client.wait_for_workers(2, timeout=60)
            self.address = client.scheduler.address

    def start(self, folder: Path, *arguments: str) -> subprocess.Popen[bytes]:
        folder.mkdir(exist_ok=True)
        environment = os.environ | {"DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
        return subprocess.Popen(
            [DASK, *arguments], cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )

    def stop(self) -> None:
        for process in self.processes:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.stop()


def some_pages(project: Project) -> list[str]:
    """Keep the pages of the companies: enough to be under way when a worker dies."""
    steps = [step for step in plan(project, Record(project.data), project.book) if step.page.name.startswith(("platform/company", "ai/company"))]
    return [step.page.name for step in steps][:12]


def make(project: Project, names: list[str], **where: object) -> dict[str, bytes]:
    steps = [step for step in plan(project, Record(project.data), project.book) if step.page.name in names]
    assert len(run(project, steps, project.book, **where).seconds) == len(names)  # type: ignore[arg-type]
    made = {name: (project.book / f"{name}.ipynb").read_bytes() for name in names}
    for name in names:
        (project.book / f"{name}.ipynb").unlink()
    return made


def test_workers_of_other_versions_are_refused_before_a_page_runs(tmp_path: Path, cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    real = made_with.versions
    monkeypatch.setattr(made_with, "versions", lambda names: real(names) | {"pandas": "0.1"})
    pool.machine.cache_clear()
    with pytest.raises(Problem) as refused, open_pool(copy_project(tmp_path / "book"), scheduler=cluster.address):
        pass
    pool.machine.cache_clear()
    (line,) = refused.value.findings
    assert re.fullmatch(r"worker tcp://[\d.:]+ and 1 more: pandas [\d.]+ there, 0\.1 here; install the same lock .*", line), line


def test_a_cluster_makes_the_same_pages_as_this_machine_and_outlives_a_worker(tmp_path: Path, cluster: Cluster) -> None:
    project = copy_project(tmp_path / "book")
    names = some_pages(project)
    here = make(project, names)
    kept = set(Path(tempfile.gettempdir()).glob(f"casebook-{os.getuid()}-*"))
    assert make(project, names, scheduler=cluster.address) == here
    assert set(Path(tempfile.gettempdir()).glob(f"casebook-{os.getuid()}-*")) <= kept

    # One worker dies when the first page is back: its pages are run again by the other.
    def kill(**event: object) -> None:
        if cluster.workers[0].poll() is None:
            os.killpg(cluster.workers[0].pid, signal.SIGKILL)

    assert make(project, names, scheduler=cluster.address, log=kill) == here
    assert cluster.workers[0].poll() is not None


def test_pages_at_once_follow_the_cores_that_this_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.cpu_count", lambda: 64)
    monkeypatch.setattr("os.sched_getaffinity", lambda pid: {0, 1}, raising=False)
    assert pool.default_jobs() == 6


def test_no_scheduler_is_one_clear_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("casebook.pool.CONNECT_SECONDS", 1)
    (tmp_path / "data").mkdir()
    with pytest.raises(Problem, match="no Dask scheduler answers there"), open_pool(Project(tmp_path), scheduler="tcp://127.0.0.1:1"):
        pass


def test_a_finding_comes_back_whole_from_another_process() -> None:
    import pickle

    assert pickle.loads(pickle.dumps(Problem("one", "two"))).findings == ("one", "two")


def test_the_record_travels_as_the_same_bytes(tmp_path: Path, project: Project) -> None:
    shutil.copytree(project.data, tmp_path / "copy")
    os.utime(tmp_path / "copy" / "sources.csv", (1, 1))
    assert packed(project.data) == packed(tmp_path / "copy")
