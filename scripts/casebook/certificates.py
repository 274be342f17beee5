"""Re-runs by others: small files under `certificates/` that say who rebuilt which version, when, where, and what came out."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casebook.errors import Problem
from casebook.files import replace
from casebook.project import Project

RESULTS = ("same", "differs")


@dataclass(frozen=True)
class Certificate:
    """One re-run. `manifest`: SHA-256 of the manifest that was verified; `differences`: a line for each page that was not the same."""

    who: str
    day: str
    machine: str
    record: str
    manifest: str
    pages: int
    result: str
    differences: tuple[str, ...] = ()


def certify(who: str, theirs: dict[str, Any], differences: Sequence[str]) -> Certificate:
    """A certificate of a re-run that was made here and now."""
    machine = f"{platform.system()} {platform.machine()}, Python {platform.python_version()}"
    day = datetime.now(UTC).date().isoformat()
    digest = hashlib.sha256(json.dumps(theirs, sort_keys=True).encode()).hexdigest()
    return Certificate(who, day, machine, theirs["record"], digest, len(theirs["pages"]), RESULTS[bool(differences)], tuple(differences))


def sign(project: Project, certificate: Certificate) -> Path:
    """Write a certificate, to be added by a pull request; return its file. Raises Problem for a name of nothing but signs."""
    name = re.sub(r"[^a-z0-9]+", "-", certificate.who.lower()).strip("-")
    if not name:
        raise Problem(f"'{certificate.who}' is no name; sign with letters or digits.")
    file = project.root / "certificates" / f"{certificate.day}-{name}.json"
    replace(file, json.dumps(asdict(certificate), ensure_ascii=False, indent=1) + "\n")
    return file


def certificates(project: Project) -> list[Certificate]:
    """All certificates, the newest first. Raises Problem for a file that is none."""
    found = []
    for file in sorted((project.root / "certificates").glob("*.json"), reverse=True):
        try:
            content = json.loads(file.read_text("utf-8"))
            certificate = Certificate(**content | {"differences": tuple(content["differences"])})
        except (ValueError, TypeError, KeyError):
            raise Problem(f"certificates/{file.name}: it is no certificate; make one with: casebook verify MANIFEST --sign NAME.") from None
        if certificate.result not in RESULTS or (certificate.result == "same") == bool(certificate.differences):
            raise Problem(f"certificates/{file.name}: its result is '{certificate.result}' and it names {len(certificate.differences)} differences.")
        found.append(certificate)
    return found
