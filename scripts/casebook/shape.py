"""The shape of what is read and written: JSON Schema (draft 2020-12), by the schemas under `assets/schemas`."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

from casebook.errors import Problem, meant, some

SCHEMAS = Path(__file__).parent / "assets" / "schemas"
KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "keys with values",
    "null": "empty",
}
# What an item of a list is called by, where it has one of these keys.
NAMES = ("page", "name", "caption", "file", "glob", "url")


@cache
def _schema(name: str) -> Draft202012Validator:
    return Draft202012Validator(json.loads((SCHEMAS / f"{name}.json").read_text("utf-8")))


def faults(content: Any, schema: str) -> Iterator[str]:
    """A line for each place where `content` is not of the shape: the place, what is wrong, and what to do."""
    by_place: dict[str, list[Any]] = defaultdict(list)
    for error in _schema(schema).iter_errors(content):
        by_place[_place(error.absolute_path, content)].append(error)
    for place, errors in by_place.items():
        where = f"{place}: " if place else ""
        # Of a misspelt key two rules are broken, and it is one mistake.
        rules = {error.validator: error for error in errors}
        if unknown := rules.get("additionalProperties"):
            yield f"{where}{_unknown(unknown)}"
        elif missing := rules.get("required"):
            yield f"{where}{_missing(missing)}"
        else:
            yield from (f"{where}{_words(error)}" for error in rules.values())


def check(content: Any, schema: str, name: str) -> None:
    """Raises Problem, each line led by `name`, where `content` is not of the shape."""
    if lines := [f"{name}: {line}" for line in faults(content, schema)]:
        raise Problem(*lines)


def _place(path: Iterable[str | int], content: Any) -> str:
    """The way to a value, an item of a list by its name where it has one, else by its number from 1."""
    parts = []
    for step in path:
        content = content[step]
        if isinstance(step, str):
            parts.append(step)
        else:
            named = [content[key] for key in NAMES if isinstance(content.get(key), str)] if isinstance(content, dict) else []
            parts.append(named[0][:60] if named else f"number {step + 1}")
    return ", ".join(parts)


def _unknown(error: Any) -> str:
    known = error.schema["properties"]
    unknown = next(key for key in error.instance if key not in known)
    return f"unknown key '{unknown[:60]}'; {meant(unknown, known)}"


def _missing(error: Any) -> str:
    missing = [key for key in error.schema["required"] if key not in error.instance]
    others = [key for key in error.instance if key not in error.schema.get("properties", {})]
    guess = meant(missing[0], others) if others else ""
    if guess.startswith("did you mean"):
        return f"the key '{missing[0]}' is missing; is it misspelt as {guess.split()[-1].rstrip('?')}?"
    return f"the key '{missing[0]}' is missing; add it." if len(missing) == 1 else f"the keys {some(missing, 12)} are missing; add them."


def _words(error: Any) -> str:
    value, wanted = error.instance, error.validator_value
    match error.validator:
        case "type":
            kinds = [KINDS[kind] for kind in ([wanted] if isinstance(wanted, str) else wanted)]
            quotes = "; put it in quotes" if "text" in kinds and isinstance(value, bool | int | float) else ""
            return f"{_shown(value)} must be {' or '.join(kinds)}{quotes}."
        case "enum":
            return f"{_shown(value)} is not one of {some(wanted, 20)}; {meant(value, map(str, wanted), 'use one of these.')}"
        case "const":
            return f"{_shown(value)} must be '{wanted}'."
        case "minLength" | "minItems" | "minProperties":
            return "it is empty; fill it in."
        case "maxLength" | "maxItems":
            return f"it is longer than {wanted}; shorten it."
        case "minimum" | "maximum":
            return f"{_shown(value)} is {'below' if error.validator == 'minimum' else 'above'} {wanted}; correct it."
        case "oneOf" if "description" in error.schema:
            return f"it must have {error.schema['description']}."
        case "pattern" if "description" in error.schema:
            # Few read a regular expression: a schema of what people write says in words what its pattern wants.
            return f"{_shown(value)} is not {error.schema['description']}; correct it."
        case "not" if "description" in error.schema:
            return f"take it out: {error.schema['description']}."
    return f"{error.message[:160]}."


def _shown(value: Any) -> str:
    if isinstance(value, dict | list):
        return "this set of keys" if isinstance(value, dict) else "this list"
    return "this empty value" if value is None else f"'{value}'"[:80]
