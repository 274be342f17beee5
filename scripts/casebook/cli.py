"""The command `casebook`."""

from __future__ import annotations

import functools
import http.server
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from casebook.edition import Edition
from casebook.errors import Problem
from casebook.project import Project

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Build, check and serve a casebook.", pretty_exceptions_enable=False)
Jobs = Annotated[int, typer.Option("--jobs", "-j", help="Pages run at once; 0 means three a core.")]


def for_people(command: Callable[..., None]) -> Callable[..., None]:
    """Print a Problem as plain lines and leave with status 1; no traceback for a mistake in the data."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Problem as problem:
            for finding in problem.findings:
                print(finding, file=sys.stderr)
            raise typer.Exit(1) from None

    return run


@app.command()
@for_people
def build(
    jobs: Jobs = 0,
    as_of: Annotated[str, typer.Option(help="Build the edition of a past day (YYYY-MM-DD) into _editions/.")] = "latest",
    scheduler: Annotated[str, typer.Option(help="Run the pages on the Dask cluster whose scheduler has this address (tcp://...).")] = "",
    log: Annotated[Path | None, typer.Option("--json", help="Write a JSON line for each page into this file as it is done.")] = None,
) -> None:
    """Validate, run what is stale, build, check, and swap the new site in."""
    edition = Edition(Project.find(), as_of)
    if edition.is_built():
        print("site: nothing changed")
        return
    from casebook.publish import build as build_site

    if log is None:
        build_site(edition, jobs, scheduler)
        return
    with log.open("w", encoding="utf-8") as lines:
        build_site(edition, jobs, scheduler, log=lambda **event: print(json.dumps(event, ensure_ascii=False), file=lines, flush=True))


@app.command()
@for_people
def rollback(as_of: Annotated[str, typer.Option(help="Roll back the edition of a past day.")] = "latest") -> None:
    """Put the site before this one back in its place; again, and this one returns."""
    from casebook.publish import rollback as roll_back

    edition = Edition(Project.find(), as_of)
    roll_back(edition)
    print(f"{os.path.relpath(edition.site)}: the site before stands again")


@app.command()
@for_people
def plan(stale_only: Annotated[bool, typer.Option("--stale", help="Leave out fresh pages.")] = False) -> None:
    """Say of every page whether it is fresh or stale, and why."""
    from casebook.data.record import Record
    from casebook.plan import FRESH
    from casebook.plan import plan as plan_pages

    project = Project.find()
    steps = plan_pages(project, Record(project.data), project.book)
    for step in steps:
        if not (stale_only and step.state == FRESH):
            print(f"{step.state:9} {step.page.name:45} {step.why}")
    print(f"{len(steps)} pages, {sum(step.state == FRESH for step in steps)} fresh")


@app.command()
@for_people
def validate() -> None:
    """Check every table: schema, keys, sources, and the rules of the record."""
    from casebook.data.validate import validate as validate_record

    for table, rows in validate_record(Project.find().data).items():
        print(f"{table:28} {rows:6} rows")


@app.command()
@for_people
def fmt(check: Annotated[bool, typer.Option("--check", help="Change nothing; fail where a table is not in this form.")] = False) -> None:
    """Write every table in one canonical form: columns as in the schema, rows by id, quotes only where needed."""
    from casebook.desk import tidy

    found = tidy(Project.find().data, check)
    if check and found:
        raise Problem(*(f"data/{path}: not in canonical form; run 'casebook fmt'." for path in found))
    print(*(f"data/{path}: rewritten" for path in found), f"{len(found)} tables rewritten" if found else "every table is in canonical form", sep="\n")


@app.command()
@for_people
def add(table: Annotated[str, typer.Argument(help="The table, such as ai/rounds.")]) -> None:
    """Ask for a row on the terminal, check it with the whole record, and write it in its place."""
    from casebook.data.record import Record
    from casebook.desk import add as add_row
    from casebook.desk import proposed_id

    data = Project.find().data
    record = Record(data)
    row: dict[str, str] = {}
    fields = record.fields(table)
    for name, field in [*((n, f) for n, f in fields.items() if n != "id"), ("id", fields["id"])]:
        rules = field.get("constraints", {})
        print(f"\n{name}: {field['description']}" + (f" One of: {', '.join(rules['enum'])}." if "enum" in rules else ""))
        default = proposed_id(record, table, row) if name == "id" else "" if not rules.get("required") else None
        row[name] = str(typer.prompt(name, default=default, show_default=bool(default))).strip()
    print(f"{os.path.relpath(add_row(data, table, row))}: row {row['id']} added")


@app.command()
@for_people
def diff(
    base: Annotated[str, typer.Argument(help="Git revision of the record to compare with.")],
    head: Annotated[str, typer.Argument(help="The other revision; left out: the files as they stand.")] = "",
    form: Annotated[str, typer.Option("--as", help="text, markdown (for a pull request) or html.")] = "text",
) -> None:
    """Say which rows a change of the record changes, and which pages, numbers, verdicts and sentences it touches."""
    if form not in ("text", "markdown", "html"):
        raise Problem(f"--as {form}: write text, markdown or html.")
    from casebook.diff import diff as compare

    found = compare(Project.find(), base, head)
    print({"text": found.as_text, "markdown": found.as_markdown, "html": found.as_html}[form]())


@app.command()
@for_people
def weigh() -> None:
    """Print the heaviest pages of the built site; fail where one is heavier than it may be."""
    from casebook import budget
    from casebook.parse import parse

    site = built_site()
    pages = parse(site)
    weights = budget.weigh(site, pages)
    print(*budget.table(weights), sep="\n")
    if findings := list(budget.over(site, weights, pages)):
        raise Problem(*findings)


@app.command()
@for_people
def serve(port: Annotated[int, typer.Option(help="Port on this machine.")] = 8000) -> None:
    """Serve the built site on this machine."""
    site = built_site()
    handler = functools.partial(QuietHandler, directory=str(site))
    with http.server.ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        print(f"http://127.0.0.1:{port}/  (Ctrl-C ends it)")
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()


def built_site() -> Path:
    """Folder of the built site. Raises Problem where there is none."""
    site = Project.find().site
    if not (site / "index.html").is_file():
        raise Problem(f"{os.path.relpath(site)}: there is no site yet; run 'make site' first.")
    return site


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    """Serves files without a line for each."""

    def log_message(self, format: str, *args: Any) -> None:
        pass
