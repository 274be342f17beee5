"""The shape of what is read and written: JSON Schema (draft 2020-12), by the schemas under `assets/schemas`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from casebook.errors import Problem

SCHEMAS = Path(__file__).parent / "assets" / "schemas"


@cache
def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))


def faults(content: Any, schema: str) -> Iterator[str]:
    """A line for each place where `content` is not of the shape: its path, and what is wrong."""
    for error in _schema(schema).iter_errors(content):
        # Few read a regular expression: a schema of what people write says in words what its pattern wants.
        wanted = error.schema.get("description") if error.validator == "pattern" else None
        what = f"{error.instance!r} is not {wanted}" if wanted else error.message
        yield f"{error.json_path}: {what[:160]}."


def check(content: Any, schema: str, name: str) -> None:
    """Raises Problem, each line led by `name`, where `content` is not of the shape."""
    if lines := [f"{name}: {line}" for line in faults(content, schema)]:
        raise Problem(*lines)
