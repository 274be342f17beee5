"""`make bench`: measure everything, print tables with ratios, keep the results as JSON and as rows for the record."""

from __future__ import annotations

import argparse
import csv
import json
import platform
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import cluster, first_chart, growth, speed
from bench.books import ROOT

SUITES = ("first-chart", "speed", "pages", "rows", "cluster")
RESULTS = ROOT / ".build" / "bench"
FIELDS = ("suite", "scenario", "system", "pages", "rows", "seconds", "bytes", "right", "repeats")


def main() -> None:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--suites", nargs="+", choices=SUITES, default=SUITES)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--pages", type=int, nargs="+", default=[12, 110, 400, 1000])
    parser.add_argument("--rows", type=int, nargs="+", default=[10**3, 10**4, 10**5, 10**6])
    given = parser.parse_args()
    RESULTS.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="casebook-bench-") as scratch:
        folder = Path(scratch)
        for suite in given.suites:
            print(f"\n{suite}", flush=True)
            measured = {
                "first-chart": lambda: first_chart.bench(folder / "first", given.repeats),
                "speed": lambda: speed.bench(folder / "speed", given.repeats),
                "pages": lambda: growth.pages(folder, tuple(given.pages)),
                "rows": lambda: growth.rows(folder, tuple(given.rows)),
                "cluster": lambda: cluster.bench(folder, given.repeats),
            }[suite]()
            (RESULTS / f"{suite}.json").write_text(json.dumps(measured, indent=1) + "\n", "utf-8")
    rows = list(summed(RESULTS))
    write_csv(rows, RESULTS / "benchmarks.csv")
    print_ratios(rows)


def summed(folder: Path) -> Iterable[dict[str, Any]]:
    """One row a suite, scenario, system and size: the median over the repeats."""
    groups: dict[tuple[Any, ...], list[dict[str, Any]]] = defaultdict(list)
    for suite in SUITES:
        if (file := folder / f"{suite}.json").is_file():
            for row in json.loads(file.read_text("utf-8")):
                groups[suite, row.get("scenario", ""), row.get("system", "casebook"), row.get("pages", ""), row.get("rows", "")].append(row)
    for (suite, scenario, system, pages, rows), found in groups.items():
        median = {name: statistics.median(row[name] for row in found) for name in ("seconds", "bytes") if name in found[0]}
        right = "no" if any(row.get("right") == "no" for row in found) else found[0].get("right", "")
        yield {
            "suite": suite,
            "scenario": scenario,
            "system": system,
            "pages": pages,
            "rows": rows,
            "seconds": round(median["seconds"], 3),
            "bytes": int(median["bytes"]) if "bytes" in median else "",
            "right": right,
            "repeats": len(found),
        }


def write_csv(rows: list[dict[str, Any]], file: Path) -> None:
    """The rows as `data/methods/benchmarks.csv` has them; copy them there to publish them."""
    today = datetime.now(UTC).date().isoformat()
    source = f"bench-{today}"
    columns = ["id", "event_date", *FIELDS, "status", "source_ids", "published_on", "supersedes", "note"]
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        named = []
        for row in rows:
            parts = [today, row["suite"], row["scenario"].replace("'", ""), row["system"], row["pages"], row["rows"]]
            id = "-".join(str(part).replace(" ", "-") for part in parts if part != "")
            named.append(
                {"id": f"bench-{id}", "event_date": today, **row, "status": "reported-official", "source_ids": source, "published_on": today}
            )
        writer.writerows(sorted(named, key=lambda row: row["id"]))
    print(f"\n{file.relative_to(ROOT)}: {len(rows)} rows, measured on {platform.machine()}, Python {platform.python_version()}")


def print_ratios(rows: list[dict[str, Any]]) -> None:
    """Every row, and how many times ours it is."""
    ours = {(row["suite"], row["scenario"]): row for row in rows if row["system"] in ("casebook", "ours", "local")}
    print(f"\n{'suite':12} {'scenario':28} {'system':22} {'seconds':>9} {'times ours':>10} {'bytes':>10} right")
    for row in rows:
        own = ours.get((row["suite"], row["scenario"]))
        times = f"{row['seconds'] / own['seconds']:.1f}" if own and own["seconds"] and row["system"] != own["system"] else ""
        size = f"{row['pages']} pages" if row["pages"] else f"{row['rows']} rows" if row["rows"] else row["scenario"]
        print(f"{row['suite']:12} {size:28} {row['system']:22} {row['seconds']:9.2f} {times:>10} {row['bytes']!s:>10} {row['right']}")


if __name__ == "__main__":
    main()
