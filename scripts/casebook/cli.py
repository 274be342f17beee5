"""The command `casebook`."""

from __future__ import annotations

import errno
import functools
import os
import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from casebook.edition import Edition
from casebook.errors import Problem, counted, some
from casebook.log import json_log
from casebook.project import Project

app = typer.Typer(no_args_is_help=True, add_completion=False, help="Make, check and correct a casebook.", pretty_exceptions_enable=False)
Jobs = Annotated[int, typer.Option("--jobs", "-j", min=0, help="Pages run at once; 0 means three a core.")]


# So many rows that want a quote are a day's work.
MOST_WANTED = 20
# Faults of a machine, not of the code: a full or read-only disk, a missing right.
OF_THE_MACHINE = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EACCES, errno.EPERM}


def for_people(command: Callable[..., None]) -> Callable[..., None]:
    """Print a Problem as plain lines and leave with status 1; no traceback for a mistake in the data, or a full disk."""

    @functools.wraps(command)
    def run(*args: Any, **kwargs: Any) -> None:
        try:
            command(*args, **kwargs)
        except Problem as problem:
            for finding in problem.findings:
                print(finding, file=sys.stderr)
            raise typer.Exit(1) from None
        except OSError as error:
            if isinstance(error, shutil.Error):  # of many copies, each with its reason in words
                error = next((OSError(code, os.strerror(code)) for code in OF_THE_MACHINE if os.strerror(code) in str(error)), error)
            if error.errno not in OF_THE_MACHINE:
                raise
            print(
                f"{error.filename or 'this machine'}: {error.strerror}; the previous site is unchanged. Free some space, or get the right to write there, and run it again.",
                file=sys.stderr,
            )
            raise typer.Exit(1) from None

    return run


@app.command()
@for_people
def build(
    jobs: Jobs = 0,
    as_of: Annotated[str, typer.Option(help="Build the record as known on a past day (YYYY-MM-DD), without chapters, into _editions/.")] = "latest",
    scheduler: Annotated[str, typer.Option(help="Run the pages on the Dask cluster whose scheduler has this address (tcp://...).")] = "",
    log: Annotated[Path | None, typer.Option("--json", help="Write a JSON line for each page into this file as it is done.")] = None,
) -> None:
    """Validate, run what is stale, build, check, and swap the new site in."""
    edition = Edition(Project.find(), as_of)
    with json_log(log) as tell:
        if edition.is_built():
            print("site: nothing changed")
            tell(state="unchanged")
            return
        from casebook.publish import build as build_site

        build_site(edition, jobs, scheduler, tell)


@app.command()
@for_people
def run(
    notebook: Annotated[str, typer.Argument(help="A notebook, such as ai/company.")],
    given: Annotated[list[str] | None, typer.Argument(help="Parameters, such as company=mistral as_of=2025-06-30.")] = None,
) -> None:
    """Run one notebook with parameters of your own, and open what came out; the book stays as it is."""
    from casebook.rerun import open_file, rerun

    project = Project.find()
    file = rerun(project, notebook, given or [])
    print(os.path.relpath(file))
    if sys.stdout.isatty():
        open_file(file)


@app.command()
@for_people
def verify(
    address: Annotated[str, typer.Argument(help="A manifest.json, or the address of a published site.")],
) -> None:
    """Run every page again and say of each whether it is the same as in a manifest, or what differs."""
    from casebook import manifest as m

    project = Project.find()
    theirs = m.fetch(address)
    ours = m.rebuild(project, theirs["as_of"])
    found = [f"{page}: {what}" for page, what in m.differences(theirs, ours)]
    print(
        f"{counted(len(theirs['pages']), 'page')} of {theirs['title']}, record {theirs['record']}: {len(theirs['pages'].keys() & ours['pages'].keys())} rebuilt"
    )
    if found:
        differ = "1 page differs." if len(found) == 1 else f"{len(found)} pages differ."
        raise Problem(*found, *(f"other here: {version}" for version in m.versions(theirs, ours)), differ)
    print("every page is the same")


@app.command()
@for_people
def new(
    folder: Annotated[Path, typer.Argument(help="The new story's folder; it must be empty or not there.")],
    title: Annotated[str, typer.Option(prompt="Title of the story")],
    author: Annotated[str, typer.Option(prompt="Who tells it")],
    repository: Annotated[str, typer.Option(prompt="Web address of its repository, such as https://github.com/you/story")],
) -> None:
    """Make a story of your own: this machine without our data, chapters and verdicts, and a small example in their place."""
    from casebook.new import new as make

    make(Project.find().root, folder, title, author, repository)
    print(f"{folder}: made. Next: cd {folder}, then: make site")


