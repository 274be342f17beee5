"""Files that people write, files in one form that are there whole or not at all, and notes that a cut or a flipped bit makes worthless."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import yaml

from casebook.errors import Problem


def replace(file: Path, content: str | bytes) -> None:
    """Put a file in the place of the one that stands, by one rename."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Of this process alone: two that write the same file must not rename each other's half.
    scratch = file.with_name(f"{file.name}.{os.getpid()}.part")
    scratch.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    scratch.replace(file)


def read_text(file: Path, name: str) -> str:
    """A text file that people write. `name` is what they call it. Raises Problem where it is missing, or not UTF-8."""
    try:
        return file.read_text("utf-8")
    except FileNotFoundError:
        raise Problem(f"{name}: the file is missing; restore it.") from None
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Problem(f"{name}, line {line}: byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8.") from None


def load(file: Path, name: str) -> Any:
    """What a JSON, notebook or YAML file that people write says. `name` is what they call it. Raises Problem where it cannot be read."""
    text = read_text(file, name)
    try:
        return json.loads(text) if file.suffix in (".json", ".ipynb") else yaml.safe_load(text)
    except json.JSONDecodeError as error:
        raise Problem(
            f"{name}, line {error.lineno}, column {error.colno}: not valid JSON here ({error.msg}); look at this line and the one before."
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Problem(f"{name}{where}: not valid YAML here ({error.problem}); look at this line and the one before.") from None
    except yaml.YAMLError as error:
        raise Problem(f"{name}: not valid YAML ({' '.join(str(error).split())}); correct it.") from None


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
