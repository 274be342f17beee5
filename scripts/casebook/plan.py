"""The plan: which pages are fresh, which are stale, and why. Runs nothing and imports no pandas."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from casebook import notebook as nb
from casebook.data.facts import answer
from casebook.data.record import LATEST, Record, digest
from casebook.data.shapes import shape_files
from casebook.errors import Problem, of_notebooks
from casebook.mime import EXHIBIT_MIME, READ_MIME, contents
from casebook.pages import Page, pages
from casebook.project import Project, digest_files

# The part of this package that a notebook can reach; the rest may change without a run.
NOTEBOOK_MODULES = (
    "__init__.py",
    "axes.py",
    "data/cells.py",
    "data/facts.py",
    "data/filters.py",
    "data/read.py",
    "data/record.py",
    "data/shapes.py",
    "drawn.py",
    "data/tables.py",
    "errors.py",
    "exhibits.py",
    "figures.py",
    "files.py",
    "format.py",
    "holds.py",
    "mime.py",
    "numerals.py",
    "passages.py",
    "plain.py",
    "plotly_js.py",
    "project.py",
    "run.py",
    "scopes.py",
    "signs.py",
    "style.py",
    "table_cells.py",
    "verdicts.py",
)
FRESH, REWORDED, STALE = "fresh", "reworded", "stale"


@dataclass(frozen=True)
class Step:
    """What to do with a page: nothing (fresh), new text around old outputs (reworded), a run (stale)."""

    page: Page
    state: str
    why: str
    template: NotebookNode
    fingerprint: dict[str, Any]


def plan(project: Project, record: Record, book: Path, as_of: str = LATEST) -> list[Step]:
    """A step for every page of the edition, by comparing what made the page under `book` with what is there now.

    Raises Problem with a finding for each notebook that cannot be read, and for each mistake in what its pages are given.
    """
    machine = machine_digest(project, record)
    found = pages(project, record, as_of)
    templates: dict[str, NotebookNode] = {}
    findings: list[tuple[str, str]] = []
    for name in sorted({page.notebook for page in found}):
        try:
            templates[name] = nb.load(project.notebooks, name)
        except Problem as problem:
            findings += ((name, finding) for finding in problem.findings)
    code = {name: nb.code_digest(template) for name, template in templates.items()}
    steps = []
    for page in found:
        if not (template := templates.get(page.notebook)):
            continue
        try:
            nb.check_parameters(template, page.parameters)
        except Problem as problem:
            where = f"notebooks/{page.notebook}.ipynb, page {page.name}"
            findings += ((page.notebook, f"{where}: {finding}") for finding in problem.findings)
            continue
        fingerprint = {
            "page": page.name,
            "notebook": page.notebook,
            "parameters": page.parameters,
            "suffix": page.suffix,
            "code": code[page.notebook],
            "text": nb.text_digest(template),
            "machine": machine,
        }
        state, why = _compare(made_page(book, page.name), fingerprint, page, record)
        steps.append(Step(page, state, why, template, fingerprint))
    if findings:
        raise Problem(*of_notebooks(findings))
    return steps


def machine_digest(project: Project, record: Record) -> str:
    """SHA-256 of the casebook code that a notebook can reach, of the lock and the shapes, where there are any, and of the units."""
    package, files = Path(__file__).parent, [project.lock, *shape_files(project.data)]
    parts = [
        digest_files((package / name for name in NOTEBOOK_MODULES), package),
        digest_files((file for file in files if file.is_file()), project.root),
        json.dumps(record.package.get("units")),
    ]
    return hashlib.sha256("".join(parts).encode()).hexdigest()


def made_file(book: Path, page: str) -> Path:
    """Where a made page stands."""
    return book / f"{page}.ipynb"


def made_page(book: Path, page: str) -> dict[str, Any] | None:
    """A made page as plain JSON, or None where it was never made or cannot be read."""
    try:
        made = json.loads(made_file(book, page).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return made if "casebook" in made.get("metadata", {}) else None


def checksum(cells: list[dict[str, Any]]) -> str:
    """SHA-256 of a made page's cells, by which damage is seen."""
    return hashlib.sha256(json.dumps(cells, sort_keys=True).encode()).hexdigest()


def reads_of(made: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What a made page read of the record, in order; a page that was never made read nothing."""
    return contents(made, READ_MIME) if made else []


def exhibits_of(made: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What a made page publishes, in order; a page that was never made publishes nothing."""
    return contents(made, EXHIBIT_MIME) if made else []


def published_in(book: Path) -> dict[str, dict[str, Any]]:
    """Exhibits by id of all pages made before under `book`."""
    names = (file.relative_to(book).with_suffix("").as_posix() for file in book.rglob("*.ipynb"))
    return {exhibit["id"]: exhibit for name in names for exhibit in exhibits_of(made_page(book, name))}


def _compare(made: dict[str, Any] | None, fingerprint: dict[str, Any], page: Page, record: Record) -> tuple[str, str]:
    if made is None:
        return STALE, "never made"
    was = made["metadata"]["casebook"]
    for mark, why in (
        ("notebook", "another notebook"),
        ("parameters", "parameters changed"),
        ("suffix", "suffix changed"),
        ("code", "the notebook's code changed"),
        ("machine", "the casebook package, the lock or the units changed"),
    ):
        if was.get(mark) != fingerprint[mark]:
            return STALE, why
    if was.get("checksum") != checksum(made["cells"]):
        return STALE, "the made page was damaged, or changed by hand"
    for read in reads_of(made):
        if changed := _changed(read, record):
            return STALE, changed
    if missing := missing_exhibits(page, exhibits_of(made)):
        return STALE, f"does not publish {missing[0]}"
    if was.get("text") != fingerprint["text"]:
        return REWORDED, "text changed"
    return FRESH, "nothing changed"


def _changed(read: dict[str, Any], record: Record) -> str | None:
    """How the rows of a recorded read differ from today's, or None."""
    try:
        rows = answer(record, read)
    except Problem as problem:
        return str(problem)
    if digest(rows) == read["digest"]:
        return None
    now, then = {row["id"] for row in rows}, set(read["ids"])
    counts = [f"{len(part)} {word}" for part, word in ((now - then, "added"), (then - now, "gone")) if part]
    return f"{'facts' if 'column' in read else 'rows'} of {read['table']}: {', '.join(counts) or 'changed'}"


def missing_exhibits(page: Page, published: Sequence[dict[str, Any]]) -> list[str]:
    """Exhibits that pages.yml says the page publishes and that are not there; an earlier edition may lack some."""
    if page.parameters["as_of"] != LATEST:
        return []
    there = {exhibit["id"] for exhibit in published}
    return [id for id in page.exhibits if id not in there]
