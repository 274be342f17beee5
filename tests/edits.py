"""What people change between two builds of a story, done at random on the starter's book: each edit leaves a book that builds."""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from tests.conftest import ROOT

Row = dict[str, str]


def rows(root: Path, table: str, change: Callable[[list[Row]], object]) -> None:
    """Change the rows of a table in place."""
    file = root / "data" / f"{table}.csv"
    with file.open(encoding="utf-8", newline="") as text:
        found = list(csv.DictReader(text))
    columns = list(found[0])
    change(found)
    with file.open("w", encoding="utf-8", newline="") as text:
        writer = csv.DictWriter(text, columns, lineterminator="\n")
        writer.writeheader()
        writer.writerows(found)


def text(root: Path, file: str, change: Callable[[str], str]) -> None:
    (root / file).write_text(change((root / file).read_text("utf-8")), "utf-8")


def content(root: Path, file: str, change: Callable[[Any], object]) -> None:
    """Change a JSON or YAML file in place."""
    path = root / file
    found = json.loads(path.read_text("utf-8")) if path.suffix != ".yml" else yaml.safe_load(path.read_text("utf-8"))
    change(found)
    path.write_text(json.dumps(found, indent=1) if path.suffix != ".yml" else yaml.safe_dump(found, sort_keys=False), "utf-8")


def resource(package: dict[str, Any], name: str) -> dict[str, Any]:
    return next(table for table in package["resources"] if table["name"] == name)


# -- rows -----------------------------------------------------------------------------------------


def a_reading(root: Path, lot: random.Random) -> None:
    rows(root, "water/use", lambda found: lot.choice(found[12:]).update(litres=f"{lot.uniform(100, 110):.1f}"))


def another_reading(root: Path, lot: random.Random) -> None:
    def add(found: list[Row]) -> None:
        reading = {"id": f"easton-again-{len(found)}", "event_date": f"2025-12-{lot.randrange(10, 31)}", "litres": f"{lot.uniform(100, 110):.1f}"}
        found.append(found[0] | reading)

    rows(root, "water/use", add)


def a_town_comes_or_goes(root: Path, lot: random.Random) -> None:
    def change(found: list[Row]) -> None:
        if any(row["town"] == "norton" for row in found):
            found[:] = [row for row in found if row["town"] != "norton"]
        else:
            found += [row | {"id": row["id"].replace("weston", "norton"), "town": "norton"} for row in found if row["id"].startswith("weston-20")]

    rows(root, "water/use", change)


def a_correction(root: Path, lot: random.Random) -> None:
    def supersede(found: list[Row]) -> None:
        old = lot.choice([row for row in found[12:] if not row["supersedes"] and row["id"] not in {r["supersedes"] for r in found}])
        found.append(old | {"id": f"{old['id']}-again", "litres": "105", "published_on": "2026-01-31", "supersedes": old["id"]})

    rows(root, "water/use", supersede)


def a_source(root: Path, lot: random.Random) -> None:
    rows(root, "sources", lambda found: lot.choice(found).update(publisher=f"A paper renamed {lot.randrange(99)}"))


def a_new_source(root: Path, lot: random.Random) -> None:
    rows(root, "sources", lambda found: found.append(found[0] | {"id": f"paper-{len(found)}", "publisher": f"Paper {len(found)}"}))


def a_moved_verdict(root: Path, lot: random.Random) -> None:
    def move(found: list[Row]) -> None:
        last = found[-1]
        found.append(last | {"id": f"v-c1-{len(found) + 1}", "basis": f"Use fell, read again {len(found)}.", "supersedes": last["id"]})

    rows(root, "claims/verdicts", move)


def a_claim_reworded(root: Path, lot: random.Random) -> None:
    rows(root, "claims/claims", lambda found: found[0].update(claim_en=f"Easton uses more water than {lot.randrange(99)} towns."))


def a_rule(root: Path, lot: random.Random) -> None:
    rows(root, "claims/rules", lambda found: found[0].update(bound=f"0.0{lot.randrange(2, 9)}"))


# -- words ----------------------------------------------------------------------------------------


def a_sentence(root: Path, lot: random.Random) -> None:
    chapter = lot.choice(sorted(str(file.relative_to(root)) for file in (root / "book").rglob("*.md")))
    text(root, chapter, lambda old: f"{old}\nA sentence of {lot.choice(['rain', 'drought', 'wells'])}.\n")


def a_heading(root: Path, lot: random.Random) -> None:
    text(root, "book/water/index.md", lambda old: f"# Water {lot.choice('abcdef')}\n" + old.split("\n", 1)[1])


def a_citation(root: Path, lot: random.Random) -> None:
    cited = lot.choice(["{number}`towns`", "{verdict}`c1`", "{source}`leaflet`", "\n```{exhibit} use-easton\n```\n"])
    text(root, "book/water/index.md", lambda old: old.replace("\n```{page-sources}", f"\nWe say {cited}.\n\n```{{page-sources}}"))


def a_chapter_comes_or_goes(root: Path, lot: random.Random) -> None:
    chapter = root / "book" / "water" / "wells.md"
    if chapter.is_file():
        chapter.unlink()
        text(root, "_toc.yml", lambda old: old.replace("      - file: water/wells\n", ""))
    else:
        chapter.write_text("# Wells\n\nEaston's use changed by {number}`easton-change`.\n\n```{exhibit} use-weston\n```\n", "utf-8")
        text(root, "_toc.yml", lambda old: old.replace("  - caption: The claims\n", "      - file: water/wells\n  - caption: The claims\n"))


