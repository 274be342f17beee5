"""Facts: of all rows that state the same thing, the one that stands for it, and what others say beside it.

A table that declares `factKey` in datapackage.json holds statements; its key columns tell a fact apart, and columns
marked `"of": "fact"` follow from them (`"of": "row"` marks a number that states nothing, such as a latitude). A row speaks for a column only if it fills it. One rank picks the row that
stands, the same for every table; `CRITERIA` names its steps in their order, and the first that differs decides.

The ideas are borrowed: a source for each statement (OpenSanctions), ranks with a reason (Wikidata), one value picked
by a stated rule (PUDL). Like the record, this works on the standard library alone.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

from casebook.data.filters import Value
from casebook.data.record import LATEST, SEPARATOR, Record, Row, split
from casebook.errors import Problem

RANKS = "methods/ranks"
# By this name a page asks for all facts in dispute.
DISPUTES = "disputes"
CRITERIA = (
    "an editor's mark",
    "how it is known",
    "original before relay",
    "not said beforehand",
    "earliest day",
    "completeness",
    "order of the record",
)
# A party's own word and a named outlet's are equally firm, and differ in who speaks.
FIRMNESS = {"audited": 0, "reported-official": 1, "reported-press": 2, "announced": 2, "estimate": 3, "rumoured": 4}
NUMBERS = ("number", "integer")
# What the answer to a question for facts holds beside the columns of its table.
ADDED = ("states", "low", "high", "beside", "by")


@dataclass(frozen=True)
class Fact:
    """One fact as a column of its table states it.

    `row` stands; `others` are the rest of the statements, best first; `by` is the criterion that put `row` before
    them, empty where it is alone. `low` and `high` are the ends of all that was said, empty for what is no number.
    """

    key: tuple[str, ...]
    column: str
    row: Row
    others: tuple[Row, ...]
    by: str
    low: str
    high: str

    @property
    def rivals(self) -> list[Row]:
        """Statements that disagree beyond rounding with the one that stands."""
        return [other for other in self.others if not agree(self.row, other, self.column)]

    def answer(self) -> Row:
        """The standing row with what is said beside it, as text."""
        beside = SEPARATOR.join(rival["id"] for rival in self.rivals)
        return self.row | {"states": str(1 + len(self.others)), "low": self.low, "high": self.high, "beside": beside, "by": self.by}


class Facts:
    """The facts of a record as known on a day."""

    def __init__(self, record: Record, as_of: str = LATEST) -> None:
        self.record, self.as_of = record, as_of

    def ask(self, table: str, column: str, **where: Value | Sequence[Value]) -> list[Fact]:
        """Every fact of `table` that `where` names and `column` is filled for, in the order of their standing rows.

        Raises Problem for a table without a fact key, an unknown column or value, and for a filter on a column that
        belongs to the statement: what a source says must not decide which fact is asked for.
        """
        columns = fact_key(self.record, table)
        fields = self.record.fields(table)
        if column not in fields:
            raise Problem(f"facts: table {table} has no column '{column}'; it has {', '.join(fields)}.")
        of_fact = [*columns, *(name for name, field in fields.items() if field.get("of") == "fact"), "status"]
        if asked := [name for name in where if name in fields and name not in of_fact]:
            raise Problem(
                f"facts: '{asked[0]}' belongs to what a row of {table} says, not to the fact; filter by {', '.join(of_fact)}, "
                "or filter what comes back."
            )
        found: dict[tuple[str, ...], list[Row]] = defaultdict(list)
        rows = self.record.rows(table, self.as_of, **where)
        for row in rows:
            if row[column] and self._mark(table, row, column) != "deprecated":
                found[tuple(row[name] for name in columns)].append(row)
        facts = {fact.row["id"]: fact for fact in (self._fact(table, column, key, said) for key, said in found.items())}
        return [facts[row["id"]] for row in rows if row["id"] in facts]

    def disputes(self) -> Iterator[tuple[str, Fact]]:
        """Every fact of the record whose statements disagree beyond rounding, with its table."""
        for table in self.record.tables:
            if "factKey" in self.record.tables[table]:
                for column in self.figures(table):
                    yield from ((table, fact) for fact in self.ask(table, column) if fact.rivals)

    def figures(self, table: str) -> list[str]:
        """Columns of `table` that state a figure: numbers that are no part of the key, and are not said `of` fact or row."""
        key = fact_key(self.record, table)
        fields = self.record.fields(table).items()
        return [name for name, field in fields if field["type"] in NUMBERS and name not in key and "of" not in field]

    def _fact(self, table: str, column: str, key: tuple[str, ...], rows: list[Row]) -> Fact:
        # Rows that are equal in all that is ranked keep the order of the record.
        row, *others = sorted(rows, key=lambda row: self._rank(table, row, column)) if len(rows) > 1 else rows
        by = self._first_difference(table, column, row, others[0]) if others else ""
        ends = [end for row in rows for end in span(row, column)] if self.record.fields(table)[column]["type"] in NUMBERS else []
        low, high = (str(min(ends)), str(max(ends))) if ends else ("", "")
        return Fact(key, column, row, tuple(others), by, low, high)

    def _first_difference(self, table: str, column: str, one: Row, two: Row) -> str:
        ranks = zip(CRITERIA, self._rank(table, one, column), self._rank(table, two, column), strict=False)
        return next((name for name, first, second in ranks if first != second), CRITERIA[-1])

    def _rank(self, table: str, row: Row, column: str) -> tuple[Any, ...]:
        """What `CRITERIA` name, in their order, but for the last; the least stands."""
        day = row["published_on"]
        filled = sum(bool(row[name]) for name in self.figures(table))
        digits = len(_digits(row[column])) if self.record.fields(table)[column]["type"] in NUMBERS else 0
        return (
            self._mark(table, row, column) != "preferred",
            FIRMNESS.get(row.get("status", ""), 0),
            all(self._sources[id].get("read_at") == "relay" for id in split(row["source_ids"]) if id in self._sources),
            day < _could_be_known(row),
            day,
            (-filled, -digits),
        )

    @cached_property
    def _sources(self) -> dict[str, Row]:
        return {row["id"]: row for row in self.record.all_rows("sources")}

    @cached_property
    def _marks(self) -> dict[tuple[str, str, str], str]:
        """Ranks that editors gave, by table, row and column (empty for all of a row); a superseded row's pass on."""
        marks: dict[tuple[str, str, str], str] = {}
        if RANKS in self.record.tables:
            for mark in self.record.rows(RANKS, self.as_of):
                for id in {mark["row"], *self.record.successors(mark["table"], mark["row"])}:
                    marks[mark["table"], id, mark["column"]] = mark["rank"]
        return marks

    def _mark(self, table: str, row: Row, column: str) -> str:
        return self._marks.get((table, row["id"], column)) or self._marks.get((table, row["id"], ""), "")


