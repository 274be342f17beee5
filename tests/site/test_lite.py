"""The notebook that readers run in their browser: it has all it needs, and the page says what it loads before it does.

Pyodide itself cannot be fetched here. That the notebook runs is shown by this machine's Python, on nothing but what the browser gets.
"""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from playwright.sync_api import Browser

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.lite import write_contents
from casebook.project import Project
from tests.conftest import ROOT
from tests.site.browsing import served, wait_until


def test_the_notebook_runs_on_what_the_browser_gets(site: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = Path(shutil.copytree(site / "lite" / "files", tmp_path / "files"))
    notebook = nbformat.read(files / "country.ipynb", 4)
    parameters = next(cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", []))
    parameters.source = parameters.source.replace('country = "CHL"', 'country = "ARG"')
    assert "ARG" in parameters.source
    notebook.cells.append(nbformat.v4.new_code_cell("import casebook\nprint(casebook.__file__)"))
    monkeypatch.setenv("PYTHONPATH", str(files))
    notebook.cells[0].source = notebook.cells[0].source.split("if sys")[0]  # top-level await is the browser's
    NotebookClient(notebook, kernel_name="python3", resources={"metadata": {"path": str(files)}}).execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert outputs[-1]["text"].strip() == os.fspath(files / "casebook" / "__init__.py")
    exhibits = [
        data["application/vnd.casebook.exhibit+json"]
        for output in outputs
        if "application/vnd.casebook.exhibit+json" in (data := output.get("data", {}))
    ]
    assert {exhibit["id"] for exhibit in exhibits} >= {"lithium-deals-ARG"}


def test_the_application_opens_the_notebook_and_the_page_names_the_hosts(site: Path, browser: Browser) -> None:
    with served(site) as address:
        page = browser.new_page()
        foreign: list[str] = []
        page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None)
        page.goto(f"{address}methods/try.html")
        assert "cdn.jsdelivr.net" in page.inner_text("main") and foreign == []
        page.goto(address + "methods/" + (page.get_attribute("a.casebook-run", "href") or ""))
        wait_until(page, "document.body.innerText.includes('who got access to its lithium')")
        page.close()


def test_every_file_that_the_application_lists_is_there(site: Path) -> None:
    lite = site / "lite"
    listed = [json.loads(file.read_text("utf-8")) for file in (lite / "api" / "contents").rglob("all.json")]
    paths = {entry["path"] for folder in listed for entry in folder["content"]}
    assert paths == {file.relative_to(lite / "files").as_posix() for file in (lite / "files").rglob("*")}


def test_a_notebook_of_no_page_is_refused(project: Project, tmp_path: Path) -> None:
    with pytest.raises(Problem, match="no page is made of the notebook 'claims/nothing'"):
        write_contents(Project(ROOT), Record(project.data), [], project.book, "claims/nothing", tmp_path)
