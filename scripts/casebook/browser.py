"""The Chrome or Chromium that draws the pictures. CASEBOOK_BROWSER names it; `none` means to do without.

`python -m casebook.browser` leaves with status 0 where nothing needs to be installed.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from casebook.errors import Problem

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Playwright

VARIABLE = "CASEBOOK_BROWSER"
NONE = "none"
# Of macOS, which stand on no PATH.
APPLICATIONS = tuple(f"/Applications/{name}.app/Contents/MacOS/{name}" for name in ("Google Chrome", "Chromium"))
# Debian's headless shell first: the same engine and the same pictures, without the windows of a desktop.
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SECONDS = 30
# As root, and without asking any host of its own.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def find() -> str | None:
    """Path of the browser to use, or None where there is none. Raises Problem where the one that is named does not start."""
    if named := os.environ.get(VARIABLE):
        if named == NONE:
            return None
        if not (path := shutil.which(named)) or not starts(path):
            raise Problem(f"{VARIABLE}={named}: no browser starts by this name; name Chrome or Chromium, or '{NONE}'.")
        return path
    return next((path for path in _candidates() if starts(path)), None)


def _candidates() -> Iterator[str]:
    yield from (path for name in (*NAMES, *APPLICATIONS) if (path := shutil.which(name)))
    # What scripts/install-browser brings where the system has none.
    yield from map(str, (Path(sys.prefix) / "browsers").glob("chromium_headless_shell-*/*/chrome-headless-shell"))


def starts(path: str) -> bool:
    """Whether it is a browser that runs here: Ubuntu's chromium-browser is a script that asks for another package."""
    try:
        return subprocess.run([path, "--version"], capture_output=True, timeout=SECONDS, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


def launch(playwright: Playwright) -> Browser:
    """Start it. Raises Problem where there is none."""
    if not (path := find()):
        raise Problem("no Chrome or Chromium is here; run scripts/install-browser.")
    return playwright.chromium.launch(executable_path=path, args=FLAGS)


if __name__ == "__main__":
    sys.exit(0 if os.environ.get(VARIABLE) or find() else 1)
