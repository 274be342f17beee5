"""What changed: the versions of the record by CHANGES.md, and the verdicts that moved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from casebook.data.record import Record, split
from casebook.files import read_text
from casebook.verdicts import PENDING, VERDICTS, VERDICTS_TABLE

# A version is also the name of a release.
HEADING = re.compile(r"^## (\d{4})\.(\d{2})\.(\d{2})([\w.-]*)\s*$", re.MULTILINE)


@dataclass(frozen=True)
class Version:
    """One version of the record: its name (2026.11.23), its day as ISO date, what it brought, as Markdown, and on which line that begins."""

    name: str
    day: str
    text: str
    line: int

    @property
    def anchor(self) -> str:
        return f"v{self.name.replace('.', '-')}"


@dataclass(frozen=True)
class Move:
    """A verdict that superseded another: the ids of both rows, the claim, both verdicts, the day it was decided, and why."""

    rows: str
    claim: str
    title: str
    before: str
    after: str
    day: str
    why: str


def versions(data: Path) -> list[Version]:
    """Versions of the record under `data`, newest first."""
    file = data / "CHANGES.md"
    if not file.is_file():
        return []
    text = read_text(file, "data/CHANGES.md")
    found = list(HEADING.finditer(text))
    ends = [*(match.start() for match in found[1:]), len(text)][: len(found)]
    return [
        Version(
            name=".".join(match.groups()[:3]) + match[4],
            day="-".join(match.groups()[:3]),
            text=(body := text[match.end() : end].lstrip()).rstrip(),
            line=text.count("\n", 0, end - len(body)) + 1,
        )
        for match, end in zip(found, ends, strict=True)
    ]


def heading_faults(data: Path) -> Iterator[str]:
    """A finding for each heading of CHANGES.md that is no version, has no day, is there twice, or stands below an older one."""
    file, above = data / "CHANGES.md", ""
    text = read_text(file, "data/CHANGES.md") if file.is_file() else ""
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("## "):
            continue
        where, name = f"data/CHANGES.md:{number}", line.removeprefix("## ").strip()
        if not (match := HEADING.fullmatch(line)):
            yield f"{where}: '{line[:60]}' is not the heading of a version; write its day, such as '## 2026.01.31'."
            continue
        try:
            date.fromisoformat("-".join(match.groups()[:3]))
        except ValueError:
            yield f"{where}: {name} is not a day; correct the version."
        if above and name >= above:
            what = "is there twice; join the two entries" if name == above else f"stands below {above}; put the newest version first"
            yield f"{where}: {name} {what}."
        above = name


def moves(record: Record) -> list[Move]:
    """Verdicts that moved, newest first; a forecast that was pending has not."""
    if VERDICTS_TABLE not in record.tables:
        return []
    found = []
    for row in record.all_rows(VERDICTS_TABLE):
        for old in split(row["supersedes"]):
            before = record.row(VERDICTS_TABLE, old)
            if before["verdict"] != row["verdict"] and PENDING not in (before["verdict"], row["verdict"]):
                title = record.row("claims/claims", row["claim_id"])["claim_en"]
                why = row["note"] or row["basis"]
                now, was = VERDICTS[row["verdict"]], VERDICTS[before["verdict"]]
                found.append(Move(f"{old}-{row['id']}", row["claim_id"], title, was, now, row["decided_on"], why))
    return sorted(found, key=lambda move: (move.day, move.claim), reverse=True)
