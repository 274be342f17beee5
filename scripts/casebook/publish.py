"""Publish: plan, run, build with warnings as errors, check the whole site, then one swap."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml

from casebook.check import check
from casebook.data.record import Record
from casebook.data.validate import validate
from casebook.errors import Problem
from casebook.plan import FRESH, Step, made_page, plan, reads_of
from casebook.project import Project, digest_files
from casebook.run import remove_orphans, run
from casebook.style import THEMES

WARNING = re.compile(r"(?:WARNING|ERROR|CRITICAL|SEVERE): ")
MARK = "built-from.txt"


def build(project: Project, workers: int = 0, say: Callable[[str], None] = print) -> None:
    """Bring `_site/` up to date with the record, the notebooks and the chapters.

    Nothing runs where nothing changed. Raises Problem with every finding; `_site/` then
    stands as it was.
    """
    rows = validate(project.data)
    say(f"record: {sum(rows.values())} rows in {len(rows)} tables are whole")
    record = Record(project.data)
    steps = plan(project, record, project.book)
    todo = [step for step in steps if step.state != FRESH]
    orphans = remove_orphans(steps, project.book)
    say(f"plan: {len(steps)} pages, {len(todo)} to make" + (f", {len(orphans)} no longer in it" if orphans else ""))
    run(project, steps, project.book, workers)
    inputs = digest_files(_inputs(project), project.root)
    if not todo and not orphans and _built_from(project.site) == inputs:
        say("site: nothing changed")
        return
    say("site: building")
    html = sphinx(project, clean=bool(orphans) or any(step.why == "never made" for step in todo))
    staged = stage(project, record, steps, html)
    (staged / MARK).write_text(inputs + "\n", "utf-8")
    pages = check(staged, steps, project.book)
    swap(staged, project.site)
    say(f"site: {pages} pages in {os.path.relpath(project.site)}")


def _inputs(project: Project) -> list[Path]:
    """All files that the site is made of, made pages included."""
    package = Path(__file__).parent
    folders = (project.data, project.notebooks, project.book, package)
    files = [f for folder in folders for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts and f.suffix != ".part"]
    return [f for f in files if f.is_relative_to(project.root)] + [project.root / "_config.yml", project.root / "_toc.yml", project.lock]


def _built_from(site: Path) -> str:
    mark = site / MARK
    return mark.read_text("utf-8").strip() if mark.is_file() else ""


def sphinx(project: Project, clean: bool) -> Path:
    """Build the book with Jupyter Book, warnings as errors; return the folder of HTML.

    `clean` writes every page again, so that no sidebar keeps a page that came or went.
    """
    out = project.work / "_build" / "html"
    if clean and out.exists():
        shutil.rmtree(out)
    command = [
        str(Path(sys.executable).with_name("jupyter-book")),
        "build",
        str(project.book),
        "--config",
        str(project.root / "_config.yml"),
        "--toc",
        str(project.root / "_toc.yml"),
        "--path-output",
        str(project.work),
        "-n",
        "-W",
        "--keep-going",
        "-q",
    ]
    done = subprocess.run(command, cwd=project.root, capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"}, check=False)
    if done.returncode:
        text = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr + done.stdout)
        lines = [line.replace(f"{project.root}{os.sep}", "") for line in text.splitlines() if WARNING.search(line)]
        raise Problem(*(lines or ["jupyter-book failed: " + text.strip()[-2000:]]))
    return out


def stage(project: Project, record: Record, steps: Sequence[Step], html: Path) -> Path:
    """Copy the built HTML beside `_site/` and add what Sphinx does not make: plotly.js, shapes, rows."""
    import plotly

    staged = project.site.with_name(project.site.name + ".new")
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(html, staged, ignore=shutil.ignore_patterns(".doctrees", ".buildinfo", "objects.inv", "*.ipynb", "*webpack-macros.html"))
    static = staged / "_static"
    shutil.copy(Path(plotly.__file__).parent / "package_data" / "plotly.min.js", static / "plotly.min.js")
    shutil.copy(project.data / "geo" / "countries.geojson", static / "countries.geojson")
    (static / "casebook-theme.js").write_text(f"window.casebookThemes = {json.dumps(THEMES, sort_keys=True)};\n", "utf-8")
    for step in steps:
        rows_zip(record, made_page(project.book, step.page.name) or {}, staged / "rows" / f"{step.page.name}.zip", step)
    return staged


def rows_zip(record: Record, made: dict[str, object], file: Path, step: Step) -> None:
    """The rows that a page read, one CSV a table, with their sources and a note on how to read them."""
    ids: dict[str, set[str]] = {}
    for read in reads_of(made):
        ids.setdefault(read["table"], set()).update(read["ids"])
    sources = {s for table, rows in ids.items() for row in rows for s in record.row(table, row).get("source_ids", "").split(";") if s}
    ids.setdefault("sources", set()).update(sources)
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for table in sorted(ids):
            text = io.StringIO()
            writer = csv.DictWriter(text, list(record.fields(table)), lineterminator="\n")
            writer.writeheader()
            writer.writerows(record.row(table, id) for id in sorted(ids[table]))
            _put(archive, f"{table}.csv", text.getvalue())
        about = yaml.safe_dump(
            {
                "page": step.page.name,
                "notebook": step.page.notebook,
                "parameters": step.page.parameters,
                "version of the record": record.package["version"],
                "licence": "CC BY 4.0",
                "columns": "see methods/dictionary on the site",
            },
            allow_unicode=True,
            sort_keys=False,
        )
        _put(archive, "README.yml", about)


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    # A fixed date, so that the same rows give the same bytes.
    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)


def swap(staged: Path, site: Path) -> None:
    """Put `staged` in the place of `site` by renaming; the old site stays as `<site>.previous`."""
    previous = site.with_name(site.name + ".previous")
    shutil.rmtree(previous, ignore_errors=True)
    if site.exists():
        site.rename(previous)
    staged.rename(site)
