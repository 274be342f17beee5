"""Run the stale pages by papermill, several at once; each made page is written whole or not at all."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import nbformat
from nbformat import NotebookNode
from tqdm import tqdm

from casebook.data.record import LATEST
from casebook.errors import Problem
from casebook.mime import EXHIBIT_MIME, contents
from casebook.plan import REWORDED, STALE, Step, made_file, made_page, missing_exhibits
from casebook.project import Project
from casebook.warm import warm

CELL_SECONDS = 120
SOURCES_CELL = "```{page-sources}\n```"


def run(project: Project, steps: Sequence[Step], book: Path, workers: int = 0) -> None:
    """Bring every page that is not fresh up to date under `book`.

    All pages are tried; then Problem is raised with a finding for each that failed:
    notebook, parameters, cell and error. A failed page leaves its old file as it was.
    """
    for step in steps:
        if step.state == REWORDED:
            _write(_reword(step, made_page(book, step.page.name)), made_file(book, step.page.name))
    stale = [step for step in steps if step.state == STALE]
    if not stale:
        return
    findings: list[str] = []
    # Threads are enough: they wait, and the work is done in the kernels.
    with warm(), working_in(project.root), ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        waiting: dict[Future[None], Step] = {pool.submit(make_page, step, made_file(book, step.page.name)): step for step in stale}
        # disable=None: no bar where the output is not a terminal.
        for future in tqdm(as_completed(waiting), total=len(waiting), desc="pages", unit="page", disable=None):
            try:
                future.result()
            except Problem as problem:
                findings += problem.findings
            except Exception as error:
                findings.append(f"page {waiting[future].page}: the run itself failed: {error!r}.")
    if findings:
        raise Problem(*sorted(findings))


@contextmanager
def working_in(folder: Path) -> Iterator[None]:
    """Kernels start in `folder`; papermill's own `cwd` is not safe between threads (papermill #473)."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        yield
    finally:
        os.chdir(before)


def make_page(step: Step, file: Path) -> None:
    """Execute one page and write it to `file`. Raises Problem, naming page, cell and error."""
    made = execute(step)
    published = contents(made, EXHIBIT_MIME)
    for exhibit in published:
        exhibit["id"] += step.page.suffix
    if missing := missing_exhibits(step.page, published):
        raise Problem(f"page {step.page}: it must publish '{missing[0]}' (notebooks/pages.yml) and did not.")
    ids = [exhibit["id"] for exhibit in published]
    if twice := sorted({id for id in ids if ids.count(id) > 1}):
        raise Problem(f"page {step.page}: it publishes '{twice[0]}' twice; an exhibit's id is its own.")
    _write(_finish(made, step), file)


def execute(step: Step) -> NotebookNode:
    """Run the rendered template with the page's parameters; return it with outputs."""
    import papermill
    from papermill.exceptions import PapermillExecutionError
    from traitlets.config import Config

    logging.getLogger("papermill").setLevel(logging.ERROR)
    try:
        with TemporaryDirectory(prefix="casebook-") as sockets:
            # Sockets in a folder of the page's own: TCP ports can be taken between two kernels, and others could read along.
            transport = Config({"KernelManager": {"transport": "ipc", "ip": f"{sockets}/kernel"}})
            return papermill.execute_notebook(
                nbformat.from_dict(step.template),
                None,
                parameters=step.page.parameters,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                execution_timeout=CELL_SECONDS,
                request_save_on_cell_execute=False,
                shutdown_kernel="immediate",
                config=transport,
            )
    except PapermillExecutionError as error:
        # Counted from 1 as in the template: papermill's own cell, right after the parameters, does not count.
        cell = error.cell_index
        raise Problem(f"page {step.page}: cell {cell}: {error.ename}: {error.evalue}") from None


def _finish(made: NotebookNode, step: Step) -> dict[str, Any]:
    """The made page without what differs from run to run: times, paths, random ids, versions."""
    cells = []
    for index, cell in enumerate(made.cells):
        tags = set(cell.metadata.get("tags", []))
        # Today's code names what an earlier edition does not know.
        if "parameters" in tags or (cell.cell_type == "code" and step.page.parameters["as_of"] != LATEST):
            tags.add("remove-input")
        elif cell.cell_type == "code":
            tags.add("hide-input")
        kept: dict[str, Any] = {"cell_type": cell.cell_type, "id": f"cell-{index}", "metadata": {"tags": sorted(tags)}, "source": cell.source}
        if cell.cell_type == "code":
            kept |= {"execution_count": None, "outputs": [_plain(output) for output in cell.outputs]}
        cells.append(kept)
    cells.append({"cell_type": "markdown", "id": "sources", "metadata": {"tags": ["sources"]}, "source": SOURCES_CELL})
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    return {"cells": cells, "metadata": {"kernelspec": kernel, "casebook": step.marks}, "nbformat": 4, "nbformat_minor": 5}


def _plain(output: NotebookNode) -> dict[str, Any]:
    return {key: value for key, value in output.items() if key != "execution_count"} | (
        {"execution_count": None} if output.output_type == "execute_result" else {}
    )


def _reword(step: Step, made: dict[str, Any] | None) -> dict[str, Any]:
    """A made page with the template's present text around the outputs it has."""
    assert made is not None
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
    return _finish(nbformat.from_dict({"cells": cells}), step)


def _write(page: dict[str, Any], file: Path) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    scratch = file.with_suffix(".part")
    scratch.write_text(json.dumps(page, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")
    scratch.replace(file)


def remove_orphans(steps: Sequence[Step], book: Path) -> list[str]:
    """Delete made pages that are in no step; return their names."""
    planned = {step.page.name for step in steps}
    gone = []
    for file in sorted(book.rglob("*.ipynb")):
        name = file.relative_to(book).with_suffix("").as_posix()
        if name not in planned and made_page(book, name) is not None:
            file.unlink()
            gone.append(name)
    return gone
