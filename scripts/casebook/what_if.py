"""What the computed verdicts would be if the record were another: scenarios of `claims/flips`, and whole kinds of rows left out."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from casebook.data.facts import RANKS, fact_key
from casebook.data.record import LATEST, Record, Row
from casebook.files import as_csv, replace
from casebook.plan import Step, exhibits_of, made_page, plan
from casebook.project import Project
from casebook.run import run
from casebook.verdicts import FLIPS_TABLE, first_that_holds, steps_by_claim

CODED = ("data", "notebooks", "_config.yml", "_toc.yml", "requirements.lock")


def verdicts_if(project: Project, folder: Path, change: Callable[[Path], None]) -> dict[str, str]:
    """The verdict of each rule whose number can be computed, on a copy of the project under `folder` whose data `change` edits.

    Runs only the pages that publish a number of a rule. A claim is missing where its number has no value any more.
    Raises Problem as `run` does.
    """
    copied = copy_sources(project, folder)
    change(copied.data)
    record = Record(copied.data)
    rules = steps_by_claim(record, LATEST)
    wanted = {steps[0]["exhibit"] for steps in rules.values()}
    steps = [step for step in plan(copied, record, copied.book) if _publishes(step, wanted)]
    run(copied, steps, copied.book)
    numbers = {exhibit["id"]: exhibit for step in steps for exhibit in exhibits_of(made_page(copied.book, step.page.name))}
    return {
        claim: first_that_holds(rule, numbers[rule[0]["exhibit"]]["value"])["verdict"]
        for claim, rule in rules.items()
        if rule[0]["exhibit"] in numbers
    }


def copy_sources(project: Project, folder: Path) -> Project:
    """Copy what pages are made of into `folder`: record, notebooks, settings; no page that was made."""
    for name in CODED:
        source = project.root / name
        if source.is_dir():
            shutil.copytree(source, folder / name)
        elif source.is_file():
            shutil.copy(source, folder / name)
    return Project(folder)


def apply(data: Path, scenarios: Iterable[str]) -> None:
    """Lay the rows of these scenarios of `claims/flips` over the tables under `data`."""
    wanted = set(scenarios)
    for flip in Record(data).rows(FLIPS_TABLE):
        if flip["scenario"] in wanted:
            _lay(data, flip)


def without(data: Path, is_left_out: Callable[[str, Row], bool]) -> None:
    """Take the rows of tables of facts for which `is_left_out(table, row)` holds out of the tables under `data`."""
    record = Record(data)
    for table, resource in record.tables.items():
        if "factKey" in resource and not table.startswith("claims/"):
            kept = [row for row in record.all_rows(table) if not is_left_out(table, row)]
            replace(data / resource["path"], as_csv(record.fields(table), kept))


def _lay(data: Path, flip: Row) -> None:
    record, table = Record(data), flip["table"]
    cells = {name: cell for name, _, cell in (pair.partition("=") for pair in flip["cells"].split(";"))}
    key = fact_key(record, table)
    same = [row["id"] for row in record.rows(table) if all(row[name] == cells.get(name, "") for name in key)]
    if flip["how"] == "withdrawn":
        for id in same:
            mark = {
                "id": f"{flip['id']}-{id}",
                "table": table,
                "row": id,
                "rank": "deprecated",
                "reason": "what if",
                "published_on": flip["published_on"],
            }
            _append(data, record, RANKS, mark)
        return
    own = {"id": flip["id"] + "-row", "source_ids": flip["source_ids"], "published_on": flip["published_on"]}
    _append(data, record, table, cells | own | {"supersedes": ";".join(same) if flip["how"] == "corrected" else ""})


def _append(data: Path, record: Record, table: str, row: Row) -> None:
    with (data / record.tables[table]["path"]).open("a", encoding="utf-8", newline="") as file:
        csv.DictWriter(file, list(record.fields(table)), restval="", lineterminator="\n").writerow(row)


def _publishes(step: Step, wanted: set[str]) -> bool:
    code = "\n".join(cell.source for cell in step.template.cells if cell.cell_type == "code")
    return step.page.parameters["as_of"] == LATEST and any(f'"{id}"' in code for id in wanted)
