"""Refreshers: ask a public source, keep its raw answer, map it to rows, and propose them. Nothing is written into the record.

Every source is a module with `found(fetch, settings, record)`, which gives the rows that it has (`Found`).
What is asked of it stands in `data/refresh.yml`.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.files import load
from casebook.project import Project
from casebook.refresh import sec, usaspending, usgs
from casebook.refresh.fetch import Fetcher
from casebook.refresh.proposal import Proposal, compare, write

SOURCES = {"sec": sec.found, "usaspending": usaspending.found, "usgs": usgs.found}


def settings_of(project: Project) -> dict[str, Any]:
    """`data/refresh.yml`: the sources to ask, each with its settings; none where there is no file. Raises Problem where it cannot be read."""
    file = project.data / "refresh.yml"
    settings = load(file, "data/refresh.yml") if file.is_file() else {"sources": {}}
    for name in settings["sources"]:
        if name not in SOURCES:
            raise Problem(f"data/refresh.yml: no refresher is called '{name}'; there are {', '.join(SOURCES)}.")
    return settings


def folder(project: Project, name: str) -> Path:
    """Where the proposal of a source stands until a person accepts it."""
    return project.root / "proposals" / name


def refresh(project: Project, name: str, say: Callable[[str], None] = print) -> Proposal:
    """Ask a source and write what the record lacks as a proposal. Raises Problem, with the last proposal as it was."""
    settings = settings_of(project)
    if name not in settings["sources"]:
        raise Problem(f"{name}: data/refresh.yml names no such source; it names {', '.join(settings['sources'])}.")
    own = settings["sources"][name]
    agent = f"{project.config['title']} ({settings['contact']})"
    fetch = Fetcher(project.work / "answers" / name, agent, own["pause_seconds"], say)
    record = Record(project.data)
    proposal = compare(record, SOURCES[name](fetch, own, record))
    write(proposal, folder(project, name))
    return proposal
