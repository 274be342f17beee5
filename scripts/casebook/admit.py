"""What people type is looked at before anything is run: settings, files and text may say what the book says, and do nothing."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from casebook import shape
from casebook.changes import versions
from casebook.data.record import Record
from casebook.data.shapes import shape_files
from casebook.elements import drawing_faults
from casebook.errors import Problem
from casebook.files import read_text
from casebook.markdown import PICTURES, Place, refused
from casebook.project import Project
from casebook.prose import typed_numerals

# Beside the tables and a README in any folder: what the desk and the machine read. Only the changes and the package are published.
CHANGES, PACKAGE = "CHANGES.md", "datapackage.json"
DESK = {CHANGES, PACKAGE, "MAINTENANCE.md", "refresh.yml"}
IN_BOOK = {".md", ".ipynb", ".svg", ".ico", *PICTURES}


def check(project: Project) -> None:
    """Raises Problem with a finding for all that settings, files, chapters or the changelog hold and may not."""
    if links := list(_links(project)):
        raise Problem(*links)
    shape.check(project.config, "config", "_config.yml")
    record = Record(project.data)
    shape.check(record.package, "package", "data/datapackage.json")
    if findings := [*_strays(project, record), *_texts(project), *typed_numerals(project.book)]:
        raise Problem(*findings)


def published(record: Record) -> list[str]:
    """Files below `data/` that the site shows, by path: what datapackage.json names, itself, and the changes."""
    return sorted({PACKAGE, CHANGES} | {resource["path"] for resource in record.tables.values()})


def _links(project: Project) -> Iterator[str]:
    """A link would bring what stands elsewhere on this machine into the book."""
    for top in (project.data, project.notebooks, project.book):
        for folder, folders, files in os.walk(top):
            for path in (Path(folder, name) for name in (*folders, *files) if not name.startswith(".")):
                name = path.relative_to(project.root).as_posix()
                if path.is_symlink():
                    yield f"{name}: it is a link to another place; put the file itself there."
                elif not path.is_file() and not path.is_dir():
                    yield f"{name}: it is neither a file nor a folder; take it out."
        if top.is_symlink():
            yield f"{top.name}: it is a link to another place; put the folder itself there."


def _strays(project: Project, record: Record) -> Iterator[str]:
    """Files that belong to nothing; hidden ones are not looked at, and never published. A table is `validate`'s to name."""
    known = DESK | set(published(record)) | {file.relative_to(project.data).as_posix() for file in shape_files(project.data)}
    for name in _files(project.data):
        if name not in known and Path(name).name != "README.md" and Path(name).suffix.lower() != ".csv":
            yield f"data/{name}: datapackage.json does not name this file; publish it elsewhere, or take it out."
    for name in _files(project.book):
        if Path(name).suffix.lower() not in IN_BOOK:
            yield f"book/{name}: a book holds chapters (.md) and pictures ({', '.join(sorted(PICTURES))}); take it out."
        elif name.endswith(".svg"):
            yield from (
                f"book/{name}: {fault}, which would run, fetch or lead away; draw it without."
                for fault in drawing_faults((project.book / name).read_bytes())
            )


def _files(folder: Path) -> Iterator[str]:
    for file in sorted(folder.rglob("*")):
        path = file.relative_to(folder)
        if file.is_file() and file.suffix != ".part" and not any(part.startswith(".") for part in path.parts):
            yield path.as_posix()


def _texts(project: Project) -> Iterator[str]:
    """What chapters and the changelog hold beyond words, links and citations."""
    for file in sorted(project.book.rglob("*.md")):
        path = file.relative_to(project.book)
        text = read_text(file, f"book/{path.as_posix()}")
        yield from (f"book/{path.as_posix()}:{line}: {fault}" for line, fault in refused(text, Place(path.parent.as_posix())))
    for version in versions(project.data):
        yield from (f"data/{CHANGES}:{line}: {fault}" for line, fault in refused(version.text, Place(has_html=False), version.line))
