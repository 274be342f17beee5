"""Warm kernels: forks of one process that has imported the heavy libraries once.

A kernel provisioner of jupyter_client, found by the entry point `casebook-warm`, so that papermill and
nbclient use it unchanged: `with warm():` makes it the default one. The parent is the standard library's
fork server with `casebook.preload` loaded: it never runs a page and has one thread when it forks.
"""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import forkserver
from pathlib import Path
from typing import Any

from jupyter_client.provisioning import KernelProvisionerFactory, LocalProvisioner

PROVISIONER = "casebook-warm"
LAUNCHER = "ipykernel_launcher"
# What one page may hold in memory.
MOST_BYTES = 4 << 30
_start = threading.Lock()


def can_fork() -> bool:
    """Whether this system has a fork server (Windows does not), and this process may have children (a daemon may not)."""
    return "forkserver" in multiprocessing.get_all_start_methods() and not multiprocessing.current_process().daemon


@contextmanager
def warm() -> Iterator[None]:
    """Kernels started inside are warm, where the system can fork and CASEBOOK_PLAIN_KERNELS is not set."""
    if not can_fork() or os.environ.get("CASEBOOK_PLAIN_KERNELS"):
        yield
        return
    # Numerical libraries start threads when loaded, and a process with threads must not fork. ipykernel loads a debugger, which warns.
    given = {
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",
    }
    before = {name: os.environ.get(name) for name in given}
    os.environ.update(given)
    multiprocessing.get_context("forkserver").set_forkserver_preload(["casebook.preload"])
    # Starts the parent's imports now, beside whatever the caller does next.
    forkserver.ensure_running()
    # Jupyter reads JUPYTER_DEFAULT_PROVISIONER_NAME once a process, so a kernel started before would decide for all after it.
    provisioners = KernelProvisionerFactory.instance()
    provisioner_before = provisioners.default_provisioner_name
    provisioners.default_provisioner_name = PROVISIONER
    try:
        yield
    finally:
        provisioners.default_provisioner_name = provisioner_before
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


class Fork:
    """A forked kernel, with the part of `subprocess.Popen` that LocalProvisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, argv: list[str], env: dict[str, str], cwd: str | None) -> None:
        context = multiprocessing.get_context("forkserver")
        self.process = context.Process(target=become_kernel, args=(argv, env, cwd or str(Path.cwd())), daemon=True)
        with _start:
            self.process.start()
        self.pid = self.process.pid

    def poll(self) -> int | None:
        return self.process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self.process.join(timeout)
        if self.process.exitcode is None:
            raise subprocess.TimeoutExpired("kernel", timeout or 0)
        return self.process.exitcode

    def send_signal(self, signum: int) -> None:
        if self.poll() is None and self.pid:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Starts IPython kernels as forks of the warm parent; any other kernel as usual."""

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        if LAUNCHER not in cmd or not can_fork():
            return await super().launch_kernel(cmd, **kwargs)
        self.process = Fork(cmd[cmd.index(LAUNCHER) + 1 :], kwargs["env"], kwargs.get("cwd"))
        # The kernel leads a group of its own (see become_kernel), so that signals reach what it starts.
        self.pid = self.pgid = self.process.pid
        return self.connection_info


def become_kernel(argv: list[str], env: dict[str, str], cwd: str) -> None:
    """In the fork: leave everything of the parent behind, then be an IPython kernel until told to end."""
    import resource

    import numpy
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    for signum in (signal.SIGCHLD, signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, signal.SIG_DFL)
    if sys.platform == "linux":
        resource.setrlimit(resource.RLIMIT_DATA, (MOST_BYTES, MOST_BYTES))
    os.environ.clear()
    os.environ.update(env)
    os.chdir(cwd)
    random.seed()
    numpy.random.seed()
    # The kernel ends itself when its parent is gone, and its parent is the fork server.
    IPKernelApp.launch_instance([*argv, f"--IPKernelApp.parent_handle={os.getppid()}"])
