"""One notebook to rerun in the reader's own browser: JupyterLite, with the notebook, its tables, and the part of this package that it needs.

`notebooks/lite.yml` names the notebook; without the file there is none. The application is served with the site; Python
itself (Pyodide) is not on the package registries, so the reader's browser fetches it, once the reader has opened it.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import nbformat

from casebook import notebook as nb
from casebook.data.record import Record
from casebook.data.shapes import SHAPES
from casebook.errors import Problem
from casebook.files import load
from casebook.plan import REACHED, Step, made_page, reads_of
from casebook.project import Project

FOLDER = "lite"
# Where the reader's browser fetches Python from, and what Pyodide itself does not have.
FETCHED_FROM = ("cdn.jsdelivr.net", "pypi.org and files.pythonhosted.org")
PACKAGES = ["pandas", "plotly", "pyyaml", "nbformat", "ipython"]
INSTALL = f"""import sys

if sys.platform == "emscripten":  # in the browser; elsewhere they are installed
    import piplite

    await piplite.install({PACKAGES})"""
# A fixed moment, so that the same application is the same bytes.
EPOCH, MOMENT = "1577836800", "2020-01-01T00:00:00Z"


def notebook_of(project: Project) -> str:
    """The notebook that readers may run, such as lithium/country; empty where there is none."""
    file = project.notebooks / "lite.yml"
    return str(load(file, "notebooks/lite.yml")["notebook"]) if file.is_file() else ""


def write(project: Project, record: Record, steps: Sequence[Step], book: Path, site: Path) -> None:
    """Put the application into a staged site. Raises Problem where it cannot be made."""
    if not (name := notebook_of(project)):
        return
    application = _application(project.work)
    shutil.copytree(application, site / FOLDER)
    write_contents(project, record, steps, book, name, site / FOLDER / "files")
    index(site / FOLDER / "files", site / FOLDER / "api" / "contents")
    settings = site / FOLDER / "jupyter-lite.json"
    config = json.loads(settings.read_text("utf-8"))
    config["jupyter-config-data"]["contentsAllJsonFile"] = "all.json"
    settings.write_text(json.dumps(config, ensure_ascii=False, indent=1, sort_keys=True), "utf-8")


def write_contents(project: Project, record: Record, steps: Sequence[Step], book: Path, name: str, to: Path) -> None:
    """What the application opens: the notebook with its defaults, the tables that its pages read, and the package's part that a notebook can reach."""
    of_notebook = [step for step in steps if step.page.notebook == name]
    if not of_notebook:
        raise Problem(f"notebooks/lite.yml: no page is made of the notebook '{name}'; name one that notebooks/pages.yml uses.")
    reads = (read["table"] for step in of_notebook for read in reads_of(made_page(book, step.page.name)))
    tables = sorted({"sources", *(["entities"] if "entities" in record.tables else []), *reads})
    for file in [*(record.tables[table]["path"] for table in tables), *([SHAPES] if (project.data / SHAPES).is_file() else [])]:
        (to / "data" / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(project.data / file, to / "data" / file)
    package = record.package | {"resources": [record.tables[table] for table in tables]}
    (to / "data" / "datapackage.json").write_text(json.dumps(package, ensure_ascii=False), "utf-8")
    for module in (*REACHED, "data/__init__.py"):
        (to / "casebook" / module).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(Path(__file__).parent / module, to / "casebook" / module)
    template = nb.load(project.notebooks, name)
    rendered = nb.render(template, nb.parameters_of(template), record)
    cells: list[Any] = [nbformat.v4.new_code_cell(INSTALL, id="install"), *rendered.cells]
    kernel = {"name": "python", "display_name": "Python (Pyodide)", "language": "python"}
    notebook = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    (to / f"{Path(name).name}.ipynb").write_text(json.dumps(notebook, ensure_ascii=False, indent=1), "utf-8")


def index(files: Path, to: Path) -> None:
    """List every folder of `files` as the application expects it: a model of Jupyter's contents interface in `all.json`."""
    for folder in (files, *(path for path in sorted(files.rglob("*")) if path.is_dir())):
        entries = [_model(path, files) for path in sorted(folder.iterdir())]
        own = to / folder.relative_to(files) / "all.json"
        own.parent.mkdir(parents=True, exist_ok=True)
        own.write_text(json.dumps(_model(folder, files) | {"content": entries, "format": "json"}), "utf-8")


def _model(path: Path, files: Path) -> dict[str, Any]:
    kind = "directory" if path.is_dir() else "notebook" if path.suffix == ".ipynb" else "file"
    name = path.relative_to(files).as_posix()
    about = {"name": path.name if name != "." else "", "path": name if name != "." else "", "type": kind, "writable": True, "content": None}
    moments = {"created": MOMENT, "last_modified": MOMENT}
    return about | moments | {"format": None, "mimetype": None, "size": path.stat().st_size if path.is_file() else None}


def _application(work: Path) -> Path:
    """The application without contents, made once for its version. Raises Problem where it cannot be made."""
    kept = work / f"lite-{version('jupyterlite-core')}-{version('jupyterlite-pyodide-kernel')}"
    if (kept / "index.html").is_file():
        return kept
    scratch = work / "lite.part"
    shutil.rmtree(scratch, ignore_errors=True)
    (scratch / "empty").mkdir(parents=True)
    command = [str(Path(sys.executable).with_name("jupyter")), "lite", "build", "--contents", "empty", "--output-dir", "out"]
    command += ["--apps", "notebooks", "--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive", "--source-date-epoch", EPOCH]
    done = subprocess.run(command, cwd=scratch, capture_output=True, text=True, check=False)
    if done.returncode:
        raise Problem(f"JupyterLite failed: {' '.join((done.stderr or done.stdout).split())[-400:]}")
    shutil.rmtree(kept, ignore_errors=True)
    (scratch / "out").rename(kept)
    shutil.rmtree(scratch)
    return kept
