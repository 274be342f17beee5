"""Seconds from a change to a published site: this machine, the plain way, Jupyter Book's own cache, Observable Framework.

All on the same pages and data, each in a copy of the book of its own. `right` says whether the page that must show the changed row does.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import nbformat
import yaml

from bench import observable
from bench.books import ROOT
from bench.shell import run
from casebook import notebook as nb
from casebook.data.record import Record
from casebook.edition import Edition
from casebook.frame import Book
from casebook.pages import pages
from casebook.plan import Step, made_page, plan, reads_of
from casebook.project import Project
from casebook.publish import sphinx

BIN = Path(sys.executable).parent
ROW = ("data/platform/staff.csv", "hc-2025-08-musk", ",1200,", ",1234,")
SHOWS, WHERE = re.compile("1,?234"), "platform/x-staff"
TEMPLATE, TEMPLATE_PAGES = "notebooks/platform/company.ipynb", "platform/company"
CHAPTER = "book/platform/index.md"
JOBS = os.cpu_count() or 1
EXECUTE = """from casebook.data.record import Record
from casebook.plan import plan
from casebook.project import Project
from casebook.run import run
from casebook.warm import warm
project = Project.find()
with warm():
    run(project, plan(project, Record(project.data), project.book), project.book)
"""


def copy_book(to: Path) -> Project:
    """The real book without what was made."""
    shutil.rmtree(to, ignore_errors=True)
    for folder in ("data", "notebooks", "book"):
        shutil.copytree(ROOT / folder, to / folder, ignore=shutil.ignore_patterns("*.ipynb") if folder == "book" else None)
    for file in ("_config.yml", "_toc.yml", "requirements.lock"):
        shutil.copy(ROOT / file, to / file)
    return Project(to)


class Ours:
    name = "casebook"
    scenarios = ("nothing changed", "one row changed", "one template changed", "one chapter's prose changed")

    def __init__(self, folder: Path) -> None:
        self.project = copy_book(folder / self.name)

    def build(self) -> None:
        run([str(BIN / "casebook"), "build"], self.project.root)

    def execute_all(self) -> None:
        """Every page from nothing, and no site."""
        run([sys.executable, "-c", EXECUTE], self.project.root)

    def page(self, name: str) -> str:
        return (self.project.site / f"{name}.html").read_text("utf-8")


class Plain:
    """The `papermill` command for each page, as many at once as there are cores, then `jupyter-book build`."""

    name = "papermill-each"
    # It makes everything again whatever changed: one scenario tells them all.
    scenarios: tuple[str, ...] = ("one row changed",)

    def __init__(self, folder: Path) -> None:
        self.project = copy_book(folder / self.name)

    def steps(self) -> list[Step]:
        return plan(self.project, Record(self.project.data), self.project.book)

    def build(self) -> None:
        self.execute_all()
        self.render()

    def execute_all(self) -> None:
        inputs = self.project.work / "inputs"
        with ThreadPoolExecutor(JOBS) as pool:
            list(pool.map(lambda step: self.execute(step, inputs), self.steps()))

    def execute(self, step: Step, inputs: Path) -> None:
        source, made = inputs / f"{step.page.name}.ipynb", self.project.book / f"{step.page.name}.ipynb"
        for file in (source, made):
            file.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(nbformat.from_dict(step.template), source)
        run(
            [str(BIN / "papermill"), str(source), str(made), "-k", "python3", "--no-progress-bar", "-y", yaml.safe_dump(step.page.parameters)],
            self.project.root,
        )
        # The marks by which our extension knows a made page.
        notebook = json.loads(made.read_text("utf-8"))
        notebook["metadata"]["casebook"] = step.fingerprint
        for cell in notebook["cells"]:
            for output in cell.get("outputs", []):
                if exhibit := output.get("data", {}).get("application/vnd.casebook.exhibit+json"):
                    exhibit["id"] += step.page.suffix
        made.write_text(json.dumps(notebook), "utf-8")

    def render(self) -> None:
        edition = Edition(self.project)
        self.html = sphinx(edition, Book(edition.book))

    def page(self, name: str) -> str:
        return (self.html / f"{name}.html").read_text("utf-8")


class Cached(Plain):
    """Jupyter Book executes the notebooks, parameters written into them, with `execute_notebooks: cache`."""

    name = "jupyter-book-cache"
    # Its notebooks are written out page by page: it has no templates, and without our extension no chapters.
    scenarios = ("nothing changed", "one row changed")

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        config = yaml.safe_load((self.project.root / "_config.yml").read_text("utf-8"))
        config["execute"] = {"execute_notebooks": "cache", "timeout": 120}
        config["sphinx"]["config"].pop("nb_execution_mode")
        config["sphinx"]["config"]["extensions"].remove("casebook.cite")
        (self.project.root / "_config.yml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf-8")
        # Chapters lean on our extension, which reads outputs before Jupyter Book has made them: only the pages are built.
        for chapter in self.project.book.rglob("*.md"):
            chapter.unlink()
        names = []
        for page in pages(self.project, Record(self.project.data)):
            made = nb.load(self.project.notebooks, page.notebook)
            for cell in made.cells:
                if "parameters" in cell.metadata.get("tags", []):
                    cell.source = "\n".join(f"{key} = {value!r}" for key, value in page.parameters.items())
                if cell.cell_type == "markdown" and "```{" in cell.source:
                    cell.source = cell.source.split("```{")[0]
            made.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
            file = self.project.book / f"{page.name}.ipynb"
            file.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(made, file)
            names.append(page.name)
        (self.project.book / "index.md").write_text("# Pages\n", "utf-8")
        (self.project.root / "_toc.yml").write_text(
            yaml.safe_dump({"format": "jb-book", "root": "index", "chapters": [{"file": name} for name in names]}), "utf-8"
        )

    def build(self) -> None:
        root = self.project.root
        run(
            [
                str(BIN / "jupyter-book"),
                "build",
                "book",
                "--config",
                str(root / "_config.yml"),
                "--toc",
                str(root / "_toc.yml"),
                "--path-output",
                ".build",
                "-q",
            ],
            root,
            PYTHONPATH=str(root),
        )
        self.html = root / ".build" / "_build" / "html"


class Framework:
    """Observable Framework on the same pages: each with the rows that our page read, by a data loader."""

    name = "observable-framework"
    # It has no chapters of ours and no templates to change.
    scenarios = ("nothing changed", "one row changed")

    def __init__(self, folder: Path) -> None:
        self.project = copy_book(folder / self.name)
        source = observable.make(self.project.root)
        observable.add_page(source, "index", "Pages", [])
        for page in pages(self.project, Record(self.project.data)):
            reads = reads_of(made_page(ROOT / "book", page.name))
            observable.add_page(source, page.name, page.name, reads)

    def build(self) -> None:
        self.html = observable.build(self.project.root)

    def page(self, name: str) -> str:
        """The rows that the page of this name fetches."""
        return "".join(file.read_text("utf-8") for file in (self.html / "_file" / name).parent.glob(f"{Path(name).name}-rows.*.json"))


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_text("utf-8")
    assert old in text, f"{file} no longer holds {old!r}"
    file.write_text(text.replace(old, new, 1), "utf-8")


def change_row(root: Path, back: bool) -> None:
    file, id, old, new = ROW
    lines = (root / file).read_text("utf-8").splitlines(keepends=True)
    at = next(index for index, line in enumerate(lines) if line.startswith(f"{id},"))
    lines[at] = lines[at].replace(*((new, old) if back else (old, new)), 1)
    (root / file).write_text("".join(lines), "utf-8")


def change_template(root: Path, back: bool) -> None:
    cells = nbformat.read(root / TEMPLATE, 4)
    code = next(cell for cell in cells.cells if cell.cell_type == "code" and "parameters" not in cell.metadata.get("tags", []))
    code.source = code.source.removesuffix("\nbenched = True") if back else code.source + "\nbenched = True"
    nbformat.write(cells, root / TEMPLATE)


def change_chapter(root: Path, back: bool) -> None:
    if (root / CHAPTER).is_file():
        edit(root / CHAPTER, *(("Benched. ", "") if back else ("\n\n", "\n\nBenched. ")))


def timed(build: Callable[[], None]) -> float:
    start = time.perf_counter()
    build()
    return time.perf_counter() - start


SCENARIOS: dict[str, Callable[[Path, bool], None]] = {
    "nothing changed": lambda root, back: None,
    "one row changed": change_row,
    "one template changed": change_template,
    "one chapter's prose changed": change_chapter,
}


def bench(
    folder: Path, repeats: int, names: tuple[str, ...] = ("casebook", "papermill-each", "jupyter-book-cache", "observable-framework")
) -> list[dict[str, Any]]:
    """A row for each system, scenario and repeat: seconds, and whether the page shows the row as it is then."""
    rows = []
    systems = [system for system in (Ours, Plain, Cached, Framework) if system.name in names and (system is not Framework or observable.there())]
    for turn in range(repeats):
        for kind in systems[:: 1 if turn % 2 == 0 else -1]:
            if issubclass(kind, Ours | Plain) and not issubclass(kind, Cached):
                system = kind(folder / str(turn))
                rows.append({"system": kind.name, "scenario": "pages executed", "seconds": timed(system.execute_all), "right": ""})
            system = kind(folder / str(turn))
            rows.append({"system": kind.name, "scenario": "cold", "seconds": timed(system.build), "right": ""})
            for scenario in kind.scenarios:
                change = SCENARIOS[scenario]
                change(system.project.root, False)
                seconds = timed(system.build)
                right = "yes" if bool(SHOWS.search(system.page(WHERE))) == (scenario == "one row changed") else "no"
                rows.append({"system": kind.name, "scenario": scenario, "seconds": seconds, "right": right if scenario == "one row changed" else ""})
                change(system.project.root, True)
                if scenario != "nothing changed" and kind is Ours:
                    system.build()
            for row in rows[-1 - len(kind.scenarios) :]:
                print(f"{row['system']:20} {row['scenario']:28} {row['seconds']:8.1f} s {row['right']}", flush=True)
            shutil.rmtree(system.project.root)
    return rows