def fact_key(record: Record, table: str) -> list[str]:
    """The columns that tell the facts of a table apart. Raises Problem for a table that declares none."""
    record.fields(table)
    if "factKey" not in record.tables[table]:
        keyed = [name for name, resource in record.tables.items() if "factKey" in resource]
        raise Problem(f"facts: table {table} has no factKey in datapackage.json; those that have one are {', '.join(keyed)}.")
    return list(record.tables[table]["factKey"])


def answer(record: Record, read: Mapping[str, Any]) -> list[Row]:
    """The rows that answer a recorded read, as the record stands: statements, facts (`column`), or all that is in dispute.

    Raises Problem as asking does.
    """
    if read["table"] == DISPUTES:
        return [_dispute(record, table, fact) for table, fact in Facts(record, read["as_of"]).disputes()]
    if "column" not in read:
        return record.rows(read["table"], read["as_of"], **read["where"])
    return [fact.answer() for fact in Facts(record, read["as_of"]).ask(read["table"], read["column"], **read["where"])]


def _dispute(record: Record, table: str, fact: Fact) -> Row:
    about = ", ".join(value for value in fact.key if value)
    said = {"id": fact.row["id"], "table": table, "fact": about, "column": fact.column, "stands": fact.row[fact.column]}
    said["unit"] = record.unit_of(table, fact.column, fact.row)
    return said | {name: fact.answer()[name] for name in ADDED}


def span(row: Row, column: str) -> tuple[Decimal, Decimal]:
    """The ends of what a row, which fills `column`, says of a figure: the figure itself, or the range of which it is an end."""
    figure = column.removesuffix("_low").removesuffix("_high")
    said = [Decimal(cell) for name in (figure, f"{figure}_low", f"{figure}_high") if (cell := row.get(name, ""))]
    return min(said), max(said)


def agree(one: Row, other: Row, column: str) -> bool:
    """Whether two statements say the same: the same figure but for rounding, a range that holds it, the same day or its month."""
    if one[column] == other[column]:
        return True
    if column in ("event_date", "period_end"):
        return begins(one) <= other[column] <= one[column] or begins(other) <= one[column] <= other[column]
    try:
        (low, high), (other_low, other_high) = span(one, column), span(other, column)
    except ArithmeticError:
        return False
    slack = max(half_a_digit(one[column]), half_a_digit(other[column]))
    return low - slack <= other_high and other_low - slack <= high


def begins(row: Row) -> str:
    """First day of a row's event or period, which is stored by its last day; empty for a row without one."""
    day = row.get("event_date") or row.get("period_end") or ""
    if not row.get("event_date") and row.get("period_start"):
        return row["period_start"]
    match row.get("date_precision") or row.get("period_type"):
        case "month":
            return f"{day[:7]}-01"
        case "quarter":
            return f"{day[:5]}{(int(day[5:7]) - 1) // 3 * 3 + 1:02}-01"
        case "year":
            return f"{day[:4]}-01-01"
    return day


def _could_be_known(row: Row) -> str:
    """The first day on which a statement could be more than a plan: an event's first day, a longer period's last."""
    return begins(row) if row.get("event_date") or row.get("period_type") == "month" else row.get("period_end", "")


def _digits(cell: str) -> str:
    """The digits of a number that carry meaning, two at the least: 1250000000 has three, 10000000000 has two."""
    plain = f"{abs(Decimal(cell)):f}".replace(".", "").strip("0")
    return plain.ljust(2, "0")


def half_a_digit(cell: str) -> Decimal:
    """Half of the last digit that carries meaning, by which the figure may have been rounded."""
    figure = Decimal(cell)
    return Decimal(5).scaleb(figure.adjusted() - len(_digits(cell))) if figure else Decimal(0)
