"""Does a row's quote hold its figures? A quote is text: $44 billion, 44bn, 44,000 million and 44 000 in thousands are one figure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal

from casebook.data.facts import half_a_digit
from casebook.data.record import Record, Row

NUMBER = re.compile(r"(\d[\d.,'’   ]*)\s*(?:[-–]\s*)?([^\W\d_]*(?:\s+mill\w*)?)", re.IGNORECASE)
# What a number may be counted in, by the word behind it. Without one a table may be in thousands or millions.
SCALES = {
    1e3: ("k", "thousand", "thousands", "mil", "tsd", "mille"),
    1e5: ("lakh", "lakhs"),
    1e6: ("m", "mn", "mln", "mm", "mio", "million", "millions", "millones", "millón", "milhões", "millionen"),
    1e7: ("crore", "crores"),
    1e9: ("b", "bn", "bln", "mrd", "md", "billion", "billions", "milliarden", "milliards", "bilhões", "mil millones"),
    1e12: ("t", "tn", "trn", "trillion", "trillions"),
}
SCALE_OF = {word: Decimal(int(scale)) for scale, words in SCALES.items() for word in words}
UNSAID = tuple(Decimal(10) ** power for power in (0, 3, 6, 9))
WORDS = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty",
]  # fmt: skip
IN_WORDS = {word: Decimal(at) for at, word in enumerate(WORDS)} | {"half": Decimal("0.5"), "dozen": Decimal(12)}


def unheld(record: Record, table: str, row: Row) -> list[str]:
    """The columns of `row` whose figures its quote does not hold; none of a row that quotes nothing."""
    if not row.get("quote"):
        return []
    said = set(_figures(row["quote"]))
    stated = (name for name, field in record.fields(table).items() if "unit" in field and "of" not in field)
    return [name for name in stated if row[name] and not _is_said(record, table, name, row, said)]


def _is_said(record: Record, table: str, column: str, row: Row, said: set[Decimal]) -> bool:
    """Whether one of the figures said is the row's, but for the rounding of the row."""
    figure = abs(Decimal(row[column]))
    unit = record.unit_of(table, column, row)
    scales = {Decimal(1), Decimal(str(record.units[unit].scale))} if unit else {Decimal(1)}
    return any(abs(other - figure * scale) <= half_a_digit(row[column]) * scale for other in said for scale in scales)


def _figures(quote: str) -> Iterator[Decimal]:
    """Every figure that a reader could take from a quote."""
    for digits, word in NUMBER.findall(quote):
        word = re.sub(r"\s+", " ", word.lower())
        scales = [SCALE_OF[name] for name in (word, word.split(" ")[0]) if name in SCALE_OF][:1]
        for reading in _readings(digits):
            yield from (reading * scale for scale in (scales or UNSAID))
    for word in re.findall(r"[a-z]+", quote.lower()):
        if word in IN_WORDS:
            yield IN_WORDS[word]


def _readings(digits: str) -> Iterator[Decimal]:
    """A number as it is written in English and on the Continent; each of those that blanks part alone, and all in one."""
    whole = re.sub(r"[\s'’]", "", digits)
    for part in {whole, *digits.split()}:
        number = part.strip(".,'’")
        for point, comma in ((".", ","), (",", ".")):
            if re.fullmatch(rf"(\d+|\d{{1,3}}(\{comma}\d{{3}})+)(\{point}\d+)?", number):
                yield Decimal(number.replace(comma, "").replace(point, "."))
