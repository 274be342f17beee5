"""Run the stale pages by papermill, several at once; each made page is written whole or not at all."""

from __future__ import annotations

import json
import logging
import re
import time
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import Future, as_completed
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from casebook.data.record import LATEST
from casebook.errors import Problem, of_notebooks
from casebook.files import replace
from casebook.log import Log, no_log
from casebook.mime import EXHIBIT_MIME, TEXT_MIME, contents, own
from casebook.notebook import check_text
from casebook.pages import Page
from casebook.plan import FRESH, REWORDED, STALE, Step, checksum, made_file, made_page, missing_exhibits
from casebook.pool import open_pool
from casebook.project import Project

if TYPE_CHECKING:
    from papermill.exceptions import PapermillExecutionError

CELL_SECONDS = 120
CELL_LINE = re.compile(r"Cell In\[\d+\], line (\d+)")
SOURCES_CELL = "```{page-sources}\n```"


@dataclass(frozen=True)
class Done:
    """What a run brought: seconds by page, of those that ran."""

    seconds: dict[str, float]

    def summary(self, steps: Sequence[Step], wall: float) -> str:
        """One line for people: how many ran, how long, the slowest, how many got new text, how many were fresh."""
        states = Counter(step.state for step in steps)
        slowest = sorted(self.seconds.items(), key=lambda item: -item[1])[:3]
        slow = f" ({', '.join(f'{page} {seconds:.1f} s' for page, seconds in slowest)})" if slowest else ""
        reworded = f", {states[REWORDED]} got new text" if states[REWORDED] else ""
        return f"pages: {len(self.seconds)} ran in {wall:.1f} s{slow}{reworded}, {states[FRESH]} fresh"


def run(project: Project, steps: Sequence[Step], book: Path, jobs: int = 0, scheduler: str = "", log: Log = no_log) -> Done:
    """Bring every page that is not fresh up to date under `book`, here or on a cluster (see `pool`).

    All pages are tried; then Problem is raised with a finding for each way in which a notebook failed: page,
    parameters, cell and error. A failed page leaves its old file as it was.
    `log` is told of each page as it is done.
    """
    for step in steps:
        if step.state == REWORDED:
            write_page(_reword(step, json.loads(made_file(book, step.page.name).read_text("utf-8"))), made_file(book, step.page.name))
            log(page=step.page.name, state=REWORDED)
    stale = [step for step in steps if step.state == STALE]
    seconds: dict[str, float] = {}
    if not stale:
        return Done(seconds)
    failed: list[tuple[str, str]] = []
    with open_pool(project, jobs, scheduler) as pool:
        waiting: dict[Future[tuple[dict[str, Any], float]], Step] = {pool.submit(make_page, step): step for step in stale}
        # disable=None: no bar where the output is not a terminal.
        bar = tqdm(as_completed(waiting), total=len(waiting), desc="pages", unit="page", disable=None)
        for future in bar:
            page = waiting[future].page
            try:
                made, seconds[page.name] = future.result()
                write_page(made, made_file(book, page.name))
                log(page=page.name, state=STALE, why=waiting[future].why, seconds=round(seconds[page.name], 3))
                bar.set_postfix_str("slowest: {} {:.1f} s".format(*max(seconds.items(), key=lambda item: item[1])), refresh=False)
            except Problem as problem:
                failed += ((page.notebook, finding) for finding in problem.findings)
                log(page=page.name, state="failed", findings=list(problem.findings))
            except Exception as error:
                failed.append(
                    (
                        page.notebook,
                        f"page {page}: its kernel failed ({error!r}); build again, and where it fails again, run the notebook in Jupyter.",
                    )
                )
    if failed:
        raise Problem(*of_notebooks(sorted(failed)))
    return Done(seconds)


def make_page(step: Step) -> tuple[dict[str, Any], float]:
    """Execute one page; return it and the seconds it took. Raises Problem, naming page, cell and error."""
    start = time.perf_counter()
    made = execute(step.page, step.template)
    published = contents(made, EXHIBIT_MIME)
    for exhibit in published:
        exhibit["id"] += step.page.suffix
    if missing := missing_exhibits(step.page, published):
        raise Problem(f"page {step.page}: it must publish '{missing[0]}' (notebooks/pages.yml) and did not.")
    ids = [exhibit["id"] for exhibit in published]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise Problem(f"page {step.page}: it publishes '{twice[0]}' twice; an exhibit's id is its own.")
    return finish(made, step), time.perf_counter() - start


def execute(page: Page, template: NotebookNode) -> NotebookNode:
    """Run a template with the page's parameters; return it with outputs. Raises Problem, naming page, cell and error."""
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        with TemporaryDirectory(prefix="casebook-") as sockets:
            # Sockets in a folder of the page's own: TCP ports can be taken between two kernels, and others could read along.
            transport = Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}})
            return papermill.execute_notebook(
                nbformat.from_dict(template),
                None,
                parameters=page.parameters,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                execution_timeout=CELL_SECONDS,
                request_save_on_cell_execute=False,
                shutdown_kernel="immediate",
                config=transport,
            )
    except PapermillExecutionError as error:
        raise Problem(f"page {page}: {_failure(template, error)}") from None


