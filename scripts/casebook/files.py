"""Files in one form that are there whole or not at all, and notes that a cut or a flipped bit makes worthless."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any


def replace(file: Path, content: str | bytes) -> None:
    """Put a file in the place of the one that stands, by one rename."""
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_name(file.name + ".part")
    scratch.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    scratch.replace(file)


def as_csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV text: a line feed ends a line, and quotes stand only where needed."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def load_sealed(file: Path) -> dict[str, Any]:
    """What `save_sealed` kept; nothing where the file is missing, cut, or not ours."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        return kept["notes"] if kept["seal"] == _seal(kept["notes"]) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def save_sealed(file: Path, notes: dict[str, Any]) -> None:
    """Keep notes that can be made again, with a digest by which damage is seen."""
    replace(file, json.dumps({"seal": _seal(notes), "notes": notes}, sort_keys=True))


def _seal(notes: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(notes, sort_keys=True).encode()).hexdigest()
