"""What was measured, as Markdown: a table for each suite, seconds and bytes beside how many times ours they are."""

from __future__ import annotations

import statistics
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

Row = Mapping[str, Any]
# Title and words of each suite, in the order of the report.
SUITES = {
    "first-chart": (
        "Until a reader sees the first chart",
        "A phone's page: processor slowed four times, 10 Mbit/s, nothing cached.",
    ),
    "speed": (
        "From a change to a published site",
        "The same pages and data. Ours draws every picture and checks the whole site in that time; the others do neither. "
        "The plain way makes everything again, whatever changed. `right`: does the page show the row that changed? "
        "Observable Framework keeps what a data loader gave until the loader itself changes.",
    ),
    "pages": ("How cost grows with pages", "Books of more pages, run and written from nothing, without pictures."),
    "rows": (
        "How cost grows with rows",
        "One page's read of a few rows of a longer table; bytes are the most memory held.",
    ),
    "cluster": ("A Dask cluster", "Two workers on one machine, beside two jobs without it."),
}
SYSTEMS = {
    "casebook": "this book",
    "ours": "this book",
    "local": "this machine",
    "dask": "Dask, two workers",
    "papermill-each": "papermill for each page, then Jupyter Book",
    "jupyter-book-cache": "Jupyter Book with its cache",
    "jupyter-book-plotly": "Jupyter Book with Plotly as it comes",
    "observable-framework": "Observable Framework",
}
OURS = ("casebook", "ours", "local")
HEAD = """# Benchmarks

What `make bench` measured on {day}, on {machine}: medians of as many runs as `runs` says.
Seconds of two machines do not compare; read the ratios.
"""


def report(measured: Mapping[str, Sequence[Row]], day: str, machine: str) -> str:
    """The whole report. `measured`: the rows of each suite, one a run; `day` as YYYY-MM-DD."""
    parts = [HEAD.format(day=day, machine=machine)]
    parts += ["\n".join(section(suite, measured[suite])) for suite in SUITES if suite in measured]
    return "\n".join(parts)


def section(suite: str, runs: Sequence[Row]) -> Iterator[str]:
    """The lines of one suite's part: heading, words, table."""
    title, words = SUITES[suite]
    rows = list(medians(runs))
    ours = {row["size"]: row for row in rows if row["system"] in OURS}
    yield from (f"## {title}", "", words, "")
    yield "| what | by | seconds | times ours | bytes | right | runs |"
    yield "|---|---|---:|---:|---:|---|---:|"
    for row in rows:
        own = ours.get(row["size"])
        is_other = own is not None and row["system"] not in OURS
        times = f"{row['seconds'] / own['seconds']:.1f}" if own and is_other else ""
        size = f"{row['bytes']:,}" if row["bytes"] else ""
        who = SYSTEMS.get(row["system"], row["system"])
        yield f"| {row['size']} | {who} | {row['seconds']:.2f} | {times} | {size} | {row['right']} | {row['runs']} |"
    yield ""


def medians(runs: Iterable[Row]) -> Iterator[dict[str, Any]]:
    """One row for each system and size (pages, rows, or scenario), in order of size: medians, and wrong if any run was."""
    groups: dict[tuple[str, str], list[Row]] = {}
    for run in runs:
        size = f"{run['pages']:,} pages" if run.get("pages") else f"{run['rows']:,} rows" if run.get("rows") else ""
        groups.setdefault((size or run.get("scenario") or "a page", run.get("system", "casebook")), []).append(run)
    for (size, system), found in groups.items():
        rights = [run.get("right", "") for run in found]
        yield {
            "size": size,
            "system": system,
            "seconds": statistics.median(run["seconds"] for run in found),
            "bytes": int(statistics.median(run.get("bytes") or 0 for run in found)),
            "right": "no" if "no" in rights else rights[0],
            "runs": len(found),
        }
