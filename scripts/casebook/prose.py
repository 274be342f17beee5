"""No figure is typed into prose: find the numerals of chapters that come from no exhibit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from casebook.files import read_text

# What may stand in prose: numbers of a list, roles and directives, code, links, dates, ids of claims, and the article's figures in {said}.
MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
ALLOWED = re.compile(
    r"^ *\d+\. |```.*?```|`[^`]*`|\{[a-z-]+\}`[^`]*`|\]\([^)]*\)|<[^>]+>"
    rf"|\b(?:\d{{1,2}} )?(?:{MONTH}) (?:19|20)\d\d\b|\b\d{{1,2}} (?:{MONTH})\b|\b(?:19|20)\d\d\b|\bc\d\d\b",
    re.DOTALL | re.MULTILINE,
)
NUMERAL = re.compile(r"\d[\d.,]*")
WORDS = re.compile(r"\b(?:halved|doubled|tripled|tenfold)\b", re.IGNORECASE)


def typed_numerals(book: Path) -> Iterator[str]:
    """A finding for each numeral typed into a chapter, and for each word of measure without a `{holds}` in its paragraph."""
    for file in sorted(book.rglob("*.md")):
        name = f"book/{file.relative_to(book).as_posix()}"
        text = read_text(file, name)
        # Blank what is allowed, keeping the lines, so that a finding knows its line.
        rest = ALLOWED.sub(lambda match: re.sub(r"[^\n]", " ", match[0]), text)
        for number, line in enumerate(rest.splitlines(), start=1):
            for numeral in NUMERAL.findall(line):
                yield f"{name}:{number}: the numeral '{numeral}' is typed into prose; cite a {{number}}, or mark the article's own figure with {{said}}."
        for paragraph in re.finditer(r"(?:.+\n?)+", text):
            if (word := WORDS.search(ALLOWED.sub(" ", paragraph[0]))) and "{holds}" not in paragraph[0]:
                start = text[: paragraph.start()].count("\n") + 1
                yield f"{name}:{start}: '{word[0]}' leans on a number; say with {{holds}} what must be true of it."
