"""What can go wrong while a book is built, done on purpose: `make torture` prints how often it was tried, and how often the site was lost.

After each fault the site that stands must be one of two: the old one whole, or the new one whole; and the next build
must bring the new one, byte for byte as a build without any fault does.
"""

from __future__ import annotations

import hashlib
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from casebook.project import Project

CASEBOOK = str(Path(sys.executable).with_name("casebook"))
# Files that a site carries on from the one before it: their number depends on history.
CARRIED = ("frozen", "pictures")
# A build's clock, a day ahead.
AHEAD = "import time\n_now, _ns = time.time, time.time_ns\ntime.time = lambda: _now() + 86400\ntime.time_ns = lambda: _ns() + 86400 * 10**9\n"
FULL = "(No space left on device|disk is full)"


def build(root: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [CASEBOOK, "build"], cwd=root, capture_output=True, text=True, check=False, env=os.environ | {"NO_COLOR": "1"} | environment
    )


def state(site: Path) -> dict[str, str]:
    """Digest of every file of a site, but for what is carried on."""
    return {
        name: hashlib.sha256(file.read_bytes()).hexdigest()
        for file in sorted(site.rglob("*"))
        if file.is_file() and (name := file.relative_to(site).as_posix()).split("/")[0] not in CARRIED
    }


@dataclass
class Tally:
    """How often a fault was tried, and what came of it; `lost` says each time what was wrong."""

    fault: str
    tried: int = 0
    survived: int = 0
    refused: int = 0
    lost: list[str] = field(default_factory=list)

    def row(self) -> str:
        return f"{self.fault:34} {self.tried:6} {self.survived:9} {self.refused:8} {len(self.lost):5}"


class Bench:
    """A small built book, the same with a changed row, and copies of it to break."""

    def __init__(self, built: Project, change: Callable[[Path], None], folder: Path) -> None:
        self.built, self.change, self.folder = built.root, change, folder
        self.old = state(built.site)
        reference = self.copy("reference")
        change(reference)
        done = build(reference)
        assert done.returncode == 0, done.stderr
        self.new = state(reference / "_site")
        assert self.new != self.old

    def copy(self, name: str) -> Path:
        to = self.folder / name
        shutil.rmtree(to, ignore_errors=True)
        shutil.copytree(self.built, to, symlinks=True)
        return to

    def judge(self, tally: Tally, root: Path, refused: bool = False) -> None:
        """Is the site one of the two, and does the next build bring the new one?"""
        tally.tried += 1
        if (found := state(root / "_site")) not in (self.old, self.new):
            return tally.lost.append(f"{root.name}: the site was neither old nor new: {_unlike(found, self.new)}")
        done = build(root)
        if done.returncode:
            return tally.lost.append(f"{root.name}: the next build failed: {done.stderr[-300:]}")
        if (found := state(root / "_site")) != self.new:
            return tally.lost.append(f"{root.name}: the next build brought another site: {_unlike(found, self.new)}")
        if refused:
            tally.refused += 1
        else:
            tally.survived += 1
        shutil.rmtree(root)
        return None


def _unlike(one: dict[str, str], other: dict[str, str]) -> str:
    return ", ".join(sorted(name for name in one.keys() | other.keys() if one.get(name) != other.get(name))[:5])


