"""What an editor should still be asked of single rows: an earlier report, a passage, a passage that holds the figure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from statistics import median

from casebook.checks import TABLE as CHECKS
from casebook.citations import citations
from casebook.data.quotes import unheld
from casebook.data.record import Record, Row, split
from casebook.plan import published_in
from casebook.project import Project
from casebook.verdicts import EVIDENCE_TABLE, RULES_TABLE

LANDING = "index"
# Days after the usual report of a period's like from which on a row's day asks for an earlier report.
LATE = 30


def late(record: Record) -> Iterator[tuple[str, list[str]]]:
    """Tables with the ids of rows that became public long after their period's usual report, and that nobody looked at.

    Usual is the median of all rows of the table whose event or period is as long. A row of `methods/checks` that
    names them in `rows` says that somebody has looked for an earlier report.
    """
    checks = record.rows(CHECKS) if CHECKS in record.tables else []
    looked_at = {id for check in checks for id in split(check.get("rows", ""))}
    for table in (name for name in record.tables if "factKey" in record.tables[name]):
        days: dict[str, dict[str, int]] = defaultdict(dict)
        for row in record.rows(table):
            if end := row.get("event_date") or row.get("period_end"):
                taken = (date.fromisoformat(row["published_on"]) - date.fromisoformat(end)).days
                days[row.get("date_precision") or row.get("period_type", "")][row["id"]] = taken
        usual = {kind: median(taken.values()) for kind, taken in days.items()}
        found = {id for kind, of in days.items() for id, taken in of.items() if taken > max(usual[kind], 0) + LATE}
        if found - looked_at:
            yield table, sorted(found - looked_at)


def unheld_quotes(record: Record) -> Iterator[tuple[str, Row, list[str]]]:
    """Rows whose quote does not hold some of their figures, with their table and the columns of these."""
    for table in _quoting(record):
        yield from ((table, row, columns) for row in record.rows(table) if (columns := unheld(record, table, row)))


def unquoted(project: Project, record: Record) -> list[tuple[str, str, str]]:
    """Rows that carry weight and quote nothing, the weightiest first: table, id, and what rests on them.

    First come numbers of the landing page, then those of chapters, then those of rules, then evidence. Numbers that
    no page has published yet rest on nothing.
    """
    numbers = {id: exhibit["rows"] for id, exhibit in published_in(project.book).items() if exhibit["kind"] == "number"}
    cited = [one for one in citations(project, []) if one.name == "number" and one.words in numbers]
    ruled = record.rows(RULES_TABLE) if RULES_TABLE in record.tables else []
    rests: dict[str, dict[str, set[str]]] = {
        "the landing page": _rows([numbers[one.words] for one in cited if one.page == LANDING]),
        "a chapter": _rows([numbers[one.words] for one in cited]),
        "a rule": _rows([numbers[step["exhibit"]] for step in ruled if step["exhibit"] in numbers]),
    }
    if EVIDENCE_TABLE in record.tables:
        rests["a claim"] = {EVIDENCE_TABLE: {row["id"] for row in record.rows(EVIDENCE_TABLE)}}
    found: dict[tuple[str, str], str] = {}
    for table in _quoting(record):
        bare = {row["id"] for row in record.rows(table) if not row["quote"]}
        for what, rows in rests.items():
            for id in sorted(bare & rows.get(table, set())):
                found.setdefault((table, id), what)
    order = list(rests)
    return sorted(((table, id, what) for (table, id), what in found.items()), key=lambda one: (order.index(one[2]), one))


def _rows(resting: list[dict[str, list[str]]]) -> dict[str, set[str]]:
    """Rows by table, of all that rests on any."""
    found: dict[str, set[str]] = defaultdict(set)
    for rows in resting:
        for table, ids in rows.items():
            found[table] |= set(ids)
    return found


def _quoting(record: Record) -> list[str]:
    return [table for table in record.tables if "quote" in record.fields(table)]
