"""Proof of a re-run: what every page was made of and what came out, as digests, and how two builds differ.

`manifest.json` stands on every site. Someone else's build of the same record, notebooks and lock gives the same one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casebook import made_with, shape
from casebook.data.record import LATEST, Record
from casebook.errors import Problem
from casebook.plan import Step, exhibits_of, made_file, made_page, plan, reads_of
from casebook.project import Project
from casebook.run import run

FILE = "manifest.json"
FORM = 2
SECONDS = 60


def manifest(project: Project, record: Record, steps: Sequence[Step], book: Path, as_of: str = LATEST) -> dict[str, Any]:
    """Everything that a build can be held against, by page: template, parameters, digests of reads, of exhibits, and of the made page."""
    pages = {}
    for step in steps:
        made = made_page(book, step.page.name)
        pages[step.page.name] = {
            "notebook": step.page.notebook,
            "parameters": step.page.parameters,
            "code": step.fingerprint["code"],
            "text": step.fingerprint["text"],
            "reads": sorted({_question(read): read["digest"] for read in reads_of(made)}.items()),
            "exhibits": {exhibit["id"]: _digest(exhibit) for exhibit in exhibits_of(made)},
            "page": hashlib.sha256(made_file(book, step.page.name).read_bytes()).hexdigest(),
        }
    return {
        "form": FORM,
        "title": project.config["title"],
        "record": record.package["version"],
        "as_of": as_of,
        "machine": steps[0].fingerprint["machine"] if steps else "",
        "made_with": made_with.versions(made_with.pinned(project.lock)),
        "pages": pages,
    }


def write(content: dict[str, Any], site: Path) -> None:
    """Put a manifest into a staged site."""
    (site / FILE).write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def fetch(address: str) -> dict[str, Any]:
    """A manifest from a file, or from a site by its address. Raises Problem where there is none, or none of this form."""
    try:
        if address.startswith(("http://", "https://")):
            import requests

            answer = requests.get(address if address.endswith(".json") else f"{address.rstrip('/')}/{FILE}", timeout=SECONDS)
            answer.raise_for_status()
            content = answer.json()
        else:
            content = json.loads(Path(address).read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise Problem(f"{address}: no manifest can be read there ({type(error).__name__}); name a manifest.json, or the address of a site.") from None
    shape.check(content, "manifest", f"{address}: not a manifest of this version")
    return content


def rebuild(project: Project, as_of: str = LATEST) -> dict[str, Any]:
    """Run every page from nothing, beside the book, and return the manifest. Raises Problem as `run` does."""
    with TemporaryDirectory(prefix="casebook-") as scratch:
        book, record = Path(scratch), Record(project.data)
        steps = plan(project, record, book, as_of)
        run(project, steps, book)
        return manifest(project, record, steps, book, as_of)


def differences(theirs: dict[str, Any], ours: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Page and how it differs, for each page that is not the same in both."""
    for name in sorted(theirs["pages"].keys() | ours["pages"].keys()):
        a, b = theirs["pages"].get(name), ours["pages"].get(name)
        if not a or not b:
            yield name, "only in the rebuild" if not a else "not in the rebuild"
        elif what := list(_page_differences(a, b)):
            yield name, "; ".join(what)


def versions(theirs: dict[str, Any], ours: dict[str, Any]) -> list[str]:
    """Where a difference may come from: Python, the system, packages, and whether the machine itself is another."""
    machine = ["the casebook package, the lock, the shapes or the units"] if theirs["machine"] != ours["machine"] else []
    return machine + made_with.differences(theirs["made_with"], ours["made_with"])


def _page_differences(a: dict[str, Any], b: dict[str, Any]) -> Iterator[str]:
    for key, word in (("notebook", "another notebook"), ("parameters", "other parameters"), ("code", "the notebook's code"), ("text", "its text")):
        if a[key] != b[key]:
            yield word
    reads, again = dict(map(tuple, a["reads"])), dict(map(tuple, b["reads"]))
    if tables := sorted({read.split(" ")[0].split(".")[0] for read in reads.keys() | again.keys() if reads.get(read) != again.get(read)}):
        yield f"rows read of {', '.join(tables)}"
    if exhibits := sorted(id for id in a["exhibits"].keys() | b["exhibits"].keys() if a["exhibits"].get(id) != b["exhibits"].get(id)):
        yield f"exhibits {', '.join(exhibits)}"
    if a["page"] != b["page"]:
        yield "the executed page"


def _question(read: dict[str, Any]) -> str:
    """What a read asked the record: two reads of one table on two days are two questions.

    What rows it asked for is a digest too: today's code names rows which an edition of a past day does not know.
    """
    column = f".{read['column']}" if "column" in read else ""
    return f"{read['table']}{column} as of {read['as_of']} {_digest(read['where'])}"


def _digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()