def killed(bench: Bench, times: int, seed: int = 1) -> Tally:
    """SIGKILL to the build and all it started, at random moments."""
    tally, dice = Tally("killed at a random moment"), random.Random(seed)
    start = time.perf_counter()
    whole = bench.copy("timed")
    bench.change(whole)
    build(whole)
    length = time.perf_counter() - start
    for turn in range(times):
        root = bench.copy(f"killed-{turn}")
        bench.change(root)
        process = subprocess.Popen([CASEBOOK, "build"], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        time.sleep(dice.uniform(0, length))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        bench.judge(tally, root)
    return tally


def damaged(bench: Bench, times: int, seed: int = 2) -> Tally:
    """A file that a build keeps for the next one, cut or with one bit turned."""
    tally, dice = Tally("a cache cut or flipped"), random.Random(seed)
    for turn in range(times):
        root = bench.copy(f"damaged-{turn}")
        kinds = [sorted((root / ".build").rglob("*")), sorted((root / "book").rglob("*.ipynb"))]
        files = [file for file in dice.choice(kinds) if file.is_file() and file.stat().st_size and file.name != "lock"]
        file = dice.choice(files)
        content = bytearray(file.read_bytes())
        at = dice.randrange(len(content))
        if dice.random() < 0.5:
            content = content[:at]
        else:
            content[at] ^= 1 << dice.randrange(8)
        when = file.stat()
        file.write_bytes(content)
        os.utime(file, ns=(when.st_atime_ns, when.st_mtime_ns))
        bench.change(root)
        done = build(root)
        if done.returncode:
            tally.tried += 1
            tally.lost.append(f"{file.relative_to(root)} at {at}: {done.stderr[-300:]}")
        else:
            bench.judge(tally, root)
            if tally.lost:
                tally.lost[-1] += f" ({file.relative_to(root)} at {at})"
    return tally


@contextmanager
def small_disk(folder: Path, megabytes: int) -> Iterator[Path]:
    """A file system of its own size. Raises PermissionError where this user may not mount one."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        raise PermissionError("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=False)


def full(bench: Bench, times: int, seed: int = 3) -> Tally:
    """The disk is full at one write or another; then there is room again."""
    tally, dice = Tally("a full disk"), random.Random(seed)
    size = sum(file.stat().st_size for file in bench.built.rglob("*") if file.is_file()) // 1_000_000 + 2
    try:
        for turn in range(times):
            with small_disk(bench.folder / f"full-{turn}", 3 * size) as disk:
                root = Path(shutil.copytree(bench.built, disk / "book", symlinks=True))
                bench.change(root)
                room = shutil.disk_usage(disk).free // 1_000_000
                ballast = disk / "ballast"
                ballast.write_bytes(b"\0" * 1_000_000 * max(0, room - dice.randrange(0, size)))
                done = build(root, TMPDIR=str(disk))
                if done.returncode and "Traceback" in done.stderr:
                    tally.lost.append(f"a traceback: {done.stderr[-400:]}")
                ballast.unlink()
                bench.judge(tally, root, refused=bool(done.returncode))
    except PermissionError as error:
        tally.fault += f" ({error})"
    return tally


def read_only(bench: Bench, times: int) -> Tally:
    """The place of the site cannot be written."""
    tally = Tally("a place that is read-only")
    try:
        for turn in range(times):
            with small_disk(bench.folder / f"ro-{turn}", 400) as disk:
                root = Path(shutil.copytree(bench.built, disk / "book", symlinks=True))
                bench.change(root)
                subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
                done = build(root)
                if not done.returncode or "Traceback" in done.stderr:
                    tally.lost.append(f"not refused in words: {done.stderr[-400:]}")
                subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
                bench.judge(tally, root, refused=True)
    except PermissionError as error:
        tally.fault += f" ({error})"
    return tally


def at_once(bench: Bench, times: int) -> Tally:
    """Two builds of one book at the same time."""
    tally = Tally("two builds at once")
    for turn in range(times):
        root = bench.copy(f"twice-{turn}")
        bench.change(root)
        pair = [subprocess.Popen([CASEBOOK, "build"], cwd=root, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) for _ in range(2)]
        said = [process.communicate()[1] for process in pair]
        if any(process.returncode for process in pair):
            tally.lost.append(" ".join(said)[-300:])
        bench.judge(tally, root)
    return tally


def clock_back(bench: Bench, times: int) -> Tally:
    """The last build was made by a clock a day ahead of today's."""
    tally = Tally("a clock that went back")
    for turn in range(times):
        root = bench.copy(f"clock-{turn}")
        ahead = bench.folder / "ahead"
        ahead.mkdir(exist_ok=True)
        (ahead / "sitecustomize.py").write_text(AHEAD, "utf-8")
        shutil.rmtree(root / ".build" / "_build")
        (root / "_site" / "built-from.txt").unlink()
        assert build(root, PYTHONPATH=str(ahead)).returncode == 0
        for file in root.rglob("*"):
            if file.is_file():
                os.utime(file, (time.time() + 86400, time.time() + 86400))
        bench.change(root)
        for file in (root / "data").rglob("*.csv"):
            os.utime(file)
        bench.judge(tally, root)
    return tally
