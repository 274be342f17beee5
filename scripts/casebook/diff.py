"""What a change of the record changes: rows by table, and the pages, numbers, verdicts and sentences that rest on them.

Rows are known by their ids, so two versions of a table differ by plain set arithmetic. What they touch follows
from what pages recorded that they read; only pages whose rows differ are run, once on each version.
"""

from __future__ import annotations

import io
import re
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from casebook.data.facts import answer
from casebook.data.package import rule_changes
from casebook.data.record import Record, Row, digest, split
from casebook.errors import Problem
from casebook.frame import FRAMED, render
from casebook.holds import Guard
from casebook.plan import Step, exhibits_of, made_page, plan, published_in, reads_of
from casebook.project import Project
from casebook.run import run

SAMPLE_ROWS = 3


@dataclass(frozen=True)
class RowChange:
    """A row of a table: added, superseding (a correction), changed (which a published row never should be), or removed.

    `before` is what stood: the row itself, or the one that a superseding row replaces.
    """

    table: str
    kind: str
    id: str
    before: Row | None
    after: Row | None

    @property
    def words(self) -> str:
        """The row in a line: what it says, or which cells moved."""
        if self.before and self.after:
            cells = [
                f"{name}: {self.before.get(name) or '(empty)'} → {new or '(empty)'}"
                for name, new in self.after.items()
                if self.before.get(name, "") != new and name not in ("id", "supersedes")
            ]
            return "; ".join(cells) or f"the same as {self.before['id']}"
        row = self.after or self.before or {}
        skipped = {"id", "source_ids", "published_on", "supersedes", "note"}
        return ", ".join(value for name, value in row.items() if value and name not in skipped)[:200]


@dataclass(frozen=True)
class NumberChange:
    """A number or verdict as it was and as it is; `holds` are sentences that lean on it and no longer hold."""

    id: str
    title: str
    page: str
    before: str
    after: str
    holds: tuple[str, ...] = ()


@dataclass(frozen=True)
class Diff:
    base: str
    head: str
    rows: list[RowChange]
    pages: dict[str, str]
    exhibits: list[str]
    numbers: list[NumberChange]
    verdicts: list[NumberChange]
    rules: list[str]
    same_version: str

    @property
    def rewritten(self) -> list[RowChange]:
        """Rows of the base that were changed or removed instead of superseded."""
        return [row for row in self.rows if row.kind in ("changed", "removed")]

    def tables(self) -> dict[str, list[RowChange]]:
        return {table: [row for row in self.rows if row.table == table] for table in sorted({row.table for row in self.rows})}

    def as_text(self) -> str:
        return render("diff.txt", diff=self, sample=None)

    def as_markdown(self) -> str:
        """For a pull request: at most three rows a table."""
        return render("diff.md", diff=self, sample=SAMPLE_ROWS)

    def as_html(self) -> str:
        return render("diff.html", diff=self, sample=None)


def diff(project: Project, base: str, head: str = "") -> Diff:
    """Compare two git revisions of the record; without `head`, the files as they stand with `base`.

    Raises Problem for a revision that git does not know, or a page that cannot be made on either version.
    """
    with TemporaryDirectory(prefix="casebook-") as scratch:
        old, new = (side(project, Path(scratch) / name, revision) for name, revision in (("base", base), ("head", head)))
        rows = list(row_changes(Record(old.data), Record(new.data)))
        tables = {row.table for row in rows}
        versions = {Record(side.data).package.get("version", "") for side in (old, new)}
        rules = list(rule_changes(Record(old.data).package, Record(new.data).package))
        before, after = (made(side, tables, Record(other.data), project.book) for side, other in ((old, new), (new, old)))
        published = published_in(project.book) | published_in(new.book) | after
    exhibits = sorted(id for id in before.keys() | after.keys() if before.get(id) != after.get(id))
    shown = {id: (before.get(id), after.get(id)) for id in exhibits}
    numbers = {id: exhibit for id, exhibit in published.items() if exhibit["kind"] == "number"}
    differing = {exhibit["page"] for pair in shown.values() for exhibit in pair if exhibit}
    pages = {page: what for page, what in _pages(before, after).items() if page in differing}
    return Diff(
        base,
        head or "the files as they stand",
        rows,
        pages,
        [id for id in exhibits if (after.get(id) or before[id])["kind"] in FRAMED],
        [_with_holds(number, project, numbers) for number in _moved(shown, "number", "text")],
        list(_moved(shown, "verdict", "verdict")),
        rules,
        versions.pop() if (rows or rules) and len(versions) == 1 else "",
    )


def version_findings(project: Project, base: str) -> Iterator[str]:
    """A changed record needs a version of its own. Raises Problem for a revision that git does not know."""
    with TemporaryDirectory(prefix="casebook-") as scratch:
        before, after = Record(side(project, Path(scratch) / "base", base).data), Record(project.data)
        if before.package["version"] == after.package["version"] and (
            any(row_changes(before, after)) or any(rule_changes(before.package, after.package))
        ):
            yield (
                f"data/datapackage.json: the record has changed since {base}, and its version is still {after.package['version']}; "
                "move 'version' and 'created' on, and say in CHANGES.md what changed."
            )


