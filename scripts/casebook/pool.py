"""Where pages run: threads of this machine over warm kernels, or a Dask cluster. To the caller both are an executor."""

from __future__ import annotations

import gzip
import hashlib
import io
import os
import tarfile
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from casebook import made_with
from casebook.edition import package_files
from casebook.errors import Problem, some
from casebook.project import Project, digest_files
from casebook.warm import warm

CONNECT_SECONDS = 30
_unpacking = threading.Lock()


def open_pool(project: Project, jobs: int = 0, scheduler: str = "") -> AbstractContextManager[Executor]:
    """An executor whose functions run in the project's folder: `jobs` at once here (0: `default_jobs`), or on the cluster at `scheduler`.

    Raises Problem where no scheduler answers.
    """
    return _cluster(project, scheduler) if scheduler else _local(project, jobs)


def default_jobs() -> int:
    """Three pages a core that this process may use: two thirds of its time, a page waits for messages of its kernel."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return 3 * (cores or 1)


@contextmanager
def _local(project: Project, jobs: int) -> Iterator[Executor]:
    # Threads are enough: they wait, and the work is done in the kernels.
    with warm(), _working_in(project.root), ThreadPoolExecutor(jobs or default_jobs()) as pool:
        yield pool


@contextmanager
def _cluster(project: Project, address: str) -> Iterator[Executor]:
    try:
        from distributed import Client
    except ImportError:
        raise Problem("--scheduler needs Dask; install it with: pip install 'casebook[cluster]'.") from None
    try:
        client = Client(address, timeout=CONNECT_SECONDS)
    except (OSError, ValueError) as error:
        raise Problem(f"--scheduler {address}: no Dask scheduler answers there ({type(error).__name__}); start one with 'dask scheduler'.") from None
    with client:
        wanted = machine(frozenset(made_with.pinned(project.lock)))
        # A worker whose casebook is too old to know `machine` answers with an error.
        answers = client.run(machine, frozenset(wanted), on_error="return")
        if findings := [line for worker, found in answers.items() for line in _other(worker, wanted, found if isinstance(found, dict) else {})]:
            raise Problem(*findings)
        yield ClusterExecutor(client, packed(project.data), wanted)


def _other(worker: str, wanted: Mapping[str, str], found: Mapping[str, str]) -> list[str]:
    """A line where a worker would make pages with other versions than this machine."""
    others = made_with.differences(found, wanted)
    return [f"worker {worker}: {some(others, 3)}; install the same lock and the same casebook there."] if others else []


class ClusterExecutor(Executor):
    """Hands functions to a Dask cluster whose workers share no disk with us: the record travels with the first of them."""

    def __init__(self, client: Any, record: bytes, wanted: Mapping[str, str]) -> None:
        # Each worker gets the record once; a worker that comes later fetches it from another.
        self.record = client.scatter(record, broadcast=True)
        self.executor = client.get_executor(pure=False)
        self.wanted = wanted

    def submit(self, function: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return self.executor.submit(run_beside, self.record, self.wanted, function, *args, **kwargs)


@cache
def machine(names: frozenset[str]) -> dict[str, str]:
    """What decides what a page here looks like: versions of these packages, Python and the system, and a digest of this one."""
    package = Path(__file__).parent
    return made_with.versions(names) | {"casebook": digest_files(package_files(), package)[:12]}


def run_beside(record: bytes, wanted: Mapping[str, str], function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """On a worker: call `function` in a folder that holds the record. Raises Problem where the worker is not of the `wanted` versions."""
    from distributed import get_worker

    worker = get_worker()
    # It may have come after the others were asked.
    if findings := _other(worker.address, wanted, machine(frozenset(wanted))):
        raise Problem(*findings)
    # Dask clears its workers' folders away.
    folder = Path(worker.local_directory) / hashlib.sha256(record).hexdigest()[:16]
    with _unpacking:
        if not folder.is_dir():
            with tempfile.TemporaryDirectory(dir=folder.parent) as scratch, tarfile.open(fileobj=io.BytesIO(record)) as archive:
                archive.extractall(Path(scratch) / "book", filter="data")
                (Path(scratch) / "book").rename(folder)
        os.chdir(folder)
    with warm():
        return function(*args, **kwargs)


def packed(data: Path) -> bytes:
    """The record as a tar, the same bytes for the same files."""
    buffer = io.BytesIO()
    # Without a time: the same record is the same bytes.
    with gzip.GzipFile(fileobj=buffer, mode="wb", compresslevel=1, mtime=0) as packed, tarfile.open(fileobj=packed, mode="w") as archive:
        for file in sorted(file for file in data.rglob("*") if file.is_file()):
            archive.add(file, arcname=str(Path("data") / file.relative_to(data)), filter=_plain)
    return buffer.getvalue()


def _plain(info: tarfile.TarInfo) -> tarfile.TarInfo:
    info.mtime, info.uid, info.gid, info.uname, info.gname = 0, 0, 0, "", ""
    return info


@contextmanager
def _working_in(folder: Path) -> Iterator[None]:
    """Kernels start in `folder`; papermill's own `cwd` is not safe between threads (papermill #473)."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)
