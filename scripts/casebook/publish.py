"""Publish: plan, run, build with warnings as errors, check the whole site, then one swap."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from casebook import admit, browser, feed, manifest, past, pictures, plotly_js, sqlite, takeaway
from casebook.check import check
from casebook.citations import check_with_exhibits
from casebook.cited import check_cited, numbers_of, resolved
from casebook.data.record import LATEST, Record
from casebook.edition import BUILT_FROM, Edition, package_files
from casebook.errors import Problem, counted
from casebook.files import load_checked, save_checked
from casebook.frame import Book
from casebook.inputs import checked
from casebook.jupyter_book import OURS
from casebook.log import Log, no_log
from casebook.plan import FRESH, Step, exhibits_of, made_page
from casebook.project import digest_files
from casebook.reviews import claim_review
from casebook.run import remove_orphans, run
from casebook.stage import stage
from casebook.swap import swap
from casebook.verdicts import check_verdicts
from casebook.warm import warm

# HTML that is no page of the book.
NO_PAGES = {"exhibits", "frozen", "_static", "404.html", "genindex.html", "search.html"}
WARNING = re.compile(r"(?:WARNING|ERROR|CRITICAL|SEVERE): ")


def build(edition: Edition, jobs: int = 0, scheduler: str = "", log: Log = no_log, say: Callable[[str], None] = print) -> None:
    """Bring the site of an edition up to date with the record, the notebooks and the chapters.

    Only what changed is run: `jobs` pages at once here, or on the Dask cluster at `scheduler`. `log` is told of each page.
    Raises Problem with every finding; what stood then stands as it was.
    """
    with build_lock(edition, say), warm():
        # What was waited for may have been the very build that was wanted.
        if edition.is_built():
            say("site: nothing changed")
            log(state="unchanged")
            return
        # As it is now: what is edited meanwhile is for the next build.
        made_of = edition.inputs()
        _build(edition, made_of, jobs, scheduler, log, say)


@contextmanager
def build_lock(edition: Edition, say: Callable[[str], None]) -> Iterator[None]:
    """Hold the book's lock, so that builds at once, of its editions too, come one after the other. It goes with the process, however that ends."""
    edition.work.mkdir(parents=True, exist_ok=True)
    lock = FileLock(edition.project.work / "lock")
    try:
        lock.acquire(blocking=False)
    except Timeout:
        say("site: another build is under way; waiting for it")
        lock.acquire()
    with lock:
        yield


def _build(edition: Edition, made_of: str, jobs: int, scheduler: str, log: Log, say: Callable[[str], None]) -> None:
    start = time.perf_counter()
    project = edition.project
    inputs = checked(edition)
    rows, steps = inputs.rows, inputs.steps
    say(f"record: {counted(sum(rows.values()), 'row')} in {counted(len(rows), 'table')}, all whole")
    record = Record(project.data)
    todo = [step for step in steps if step.state != FRESH]
    orphans = remove_orphans(steps, edition.book)
    say(f"plan: {counted(len(steps), 'page')}, {len(todo)} to make" + (f", {len(orphans)} no longer in it" if orphans else ""))
    done = run(project, steps, edition.book, jobs, scheduler, log)
    if todo:
        say(done.summary(steps, time.perf_counter() - start))
    if edition.as_of != LATEST:
        past.write_texts(edition, steps)
    exhibits = all_exhibits(steps, edition.book)
    computed = check_verdicts(record, exhibits, edition.as_of)
    check_with_exhibits(inputs.cited, exhibits)
    if edition.as_of == LATEST:
        check_cited(record, numbers_of(exhibits))
    say(f"verdicts: {computed} computed, all agree with the stored ones")
    book = Book(edition.book)
    if not book.is_drawn:
        why = (
            "none, as CASEBOOK_BROWSER says"
            if os.environ.get(browser.VARIABLE)
            else "no Chrome or Chromium is here (scripts/install-browser brings one)"
        )
        say(f"pictures: {why}; charts load when they come into view")
    say("site: building")
    figures = {book.picture_key(id): (figure, book.exhibits[id]["title"]) for id, figure in book.figures.items()}
    with ThreadPoolExecutor(1) as drawer:
        drawing = drawer.submit(pictures.draw, project, figures)
        html = sphinx(edition, book)
    drawing.result()
    staged = stage(edition, book, html)
    plotly_js.write(staged / "_static")
    takeaway.write(book, steps, staged)
    write_claims(staged, record, project.config, exhibits)
    write_exhibits(staged, exhibits)
    if edition.as_of == LATEST:
        write_record(staged, record, project.config, exhibits)
    manifest.write(manifest.manifest(project, record, steps, edition.book, edition.as_of), staged)
    (staged / BUILT_FROM).write_text(made_of + "\n", "utf-8")
    if edition.as_of == LATEST:
        takeaway.keep(edition.site, staged)
    pages = check(staged, steps, edition)
    swap(staged, edition)
    wall = time.perf_counter() - start
    log(state="published", files=pages, seconds=round(wall, 3))
    say(f"site: {counted(pages, 'HTML file')} in {os.path.relpath(edition.site)}, {wall:.1f} s in all")


def all_exhibits(steps: Sequence[Step], book: Path) -> dict[str, dict[str, Any]]:
    """All exhibits of the made pages, by id, each with its `page`, and the numbers that its words cite filled in.

    Raises Problem where two pages publish one id.
    """
    found: dict[str, dict[str, Any]] = {}
    for step in steps:
        for exhibit in exhibits_of(made_page(book, step.page.name)):
            if other := found.get(exhibit["id"]):
                raise Problem(f"page {step.page}: it publishes '{exhibit['id']}', and so does {other['page']}; an exhibit's id is its own.")
            found[exhibit["id"]] = exhibit | {"page": step.page.name}
    return {id: resolved(exhibit, numbers_of(found)) for id, exhibit in found.items()}


