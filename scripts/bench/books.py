"""Books to measure: the starter with as many towns, and as many rows, as asked."""

from __future__ import annotations

import csv
import shutil
from pathlib import Path

import yaml

import casebook
from casebook.project import Project

ROOT = Path(__file__).parents[2]
STARTER = Path(casebook.__file__).parent / "assets" / "starter"
PAGES_A_SECTION = 25


def make_book(folder: Path, towns: int, months: int = 12, paged: int = 0) -> Project:
    """A book of `towns` towns with `months` rows each, a page for each of them (or for the first `paged`), its sidebar in sections of 25 pages."""
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(STARTER, folder)
    for file in ("_config.yml", "requirements.lock", "book/favicon.svg"):
        shutil.copy(ROOT / file, folder / file)
    table = folder / "data" / "water" / "use.csv"
    with table.open(encoding="utf-8", newline="") as text:
        fields = list(csv.DictReader(text).fieldnames or [])
    with table.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, fields, restval="", lineterminator="\n")
        writer.writeheader()
        for town in range(towns):
            for month in range(months):
                day = f"{2000 + month // 12 % 26}-{month % 12 + 1:02}-28"
                row = {"id": f"{name(town)}-{month}", "town": name(town), "event_date": day, "litres": 100 + (town * 7 + month * 13) % 60}
                writer.writerow(row | {"status": "reported-official", "source_ids": "waterworks", "published_on": "2026-01-31"})
    for file in ("claims.csv", "verdicts.csv", "rules.csv"):
        claims = folder / "data" / "claims" / file
        claims.write_text(claims.read_text("utf-8").splitlines()[0] + "\n", "utf-8")
    section = "s{section:03}"
    pages = [
        {
            "page": f"water/{section.format(section=town // PAGES_A_SECTION)}/{name(town)}",
            "notebook": "water/town",
            "parameters": {"town": name(town)},
        }
        for town in range(paged or towns)
    ]
    (folder / "notebooks" / "pages.yml").write_text(yaml.safe_dump(pages, sort_keys=False), "utf-8")
    sections = sorted({str(Path(page["page"]).parent) for page in pages})
    for part in sections:
        (folder / "book" / part).mkdir(parents=True)
        (folder / "book" / part / "index.md").write_text(
            f"# Towns {''.join('abcdefghij'[int(digit)] for digit in part[-3:])}\n\n```{{tableofcontents}}\n```\n", "utf-8"
        )
    (folder / "book" / "index.md").write_text("# Water\n\nEvery town.\n", "utf-8")
    (folder / "book" / "water" / "index.md").unlink()
    chapters = [{"file": f"{part}/index", "sections": [{"glob": f"{part}/t*"}]} for part in sections]
    toc = {
        "format": "jb-book",
        "root": "index",
        "chapters": [*chapters, {"file": "methods/sources"}, {"file": "methods/dictionary"}, {"file": "methods/changes"}],
    }
    (folder / "_toc.yml").write_text(yaml.safe_dump(toc, sort_keys=False), "utf-8")
    return Project(folder)


def name(town: int) -> str:
    return f"t{town:04}"
