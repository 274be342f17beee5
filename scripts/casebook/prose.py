"""No figure is typed into prose: find the numerals of chapters that come from no exhibit."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from casebook.files import read_text
from casebook.markdown import Part, blocks

MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
# A year is no count: it follows a word of time, and what follows it is nothing that can be counted ("in 2024 it", not "by 2019 people").
BEFORE = "in|of|since|by|for|from|until|till|before|after|during|through|throughout|late|early|mid|year|spring|summer|autumn|winter|against"
COUNTED = (
    r"(?:(?!(?:was|is|has|as|its|his|this|does|across)\b)[a-z]+s|people|men|women|children|staff|crew|per|percent|hundred|thousand|[mb]illion"
    r"|t|kg|km|[kMG]Wh?)\b|%"
)
YEAR = r"(?:19|20)(?!00)\d\d"
# What may stand in prose: dates, years, and ids of claims.
ALLOWED = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{MONTH}) (?:19|20)\d\d\b|\b\d{{1,2}} (?:{MONTH})\b"
    rf"|(?i:\b(?:{BEFORE})) {YEAR}(?:(?: and | or | to |-|–){YEAR})?\b(?![.,]?\d|-\w| ?(?:{COUNTED}))|\bc\d\d\b"
)
NUMERAL = re.compile(r"[\d¼-¾⅐-⅞](?:[.,]?\d)*")
# What a backtick that nobody closes leaves: itself in the text, or code that ends with the name of a role, whose own backtick it took.
STRAY = {"text": re.compile("`"), "code_inline": re.compile(r".\{[a-z-]+\}$")}
WORDS = re.compile(r"\b(?:halved|doubled|tripled|tenfold)\b", re.IGNORECASE)


def typed_numerals(book: Path) -> Iterator[str]:
    """A finding for each numeral typed into a chapter, and for each word of measure without a `{holds}` in its paragraph."""
    for file in sorted(book.rglob("*.md")):
        name = f"book/{file.relative_to(book).as_posix()}"
        for block in blocks(read_text(file, name)):
            yield from _findings(name, block)


def _findings(name: str, block: Sequence[Part]) -> Iterator[str]:
    # Read as a reader does: a line's end is a space, and what a role prints is not typed.
    words = "".join(_words(part) for part in block)
    lines = [part.line for part in block for _ in _words(part)]
    left = ALLOWED.sub(lambda match: " " * len(match[0]), words)
    for numeral in NUMERAL.finditer(left):
        yield (
            f"{name}:{lines[numeral.start()]}: the numeral '{numeral[0]}' is typed into prose; "
            "cite a {number}, or mark the article's own figure with {said}; a year needs a word of time before it, and a comma after it."
        )
    stray = (part for part in block if part.token.type in STRAY and STRAY[part.token.type].search(part.token.content))
    if first := next(stray, None):
        yield f"{name}:{first.line}: a backtick stands alone, and what follows is read as code; close it, or take it out."
    holds = any(part.token.type == "myst_role" and part.token.meta["name"] == "holds" for part in block)
    if (word := WORDS.search(words)) and not holds:
        yield f"{name}:{lines[word.start()]}: '{word[0]}' leans on a number; say with {{holds}} what must be true of it."


def _words(part: Part) -> str:
    """What a part puts before a reader's eyes, a space for a line's end, an invisible object for a role."""
    match part.token.type:
        case "text" | "image" | "html_block":
            return part.token.content
        case "softbreak" | "hardbreak":
            return " "
        case "myst_role":
            return "\ufffc"
    return ""
