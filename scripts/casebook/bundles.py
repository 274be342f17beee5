"""plotly.js for the reader's browser: the file of the plotly package, or npm's smaller bundles of the same version."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
import shutil
import subprocess
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory

from casebook.files import replace
from casebook.project import Project
from casebook.style import THEMES

PINS = Path(__file__).parent / "assets" / "bundles.json"
SECONDS = 60


def write(project: Project, static: Path) -> list[str]:
    """Put plotly.js into a site's `static` folder with a script that tells our own its themes and bundles.

    Return the names of the bundles in use; none where npm, its registry or the right version is not at hand.
    """
    import plotly

    full = Path(plotly.__file__).parent / "package_data" / "plotly.min.js"
    shutil.copyfile(full, static / "plotly.min.js")
    small = _bundles(project, full)
    for name, file in small.items():
        shutil.copyfile(file, static / f"plotly-{name}.min.js")
    told = {"themes": THEMES, "bundles": {name: f"plotly-{name}.min.js" for name in small} | {"full": "plotly.min.js"}}
    (static / "casebook-charts.js").write_text(f"window.casebookCharts = {json.dumps(told, sort_keys=True)};\n", "utf-8")
    return sorted(small)


def _bundles(project: Project, full: Path) -> dict[str, Path]:
    pins = json.loads(PINS.read_text("utf-8"))
    has = re.search(r"plotly\.js v([0-9.]+)", full.read_text("utf-8")[:400])
    if not has or has[1] != pins["version"]:
        return {}
    found = {}
    for name, integrity in pins["integrity"].items():
        kept = project.work / "plotly" / f"{name}-{pins['version']}.min.js"
        if not _is_pinned(kept, pins["sha256"][name]):
            if not (packed := _pack(f"plotly.js-{name}-dist-min@{pins['version']}", integrity)):
                return {}
            with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
                replace(kept, archive.extractfile(f"package/plotly-{name}.min.js").read())  # type: ignore[union-attr]
        found[name] = kept
    return found


def _is_pinned(file: Path, digest: str) -> bool:
    return file.is_file() and hashlib.sha256(file.read_bytes()).hexdigest() == digest


def _pack(package: str, integrity: str) -> bytes | None:
    """A package from npm as bytes, if npm can bring it and it is what was pinned (Subresource Integrity, sha512)."""
    npm = shutil.which("npm")
    if not npm:
        return None
    with TemporaryDirectory(prefix="casebook-") as scratch:
        command = [npm, "pack", "--silent", "--ignore-scripts", package]
        try:
            done = subprocess.run(command, cwd=scratch, capture_output=True, timeout=SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return None
        files = list(Path(scratch).glob("*.tgz"))
        if done.returncode or len(files) != 1:
            return None
        packed = files[0].read_bytes()
    digest = base64.b64encode(hashlib.sha512(packed).digest()).decode()
    return packed if f"sha512-{digest}" == integrity else None