@app.command()
@for_people
def plan(stale_only: Annotated[bool, typer.Option("--stale", help="Leave out fresh pages.")] = False) -> None:
    """Say of every page whether it is fresh or stale, and why."""
    from casebook import admit
    from casebook.data.record import Record
    from casebook.plan import FRESH
    from casebook.plan import plan as plan_pages

    project = Project.find()
    admit.check(project)
    steps = plan_pages(project, Record(project.data), project.book)
    for step in steps:
        if not (stale_only and step.state == FRESH):
            print(f"{step.state:9} {step.page.name:45} {step.why}")
    print(f"{counted(len(steps), 'page')}, {sum(step.state == FRESH for step in steps)} fresh")


@app.command()
@for_people
def validate(
    fix: Annotated[
        bool, typer.Option("--fix", help="Write each table in its one form: columns as described, rows by id, quotes where needed.")
    ] = False,
    base: Annotated[str, typer.Option("--base", help="Fail where the record differs from this git revision and its version does not.")] = "",
) -> None:
    """Check settings, files and text, and every table: schema, keys, sources, and the rules of the record."""
    from casebook import admit
    from casebook.data.validate import validate as validate_record

    project = Project.find()
    admit.check(project)
    rows = validate_record(project.data)
    if fix:
        from casebook.desk import tidy

        for path in tidy(project.data):
            print(f"data/{path}: rewritten")
    if base:
        from casebook.diff import version_findings

        if findings := list(version_findings(project, base)):
            raise Problem(*findings)
    print(f"{counted(len(rows), 'table')}, {counted(sum(rows.values()), 'row')}: nothing is wrong")


@app.command()
@for_people
def add(table: Annotated[str, typer.Argument(help="The table, such as ai/rounds.")]) -> None:
    """Ask for a row on the terminal, check it with the whole record, and write it in its place."""
    from casebook.data.record import Record
    from casebook.data.validate import check
    from casebook.desk import add as add_row
    from casebook.desk import ask_row

    data = Project.find().data
    check(data)
    record = Record(data)
    row: dict[str, str] = {}
    while True:
        try:
            ask_row(record, table, row, ask)
            print(f"{os.path.relpath(add_row(data, table, row))}: row {row['id']} added")
            return
        except Problem as problem:
            if not row:
                raise
            print(*problem.findings, "Nothing is written. Here are your answers again: Enter keeps one.", sep="\n", file=sys.stderr)
        except typer.Abort:
            answers = "".join(f"\n{name}: {answer}" for name, answer in row.items() if answer)
            print(f"\nNothing is written.{' Your answers were:' if answers else ''}{answers}", file=sys.stderr)
            raise


def ask(name: str, about: str, default: str | None, fault: Callable[[str], str | None]) -> str:
    """Ask on the terminal, and again at once where an answer is not right."""

    def checked(answer: str) -> str:
        if found := fault(answer.strip()):
            raise typer.BadParameter(f"{found}.")
        return answer.strip()

    print(f"\n{name}: {about}")
    return str(typer.prompt(name, default=default, show_default=bool(default), value_proc=checked))


@app.command()
@for_people
def add_table(table: Annotated[str, typer.Argument(help="A new table, such as parks/trees: its file is data/parks/trees.csv.")]) -> None:
    """Add a new table to datapackage.json: asks what it and its columns hold, and guesses their kinds."""
    from casebook.describe import add_table as describe

    kinds = describe(Project.find().data, table, lambda question: str(typer.prompt(question)).strip())
    print(f"data/datapackage.json: {table} added: " + ", ".join(f"{name} ({kind})" for name, kind in kinds.items()))


