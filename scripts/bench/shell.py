"""A command that must succeed."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path


def run(command: list[str], folder: Path, **environment: str) -> None:
    """Run it in a folder; leave with what it printed where it fails."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=os.environ | environment)
    if done.returncode:
        raise SystemExit(f"{' '.join(command[:3])} failed:\n{(done.stderr + done.stdout)[-3000:]}")
