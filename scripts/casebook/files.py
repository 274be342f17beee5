"""Files that people write, files in one form that are there whole or not at all, and notes that a cut or a flipped bit makes worthless."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import math
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NoReturn

import yaml

from casebook.errors import Problem
from casebook.signs import hidden

# Of YAML, a kilobyte takes some five milliseconds.
MOST_BYTES = {".yml": 200_000, ".yaml": 200_000}
MOST_TEXT_BYTES = 2_000_000
JSON = (".json", ".geojson", ".ipynb")
DEEPEST = 30
NESTED = f"it is nested more than {DEEPEST} deep; a bracket is never closed, or this is another kind of file"
MOST_DIGITS = 18


def replace(file: Path, content: str | bytes) -> None:
    """Put a file in the place of the one that stands, by one rename."""
    file.parent.mkdir(parents=True, exist_ok=True)
    # Of this process alone: two that write the same file must not rename each other's half.
    scratch = file.with_name(f"{file.name}.{os.getpid()}.part")
    scratch.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    scratch.replace(file)


def read_text(file: Path, name: str) -> str:
    """A text file that people write. `name` is what they call it.

    Raises Problem where it is missing, no plain file, too large, not UTF-8, or holds a character that nobody sees.
    """
    try:
        if not file.is_file():
            what = "it is not a plain file; put one there" if file.exists() else "the file is missing; restore it"
            raise Problem(f"{name}: {what}.")
        most = MOST_BYTES.get(file.suffix, MOST_TEXT_BYTES)
        if file.stat().st_size > most:
            raise Problem(f"{name}: it is larger than {most // 1000} kB, which nobody writes by hand; split it.")
        text = file.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        line = error.object[: error.start].count(b"\n") + 1
        raise Problem(f"{name}, line {line}: byte 0x{error.object[error.start]:02x} is not UTF-8; save the file as UTF-8.") from None
    except OSError as error:
        raise Problem(f"{name}: it cannot be read ({error.strerror}); put a plain file there.") from None
    if found := hidden(text, allowed="\n\t"):
        line = text[: found.start()].count("\n") + 1
        raise Problem(f"{name}, line {line}: invisible character U+{ord(found[0]):04X}; delete it.")
    return text


class PlainLoader(yaml.SafeLoader):
    """YAML in which every value stands where it is used, no key twice, no tag says what kind a value is of, and a day is text."""

    _deep = 0

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        tag = super().resolve(kind, value, implicit)
        return self.DEFAULT_SCALAR_TAG if tag.endswith(":timestamp") else tag

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        event = self.peek_event()
        # A few lines of aliases can stand for gigabytes.
        if isinstance(event, yaml.AliasEvent):
            self._refuse("an alias; write out what it stands for", event.start_mark)
        if getattr(event, "tag", None) is not None:
            self._refuse(f"the tag {event.tag}; write the value without it", event.start_mark)
        if self._deep > DEEPEST:
            self._refuse(f"nested more than {DEEPEST} deep", event.start_mark)
        self._deep += 1
        node = super().compose_node(parent, index)
        self._deep -= 1
        return node

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        mapping = super().construct_mapping(node, deep)
        if len(mapping) < len(node.value):
            keys = [self.construct_object(key, deep=True) for key, _ in node.value]
            place = next(place for place, key in enumerate(keys) if key in keys[:place])
            self._refuse(f"the key '{keys[place]}' is used twice", node.value[place][0].start_mark)
        return mapping

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:
        try:
            return super().construct_object(node, deep)
        except ValueError as error:
            self._refuse(str(error), node.start_mark)

    def _refuse(self, what: str, mark: Any) -> NoReturn:
        raise yaml.MarkedYAMLError(problem=what, problem_mark=mark)


def load(file: Path, name: str) -> Any:
    """What a JSON, notebook or YAML file that people write says. `name` is what they call it. Raises Problem where it cannot be read."""
    text = read_text(file, name)
    try:
        content = from_json(text) if file.suffix in JSON else from_yaml(text)
        if (problem := _of_content(content)) is not None:
            raise Problem(f"{name}: {problem}.")
    except json.JSONDecodeError as error:
        raise Problem(
            f"{name}, line {error.lineno}, column {error.colno}: not valid JSON here ({error.msg}); look at this line and the one before."
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        where = f", line {mark.line + 1}, column {mark.column + 1}" if mark else ""
        raise Problem(f"{name}{where}: not valid YAML here ({error.problem}); look at this line and the one before.") from None
    except RecursionError:
        raise Problem(f"{name}: {NESTED}.") from None
    except (yaml.YAMLError, ValueError) as error:
        kind = "JSON" if file.suffix in JSON else "YAML"
        raise Problem(f"{name}: not valid {kind} ({' '.join(str(error).split())}); correct it.") from None
    return content


def from_yaml(text: str) -> Any:
    """What a YAML text says. Raises YAMLError for what it may not hold."""
    return PlainLoader(text).get_single_data()


def from_json(text: str) -> Any:
    """What a JSON text says. Raises ValueError for a key used twice, and for a number that is none, or no machine holds."""
    return json.loads(text, object_pairs_hook=_own_keys, parse_constant=_no_number, parse_int=_whole, parse_float=_finite)


def _own_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if twice := [key for key, count in Counter(key for key, _ in pairs).items() if count > 1]:
        raise ValueError(f"the key '{twice[0]}' is used twice in one object")
    return dict(pairs)


def _no_number(text: str) -> Any:
    raise ValueError(f"{text} is not a number")


def _whole(text: str) -> int:
    return int(text) if len(text) <= MOST_DIGITS else _no_number(f"{text[:MOST_DIGITS]}...")


def _finite(text: str) -> float:
    return value if math.isfinite(value := float(text)) else _no_number(text)


def _of_content(content: Any) -> str | None:
    """What is wrong with a value as it was read: nested too deep, or a text that holds, by an escape, what nobody sees."""
    level, depth = [content], 0
    while level:
        for text in level:
            if isinstance(text, str) and (found := hidden(text, allowed="\n\t")):
                return f"invisible character U+{ord(found[0]):04X} in '{text[: found.start()][-40:]}'; delete it"
        if (depth := depth + 1) > DEEPEST + 1:
            return NESTED
        level = [part for value in level if isinstance(value, dict | list) for part in _parts(value)]
    return None


def _parts(value: dict[Any, Any] | list[Any]) -> Iterable[Any]:
    return value if isinstance(value, list) else [*value, *value.values()]


def as_csv(columns: Iterable[str], rows: Iterable[Mapping[str, str]]) -> str:
    """Rows as CSV text: a line feed ends a line, and quotes stand only where needed."""
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue()


def load_checked(file: Path) -> dict[str, Any]:
    """What `save_checked` kept; nothing where the file is missing, cut, or not ours."""
    try:
        kept = json.loads(file.read_text("utf-8"))
        return kept["notes"] if kept["checksum"] == _checksum(kept["notes"]) else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def save_checked(file: Path, notes: dict[str, Any]) -> None:
    """Keep notes that can be made again, with a digest by which damage is seen."""
    replace(file, json.dumps({"checksum": _checksum(notes), "notes": notes}, sort_keys=True))


def _checksum(notes: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(notes, sort_keys=True).encode()).hexdigest()
