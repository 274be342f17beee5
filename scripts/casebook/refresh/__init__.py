"""Refreshers: ask a public source, keep its raw answer, map it to rows, and propose them. Nothing is written into the record.

Every source is a module with `found(fetch, settings, record)`, which gives the rows that it has (`Found`).
What is asked of it stands in `data/refresh.yml`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from casebook import shape
from casebook.data.record import Record
from casebook.errors import Problem, meant
from casebook.files import load
from casebook.project import Project
from casebook.refresh import sec, usaspending, usgs
from casebook.refresh.fetch import Fetcher
from casebook.refresh.proposal import Proposal, compare, write

FILE = "data/refresh.yml"
SOURCES = {"sec": sec.found, "usaspending": usaspending.found, "usgs": usgs.found}


def settings_of(project: Project) -> dict[str, Any]:
    """`data/refresh.yml`: the sources to ask, each with its settings; none where there is no file. Raises Problem where it cannot be read."""
    file = project.data / "refresh.yml"
    if not file.is_file():
        return {"sources": {}}
    settings = load(file, FILE)
    shape.check(settings, "refresh", FILE)
    record = Record(project.data)
    findings = [
        f"{FILE}: sources, {name}, table: the record has no table '{own['table']}'; {meant(own['table'], record.tables)}"
        for name, own in settings["sources"].items()
        if own["table"] not in record.tables
    ]
    if findings:
        raise Problem(*findings)
    return settings


def folder(project: Project, name: str) -> Path:
    """Where the proposal of a source stands until a person accepts it. Raises Problem for a name that is no source's."""
    if name not in SOURCES:
        raise Problem(f"no source is called '{name}'; {meant(name, SOURCES)}")
    return project.root / "proposals" / name


def refresh(project: Project, name: str, say: Callable[[str], None] = print) -> Proposal:
    """Ask a source and write what the record lacks as a proposal. Raises Problem, with the last proposal as it was."""
    settings = settings_of(project)
    if name not in settings["sources"]:
        raise Problem(f"{FILE} names no source '{name}'; {meant(name, settings['sources'])}")
    own = settings["sources"][name]
    agent = f"{project.config['title']} ({settings['contact']})"
    fetch = Fetcher(project.work / "answers" / name, agent, own["pause_seconds"], say)
    record = Record(project.data)
    proposal = compare(record, SOURCES[name](fetch, own, record))
    write(proposal, folder(project, name))
    return proposal
