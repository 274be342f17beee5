"""What pages were made with, beside the record and the notebooks: Python, the system, and the packages of the lock."""

from __future__ import annotations

import platform
import re
from collections.abc import Iterable, Mapping
from importlib import metadata
from pathlib import Path

PIN = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def pinned(lock: Path) -> set[str]:
    """Names of the packages that a lock pins, on whatever system; none where there is no lock."""
    return set(PIN.findall(lock.read_text("utf-8"))) if lock.is_file() else set()


def versions(names: Iterable[str]) -> dict[str, str]:
    """Versions here, by name: of Python, of the system, and of those of the packages that are installed."""
    found = {"Python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}"}
    for name in sorted(set(names) - set(found)):
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            # Pinned for another system.
            continue
    return found


def differences(there: Mapping[str, str], here: Mapping[str, str]) -> list[str]:
    """A line for each name whose version is not the same in both."""
    none = "(none)"
    names = sorted(name for name in there.keys() | here.keys() if there.get(name) != here.get(name))
    return [f"{name} {there.get(name, none)} there, {here.get(name, none)} here" for name in names]