def an_order(root: Path, lot: random.Random) -> None:
    first, second = "          - file: water/use\n", "          - glob: water/town/*\n"
    text(
        root,
        "_toc.yml",
        lambda old: old.replace(first + second, second + first) if first + second in old else old.replace(second + first, first + second),
    )


def a_caption(root: Path, lot: random.Random) -> None:
    text(
        root,
        "_toc.yml",
        lambda old: old.replace("caption: The story", "caption: Our story") if "The story" in old else old.replace("Our story", "The story"),
    )


# -- notebooks ------------------------------------------------------------------------------------


def a_comment(root: Path, lot: random.Random) -> None:
    notebook = lot.choice(["water/use", "water/town", "claims/claim"])
    content(root, f"notebooks/{notebook}.ipynb", lambda book: book["cells"][-1]["source"].insert(0, f"# a reason, {lot.randrange(99)}\n"))


def code(root: Path, lot: random.Random) -> None:
    notebook, chart = lot.choice([("water/use", 3), ("water/town", 1)])

    def change(book: Any) -> None:
        cell = book["cells"][chart]
        cell["source"] = (
            "".join(cell["source"]).replace('"Litres a person a day', f'"{lot.choice(["Many", "Some"])} litres a person a day').splitlines(True)
        )

    content(root, f"notebooks/{notebook}.ipynb", change)


def a_page_title(root: Path, lot: random.Random) -> None:
    content(
        root, "notebooks/water/use.ipynb", lambda book: book["cells"][0].update(source=[f"# Water used {lot.choice('abcdef')}\n", "\n", "Litres.\n"])
    )


def a_page_comes_or_goes(root: Path, lot: random.Random) -> None:
    about = {"page": "water/again", "notebook": "water/use", "suffix": "-again"}
    content(root, "notebooks/pages.yml", lambda pages: pages.remove(about) if about in pages else pages.append(about))
    line, before = "          - file: water/again\n", "          - file: water/use\n"
    text(root, "_toc.yml", lambda old: old.replace(line, "") if line in old else old.replace(before, line + before))


# -- settings -------------------------------------------------------------------------------------


def a_setting(root: Path, lot: random.Random) -> None:
    def change(config: dict[str, Any]) -> None:
        which = lot.choice(["title", "author", "address", "branch"])
        if which == "address":
            config["html"]["baseurl"] = f"https://{lot.choice('abcdef')}.example/"
        elif which == "branch":
            config["repository"]["branch"] = lot.choice(["main", "trunk"])
        else:
            config[which] = f"Name {lot.choice('abcdef')}"

    content(root, "_config.yml", change)


def a_title_of_a_table(root: Path, lot: random.Random) -> None:
    content(root, "data/datapackage.json", lambda package: resource(package, "water/use").update(title=f"Water used {lot.randrange(99)}"))


def a_description_of_a_column(root: Path, lot: random.Random) -> None:
    content(
        root,
        "data/datapackage.json",
        lambda package: resource(package, "water/use")["schema"]["fields"][3].update(description=f"Litres {lot.randrange(99)}"),
    )


def a_unit(root: Path, lot: random.Random) -> None:
    content(root, "data/datapackage.json", lambda package: package["units"]["litres"].update(suffix=f" {lot.choice(['litres', 'l', 'L'])}"))


def a_version(root: Path, lot: random.Random) -> None:
    def move_on(package: dict[str, Any]) -> None:
        day = f"2026-0{lot.randrange(2, 9)}-1{lot.randrange(9)}"
        package.update(version=day.replace("-", "."), created=f"{day}T00:00:00Z")
        text(root, "data/CHANGES.md", lambda old: old.replace("## ", f"## {package['version']}\n\nReadings of {day}.\n\n## ", 1))

    content(root, "data/datapackage.json", move_on)
    # Newest first, and no version twice.
    head, *versions = (root / "data" / "CHANGES.md").read_text("utf-8").split("\n## ")
    (root / "data" / "CHANGES.md").write_text(
        "\n## ".join([head.rstrip("\n") + "\n", *(f"{v.strip()}\n" for v in sorted(set(versions), reverse=True))]), "utf-8"
    )


def shapes(root: Path, lot: random.Random) -> None:
    world = json.loads((ROOT / "data" / "geo" / "countries.geojson").read_text("utf-8"))
    world |= {"features": world["features"][:5], "name": f"drawing {lot.randrange(99)}"}
    (root / "data" / "geo").mkdir(exist_ok=True)
    (root / "data" / "geo" / "countries.geojson").write_text(json.dumps(world), "utf-8")


# After these Sphinx goes on from its last build; after the others it starts over.
QUIET = [a_reading, another_reading, a_correction, a_moved_verdict, a_rule, a_sentence, a_citation, a_comment, code, shapes]
LOUD = [
    *(a_town_comes_or_goes, a_source, a_new_source, a_claim_reworded, a_heading, a_chapter_comes_or_goes, an_order, a_caption),
    *(a_page_title, a_page_comes_or_goes, a_setting, a_title_of_a_table, a_description_of_a_column, a_unit, a_version),
]
