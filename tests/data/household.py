"""A small record with a table of every sort that the machine knows, for tests that spoil it."""

from __future__ import annotations

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from casebook.files import as_csv
from casebook.frame import ASSETS
from tests.conftest import edit_row

Rows = list[dict[str, str]]
STARTER = ASSETS / "starter" / "data"
TEXT, DAY, NUMBER = {"type": "string"}, {"type": "date"}, {"type": "number"}
CODE = {"type": "string", "constraints": {"pattern": "[A-Z]{3}"}}
KEPT = {"source_ids": "leaflet", "published_on": "2026-01-15", "supersedes": "", "note": ""}

TABLES: dict[str, tuple[dict[str, Any], dict[str, str], Rows]] = {
    "entities": (
        {"name": TEXT | {"constraints": {"required": True}}, "parent_id": TEXT},
        {"parent_id": ""},
        [
            {"id": "aqua", "name": "Aqua Works", "parent_id": "city"},
            {"id": "city", "name": "City of Easton", "parent_id": ""},
            {"id": "tesla", "name": "TESLA", "parent_id": ""},
        ],
    ),
    "water/bills": (
        {
            "company": TEXT,
            "payer": TEXT,
            "currency": CODE,
            "amount": NUMBER,
            "amount_low": NUMBER,
            "amount_high": NUMBER,
            "period_start": DAY,
            "period_end": DAY,
            "is_paid": {"type": "boolean"},
            "households": {"type": "integer", "constraints": {"minimum": 0, "maximum": 1000000}},
        },
        {"company": "entities"},
        [
            {"id": f"bill-{n}", "company": "aqua" if n < 4 else "city", "payer": "Households", "currency": "EUR", "amount": f"{n}000",
             "amount_low": f"{n}", "amount_high": f"{n}9", "period_start": f"2025-0{n}-01", "period_end": f"2025-0{n}-28",
             "is_paid": "true", "households": f"{n}00"}
            for n in range(1, 8)
        ],
    ),
    "claims/evidence": (
        {
            "claim_id": TEXT | {"constraints": {"required": True}},
            "stance": TEXT | {"constraints": {"required": True, "enum": ["supports", "contradicts", "context"]}},
            "fact": TEXT,
        },
        {"claim_id": "claims/claims"},
        [{"id": "e-1", "claim_id": "c1", "stance": "supports", "fact": "The works measured it.", "source_ids": "waterworks", "published_on": "2026-01-31"}],
    ),
    "methods/checks": (
        {"table": TEXT | {"constraints": {"required": True}}, "what": TEXT | {"constraints": {"required": True}},
         "check_by": DAY | {"constraints": {"required": True}}},
        {},
        [{"id": "check-1", "table": "water/use", "what": "the new year", "check_by": "2026-06-30"}],
    ),
}  # fmt: skip


def make(folder: Path) -> Path:
    """Write the record, which is whole, into a folder `data` under `folder`; return that."""
    data = Path(shutil.copytree(STARTER, folder / "data"))
    package = json.loads((data / "datapackage.json").read_text("utf-8"))
    use = next(resource for resource in package["resources"] if resource["name"] == "water/use")
    common = {field["name"]: field for field in use["schema"]["fields"] if field["name"] in ("id", *KEPT)}
    for table, (own, keys, rows) in TABLES.items():
        of_all = {name: field | ({"references": table} if name == "supersedes" else {}) for name, field in common.items()}
        described = {name: {"name": name, "description": name, **field} for name, field in own.items()}
        fields = {"id": of_all.pop("id"), **described, **of_all}
        foreign = [{"fields": [column], "reference": {"resource": target, "fields": ["id"]}} for column, target in keys.items()]
        schema = {"fields": list(fields.values()), "primaryKey": ["id"], "foreignKeys": foreign}
        package["resources"].append({"name": table, "path": f"{table}.csv", "title": table, "description": table, "schema": schema})
        (data / f"{table}.csv").parent.mkdir(exist_ok=True)
        (data / f"{table}.csv").write_text(as_csv(fields, [KEPT | row for row in rows]), "utf-8")
    (data / "datapackage.json").write_text(json.dumps(package, indent=1), "utf-8")
    return data


def rows_of(data: Path, table: str) -> Rows:
    with (data / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def put(data: Path, table: str, rows: Rows) -> None:
    (data / f"{table}.csv").write_text(as_csv(rows[0], rows), "utf-8")


def cells(table: str, id: str, **changed: str) -> Callable[[Path], None]:
    """A mistake: other cells in the row with this id."""
    return lambda data: edit_row(data / f"{table}.csv", id, lambda row: row.update(changed))


def row(table: str, **cells: str) -> Callable[[Path], None]:
    """A mistake: one more row, like the last but for these cells."""

    def spoil(data: Path) -> None:
        rows = rows_of(data, table)
        put(data, table, [*rows, rows[-1] | cells])

    return spoil


def described(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """A mistake in datapackage.json, given as what it does to what the file says."""

    def spoil(data: Path) -> None:
        package = json.loads((data / "datapackage.json").read_text("utf-8"))
        change(package)
        (data / "datapackage.json").write_text(json.dumps(package), "utf-8")

    return spoil


def resource(package: dict[str, Any], table: str) -> Any:
    return next(resource for resource in package["resources"] if resource["name"] == table)


def field(package: dict[str, Any], table: str, column: str) -> Any:
    return next(field for field in resource(package, table)["schema"]["fields"] if field["name"] == column)