def side(project: Project, folder: Path, revision: str) -> Project:
    """A project with the notebooks as they stand and the record of a revision, or as it stands."""
    folder.mkdir()
    for name in ("notebooks", "requirements.lock", "_config.yml"):
        (folder / name).symlink_to(project.root / name)
    if not revision:
        (folder / "data").symlink_to(project.data)
        return Project(folder)
    # A word that begins with a hyphen would be an option to git, which writes files where some options say.
    done = None if revision.startswith("-") else _archive(project, revision)
    if done is None or done.returncode:
        raise Problem(f"git knows no revision '{revision}' with a folder data/; name a commit, tag or branch of this repository.")
    with tarfile.open(fileobj=io.BytesIO(done.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return Project(folder)


def _archive(project: Project, revision: str) -> subprocess.CompletedProcess[bytes]:
    """What git says when it is asked for the record of a revision as a tar. Raises Problem where there is no git."""
    try:
        return subprocess.run(["git", "archive", revision, "--", "data"], cwd=project.root, capture_output=True, check=False)
    except FileNotFoundError:
        raise Problem("git is not on this machine; install it to compare with an earlier record.") from None


def row_changes(old: Record, new: Record) -> Iterator[RowChange]:
    """Rows that differ between two versions of the record, by table and id."""
    for table in sorted(old.tables.keys() | new.tables.keys()):
        before, after = ({row["id"]: row for row in record.all_rows(table)} if table in record.tables else {} for record in (old, new))
        for id in sorted(before.keys() | after.keys()):
            was, now = before.get(id), after.get(id)
            if was and now and was != now:
                yield RowChange(table, "changed", id, was, now)
            elif now and not was:
                old_ids = split(now.get("supersedes", ""))
                yield RowChange(table, "superseding" if old_ids else "added", id, after.get(old_ids[0]) if old_ids else None, now)
            elif was and not now:
                yield RowChange(table, "removed", id, was, None)


def made(project: Project, tables: set[str], other: Record, book: Path) -> dict[str, dict[str, Any]]:
    """Exhibits by id of the pages that read differently in the `other` version, each with its page.

    Pages made before, under `book`, say what they read; one that was not is run where any of `tables` differs.
    """
    record = Record(project.data)
    steps = [step for step in plan(project, record, project.book) if _may_differ(step, tables, made_page(book, step.page.name), record, other)]
    run(project, steps, project.book)
    found: dict[str, dict[str, Any]] = {}
    for step in steps:
        page = made_page(project.book, step.page.name)
        if any(_differs(read, record, other) for read in reads_of(page)):
            for exhibit in exhibits_of(page):
                # An exhibit differs where its rows do, even if they are the same by name.
                rows = {table: digest(record.named(table, ids, exhibit["as_of"])) for table, ids in exhibit["rows"].items()}
                found[exhibit["id"]] = exhibit | {"page": step.page.name, "rows": rows}
    return found


def _may_differ(step: Step, tables: set[str], before: dict[str, Any] | None, record: Record, other: Record) -> bool:
    if before and before["metadata"]["casebook"]["code"] == step.fingerprint["code"]:
        return any(_differs(read, record, other) for read in reads_of(before))
    # What it reads is only known once it has run.
    return bool(tables)


def _differs(read: Mapping[str, Any], one: Record, other: Record) -> bool:
    try:
        there = digest(answer(other, read))
    except Problem:
        return True
    return there != digest(answer(one, read))


def _pages(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, str]:
    old, new = ({exhibit["page"] for exhibit in side.values()} for side in (before, after))
    return {page: "changed" if page in old & new else "new" if page in new else "gone" for page in sorted(old | new)}


def _moved(shown: Mapping[str, tuple[dict[str, Any] | None, dict[str, Any] | None]], kind: str, says: str) -> Iterator[NumberChange]:
    """The exhibits of a kind whose word (their key `says`) is another than it was."""
    for was, now in shown.values():
        exhibit = now or was
        if exhibit and exhibit["kind"] == kind and not (was and now and was[says] == now[says]):
            yield NumberChange(exhibit["id"], exhibit["title"], exhibit["page"], was[says] if was else "", now[says] if now else "")


def _with_holds(number: NumberChange, project: Project, numbers: Mapping[str, Any]) -> NumberChange:
    """The number with the sentences of the book that lean on it and are false now."""
    broken = []
    for chapter in sorted(project.book.rglob("*.md")):
        for line, text in enumerate(chapter.read_text("utf-8").splitlines(), start=1):
            for guard in re.findall(r"\{holds\}`([^`]+)`", text):
                if _is_broken(guard, number.id, numbers):
                    broken.append(f"{chapter.relative_to(project.root).as_posix()}:{line}: {guard}")
    return NumberChange(number.id, number.title, number.page, number.before, number.after, tuple(broken))


def _is_broken(text: str, id: str, numbers: Mapping[str, Any]) -> bool:
    """Whether a condition on this number no longer holds; what is no condition, the build says."""
    try:
        guard = Guard.of(text)
        return id in guard.ids and not guard.is_true(numbers)
    except Problem:
        return False