def _failure(template: NotebookNode, error: PapermillExecutionError) -> str:
    """Cell and line at which a run ended, and why; what the casebook itself refused is said in its own words."""
    parameters = next(index for index, cell in enumerate(template.cells) if "parameters" in cell.metadata.get("tags", []))
    # Counted from 1 as in the template: papermill's own cell, right after the parameters, does not count.
    cell = error.cell_index + (error.cell_index <= parameters)
    line = CELL_LINE.search(re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error.traceback)))
    why = " ".join(str(error.evalue).split())[:400]
    return f"cell {cell}{f', line {line[1]}' if line else ''}: {why if error.ename == Problem.__name__ else f'{error.ename}: {why}'}"


def finish(made: NotebookNode, step: Step) -> dict[str, Any]:
    """The made page: what it says in words as cells of their own, without what differs from run to run (times, paths, ids).

    Raises Problem for words that the book could not show where they stand.
    """
    cells = []
    for index, cell in enumerate(made.cells):
        tags = set(cell.metadata.get("tags", []))
        # Today's code names what an earlier edition does not know.
        if "parameters" in tags or (cell.cell_type == "code" and step.page.parameters["as_of"] != LATEST):
            tags.add("remove-input")
        elif cell.cell_type == "code":
            tags.add("hide-input")
        if text := _told(cell, f"page {step.page}: cell {index + 1}"):
            cells.append({"cell_type": "markdown", "id": f"text-{index}", "metadata": {"tags": []}, "source": text})
        kept: dict[str, Any] = {"cell_type": cell.cell_type, "id": f"cell-{index}", "metadata": {"tags": sorted(tags)}, "source": cell.source}
        if cell.cell_type == "code":
            kept |= {"execution_count": None, "outputs": [_plain(output) for output in cell.outputs]}
        cells.append(kept)
    try:
        check_text(cells)
    except Problem as problem:
        raise Problem(*(f"page {step.page}: {finding}" for finding in problem.findings)) from None
    cells.append({"cell_type": "markdown", "id": "sources", "metadata": {"tags": ["sources"]}, "source": SOURCES_CELL})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {
        "cells": cells,
        "metadata": {"kernelspec": kernel, "casebook": step.fingerprint | {"checksum": checksum(cells)}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }


def _told(cell: NotebookNode, where: str) -> str:
    """What a cell says in words, as Markdown. Raises Problem where an exhibit comes before it: the book has it after."""
    bundles = [output.get("data", {}) for output in cell.get("outputs", [])]
    told = [index for index, bundle in enumerate(bundles) if TEXT_MIME in bundle]
    if told and any(EXHIBIT_MIME in bundle for bundle in bundles[: told[-1]]):
        raise Problem(f"{where}: it says a heading or a citation after an exhibit; begin a cell with it.")
    return "\n\n".join(bundles[index][TEXT_MIME]["markdown"] for index in told)


def _plain(output: NotebookNode) -> dict[str, Any]:
    kept = {key: value for key, value in output.items() if key != "execution_count"}
    if output.output_type == "execute_result":
        kept["execution_count"] = None
    return kept | ({"data": own(output.data)} if "data" in output else {})


def _reword(step: Step, made: dict[str, Any]) -> dict[str, Any]:
    """A made page with the template's present text around the outputs it has."""
    special = {"injected-parameters", "sources"}
    old_code = [c for c in made["cells"] if c["cell_type"] == "code" and not special & set(c["metadata"]["tags"])]
    injected = next(c for c in made["cells"] if "injected-parameters" in c["metadata"]["tags"])
    outputs = iter(old_code)
    cells = []
    for cell in step.template.cells:
        copy = nbformat.from_dict(cell)
        if cell.cell_type == "code":
            copy.outputs = [nbformat.from_dict(output) for output in next(outputs)["outputs"]]
        cells.append(copy)
        if "parameters" in cell.metadata.get("tags", []):
            cells.append(nbformat.from_dict(injected))
    return finish(nbformat.from_dict({"cells": cells}), step)


def write_page(page: dict[str, Any], file: Path) -> None:
    """Put a made page in its place, whole, in the one form in which equal pages are equal bytes."""
    replace(file, json.dumps(page, ensure_ascii=False, indent=1, sort_keys=True) + "\n")


def remove_orphans(steps: Sequence[Step], book: Path) -> list[str]:
    """Delete made pages that are in no step; return their names. Raises Problem for notebooks there that were never made."""
    planned = {step.page.name for step in steps}
    gone, strange = [], []
    for file in sorted(book.rglob("*.ipynb")):
        name = file.relative_to(book).with_suffix("").as_posix()
        if name in planned or ".ipynb_checkpoints" in file.parts:
            continue
        if made_page(book, name) is None:
            strange.append(f"book/{name}.ipynb: it was not made by this machine; put it under notebooks/, and its pages in notebooks/pages.yml.")
            continue
        file.unlink()
        gone.append(name)
    if strange:
        raise Problem(*strange)
    return gone
