"""A good record spoilt by a generator: whatever was done to it, it is valid, or refused in lines, and nothing is written."""

from __future__ import annotations

import contextlib
import json
import shutil
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from casebook.data.record import Record
from casebook.data.validate import validate
from casebook.desk import add
from casebook.errors import Problem
from tests.data.household import make

VALUES: list[Any] = [
    "", " ", ";", "a;b", "=1", "-1", "1e400", "007", "true", "TRUE", "null", "[]", "../..", "2020-02-30", "2025-1-1", "9999-12-31",
    "aqua", "water/use", "c1", "leaflet", "leaflet;leaflet", "https://[", "https://u:p@h.org", "W\u0430ter", "\u202e", "\ud800", "\x00",
    "\u3164", "nan", "inf", "between", "at_least", "otherwise", "x" * 11_000, "(a+)+$", "[a-", "string", "list", "integer", "number", ".",
    None, True, False, 0, -1, 1e300, 10**30, [], {}, [1], ["a", "a"], {"a": {}},
]  # fmt: skip


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make(tmp_path_factory.mktemp("good"))


def contents(data: Path) -> dict[str, bytes]:
    return {file.relative_to(data).as_posix(): file.read_bytes() for file in sorted(data.rglob("*")) if file.is_file()}


def hold(data: Path) -> None:
    """What must hold of any record at all."""
    before = contents(data)
    try:
        counts = validate(data)
    except Problem as problem:
        assert problem.findings
        for line in problem.findings:
            assert line.startswith(("data/", "and ")) and "\n" not in line and line.isprintable() and len(line) < 1000, line
            assert str(data) not in line
    else:
        record = Record(data)
        for table, count in counts.items():
            rows = record.all_rows(table)
            assert len(rows) == count and all(list(row) == list(record.fields(table)) for row in rows)
    for act in (
        lambda: add(data, "water/use", {"id": "new", "town": "easton"}),
        lambda: [record.rows(table, "2026-01-20") for record in [Record(data)] for table in record.tables],
    ):
        with contextlib.suppress(Problem):
            act()
    assert contents(data) == before


@settings(max_examples=30)
@given(seed=st.integers(0, 10**9))
def test_any_tables(good: Path, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = Path(shutil.copytree(good, tmp_path_factory.mktemp("record") / "data"))
    spoil_tables(folder, Random(seed))
    hold(folder)


@settings(max_examples=30)
@given(seed=st.integers(0, 10**9))
def test_any_descriptor(good: Path, tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    folder = Path(shutil.copytree(good, tmp_path_factory.mktemp("record") / "data"))
    spoil_descriptor(folder, Random(seed))
    hold(folder)


def spoil_tables(folder: Path, chance: Random) -> None:
    """Change cells, rows and bytes of one to three tables."""
    for _ in range(chance.randint(1, 3)):
        file = folder / chance.choice([table["path"] for table in Record(folder).tables.values()])
        lines = file.read_bytes().split(b"\n")
        row = chance.randrange(min(len(lines), 8))
        match chance.choice(["cell", "cell", "cell", "more", "row", "gone", "bytes", "end", "twice"]):
            case "cell" | "more" as what:
                cells = lines[row].split(b",")
                place = chance.randrange(len(cells))
                word = str(chance.choice(VALUES)).encode("utf-8", "surrogatepass")
                cells[place : place + (what == "cell")] = [b'"' + word.replace(b'"', b'""') + b'"']
                lines[row] = b",".join(cells)
            case "row":
                lines.insert(row, chance.randbytes(chance.randint(0, 30)))
            case "gone":
                del lines[row]
            case "bytes":
                lines[row] = lines[row][: chance.randint(0, 20)] + chance.randbytes(2)
            case "end":
                lines = [line + b"\r" for line in lines]
            case "twice":
                lines.append(lines[row])
        file.write_bytes(b"\n".join(lines))


def spoil_descriptor(folder: Path, chance: Random) -> None:
    """Change, rename, repeat or take out one to three values of datapackage.json, however deep they stand."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    for _ in range(chance.randint(1, 3)):
        inner: Any = package
        for _ in range(chance.randint(0, 8)):
            parts = inner.values() if isinstance(inner, dict) else inner
            if deeper := [part for part in parts if isinstance(part, dict | list) and part]:
                inner = chance.choice(deeper)
        key = chance.choice(list(inner) if isinstance(inner, dict) else range(len(inner)))
        match chance.choice(["value", "value", "gone", "other"]):
            case "value":
                inner[key] = chance.choice(VALUES)
            case "gone" if len(package) > 1:
                del inner[key]
            case _ if isinstance(inner, dict):
                inner[str(chance.choice(VALUES))] = inner.pop(key)
            case _:
                inner.append(inner[key])
    (folder / "datapackage.json").write_text(json.dumps(package), "utf-8")