def write_claims(staged: Path, record: Record, config: dict[str, Any], exhibits: dict[str, dict[str, Any]]) -> None:
    """`claims.json`: the ClaimReview of every claim of the edition."""
    reviews = [
        claim_review(record, config, record.row("claims/claims", id), record.row("claims/verdicts", e["row"]) | {"basis": e["basis"]}, e["page"])
        for id, e in sorted(exhibits.items())
        if e["kind"] == "verdict"
    ]
    (staged / "claims.json").write_text(json.dumps(reviews, ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_exhibits(staged: Path, exhibits: dict[str, dict[str, Any]]) -> None:
    """`exhibits.json`: every exhibit of the edition with the ids of the rows it rests on, by table."""
    (staged / "exhibits.json").write_text(json.dumps([exhibits[id] for id in sorted(exhibits)], ensure_ascii=False, indent=1) + "\n", "utf-8")


def write_record(staged: Path, record: Record, config: dict[str, Any], exhibits: dict[str, dict[str, Any]]) -> None:
    """The record at stable addresses: its files, one SQLite file, and the feed. An edition has none: they hold later rows."""
    for name in admit.published(record):
        (file := staged / "data" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(record.folder / name, file)
    sqlite.write(record, staged / "data" / "record.sqlite")
    if config["html"].get("baseurl"):
        claims = {id: exhibit["page"] for id, exhibit in exhibits.items() if exhibit["kind"] == "verdict"}
        of_book = (file.relative_to(staged).as_posix() for file in staged.rglob("*.html"))
        feed.write(staged, record, config, claims, exhibits, (page for page in of_book if page.split("/")[0] not in NO_PAGES))


def sphinx(edition: Edition, book: Book) -> Path:
    """Build the book with Jupyter Book, warnings as errors; return the folder of HTML.

    Sphinx writes again what changed, as far as it can see; where it cannot, everything is read and written again.
    """
    root = edition.project.root
    out = edition.work / "_build" / "html"
    now, notes = outline(edition, book), edition.work / "sphinx.json"
    last, built = load_checked(notes), edition.work / "_build"
    sources = {file.relative_to(root).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in _sources(edition)}
    if last.get("outline") != now or last["built"] != _digest_of(built) or not _is_seen(root, sources, last):
        shutil.rmtree(built, ignore_errors=True)
    notes.unlink(missing_ok=True)
    command = [
        sys.executable,
        "-m",
        "casebook.jupyter_book",
        "build",
        str(edition.book),
        "--config",
        str(root / "_config.yml"),
        "--toc",
        str(edition.toc),
        "--path-output",
        str(edition.work),
        "-n",
        "-W",
        "--keep-going",
        "-q",
    ]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, env=os.environ | {"NO_COLOR": "1"}, check=False)
    if done.returncode:
        text = re.sub(r"\x1b\[[0-9;]*m", "", done.stderr + done.stdout)
        if os.strerror(errno.ENOSPC) in text:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(built))
        raise Problem(*said(text.replace(f"{root}{os.sep}", "")))
    save_checked(notes, {"outline": now, "sources": sources, "built": _digest_of(built), "ended": time.time()})
    return out


def said(text: str) -> list[str]:
    """What Jupyter Book said of why it failed: the lines of ours, else Sphinx's warnings, else the end of it all."""
    lines = text.splitlines()
    ours = [line.removeprefix(OURS) for line in lines if line.startswith(OURS)]
    return ours or [line for line in lines if WARNING.search(line)] or [f"jupyter-book failed: {text.strip()[-2000:]}"]


def _is_seen(root: Path, sources: Mapping[str, str], last: Mapping[str, Any]) -> bool:
    """Whether Sphinx, which goes by time, sees every change since the last build: files that were unpacked or brought back are older."""
    changed = (root / name for name, digest in sources.items() if last["sources"].get(name) != digest)
    return last["ended"] <= time.time() and all(file.stat().st_mtime > last["ended"] for file in changed)


def _sources(edition: Edition) -> list[Path]:
    """What Sphinx reads, and what pages depend on."""
    folders = (edition.book, edition.project.data)
    return [file for folder in folders for file in sorted(folder.rglob("*")) if file.is_file() and file.suffix != ".part"]


def _digest_of(folder: Path) -> str:
    return digest_files((file for file in folder.rglob("*") if file.is_file()), folder)


def outline(edition: Edition, book: Book) -> str:
    """What any page may show, in one text: pages and their titles in order of name, configuration, this package's digest,

    whether there are pictures, and what of the record stands beside the rows of an exhibit: its description, sources and entities.
    """
    package, data = Path(__file__).parent, edition.project.data
    tables = [book.record.tables[name]["path"] for name in ("sources", "entities") if name in book.record.tables]
    beside = digest_files((data / name for name in (admit.PACKAGE, *tables)), data)
    titles = [
        f"{file.relative_to(edition.book).as_posix()}: {_title(file)}" for file in sorted(edition.book.rglob("*")) if file.suffix in (".md", ".ipynb")
    ]
    drawn = f"pictures: {book.is_drawn}"
    settings = [file.read_text("utf-8") for file in (edition.toc, edition.project.root / "_config.yml")]
    return "\n".join([digest_files(package_files(), package), beside, drawn, *titles, *settings])


def _title(file: Path) -> str:
    text = file.read_text("utf-8")
    if file.suffix == ".ipynb":
        text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "markdown")
    return next((line for line in text.splitlines() if line.startswith("# ")), "")