@app.command()
@for_people
def correct(
    table: Annotated[str, typer.Argument(help="The table, such as ai/rounds.")],
    fact: Annotated[str, typer.Argument(help="A row's id, or what tells the fact apart: company=x,metric=revenue,period_end=2024-12-31")],
    cells: Annotated[list[str], typer.Argument(help="What is right: column=value, as often as needed.")],
    source: Annotated[str, typer.Option("--source", help="The source that says so, as an id of the table sources.")],
    published: Annotated[str, typer.Option("--published", help="The day on which it became public; left out: the source's own.")] = "",
    note: Annotated[str, typer.Option("--note", help="What a reader of the row should know.")] = "",
) -> None:
    """Add the row that supersedes a wrong one; numbers, charts and verdicts follow the fact."""
    from casebook.correct import correct as correct_fact

    if bare := next((cell for cell in cells if "=" not in cell), None):
        raise Problem(f"'{bare}' is not a correction; write column=value, such as amount=1720000000.")
    right = {name: cell for name, _, cell in (cell.partition("=") for cell in cells)}
    was, now = correct_fact(Project.find().data, table, fact, right, source, published, note)
    for name, cell in right.items():
        print(f"{name}: {was[name] or '(empty)'} → {cell or '(empty)'}")
    print(f"data/{table}.csv: row {now['id']} supersedes {was['id']}; give the record its next version and say so in data/CHANGES.md")


@app.command()
@for_people
def refresh(names: Annotated[list[str] | None, typer.Argument(help="Sources of data/refresh.yml; left out: all of them.")] = None) -> None:
    """Ask public sources what the record lacks, and write it as proposals; `accept` takes one over."""
    from casebook.refresh import folder, settings_of
    from casebook.refresh import refresh as ask

    project = Project.find()
    findings: list[str] = []
    known = settings_of(project)["sources"]
    if not (asked := names or known):
        print("nothing to ask: data/refresh.yml names no source")
    for name in asked:
        try:
            proposal = ask(project, name)
            where = f", in {os.path.relpath(folder(project, name))}; read it, then: .venv/bin/casebook accept {name}" if proposal else ""
            print(f"{name}: {proposal.summary()}{where}")
        except Problem as problem:
            findings += [f"{name}: {finding}" for finding in problem.findings]
    if findings:
        raise Problem(*findings)


@app.command()
@for_people
def accept(name: Annotated[str, typer.Argument(help="The source whose proposal is accepted, as it stands under proposals/.")]) -> None:
    """Add the new and superseding rows of a proposal to the record; what disagrees stays for an editor."""
    from casebook.refresh import folder
    from casebook.refresh.proposal import accept as take

    project = Project.find()
    print(f"{name}: {take(project.data, folder(project, name))} rows added; say so in data/CHANGES.md")


@app.command()
@for_people
def due() -> None:
    """List what of the record should be looked at again, and what its rows dispute or lack; fail where a day has passed."""
    from casebook.asks import late, unheld_quotes, unquoted
    from casebook.checks import due as due_checks
    from casebook.data.facts import Facts
    from casebook.data.record import Record

    project = Project.find()
    record = Record(project.data)
    checks = due_checks(record)
    if not checks:
        print("nothing is due: the record has no table methods/checks, or no row in it")
    for check in checks:
        print(f"{check.by}  {'overdue' if check.is_overdue else '       '}  {check.table:24} {check.what}")
    for table, fact in Facts(record).disputes():
        rivals = ", ".join(f"{rival[fact.column]} ({rival['id']})" for rival in fact.rivals)
        print(f"in dispute  {table}.{fact.column}: {fact.row[fact.column]} ({fact.row['id']}) stands by {fact.by}; beside it {rivals}")
    for table, ids in late(record):
        print(f"late        {table}: {some(ids)} became public long after their period's usual report; look for an earlier one")
    for table, row, columns in unheld_quotes(record):
        print(f"quote       {table}: that of {row['id']} does not hold its {', '.join(columns)}")
    wanted = unquoted(project, record)
    for table, id, what in wanted[:MOST_WANTED]:
        print(f"unquoted    {table}: {id}, on which {what} rests")
    if len(wanted) > MOST_WANTED:
        print(f"unquoted    and {counted(len(wanted) - MOST_WANTED, 'more row')}")
    if overdue := sum(check.is_overdue for check in checks):
        raise Problem(f"overdue: {overdue} of {counted(len(checks), 'check')}; look, then supersede their rows in methods/checks.")


@app.command()
@for_people
def links() -> None:
    """Ask every source's address whether it still answers; fail where one does not."""
    from casebook.data.record import Record
    from casebook.links import dead

    rows = Record(Project.find().data).rows("sources")
    findings = list(dead(rows))
    if findings:
        raise Problem(*findings, f"no answer: {len(findings)} of {len(rows)}; put an archived copy in their place, and keep the ids.")
    print(f"every address answers: {len(rows)}")


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
