"""What counts as a figure in words: every numeral but those of dates, years and ids of claims."""

from __future__ import annotations

import re

MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
# A year is no count: it follows a word of time, and what follows it is nothing that can be counted ("in 2024 it", not "by 2019 people").
BEFORE = "in|of|since|by|for|from|until|till|before|after|during|through|throughout|late|early|mid|year|spring|summer|autumn|winter|against"
COUNTED = (
    r"(?:(?!(?:was|is|has|as|its|his|this|does|across|less)\b)[a-z]+s|people|men|women|children|staff|crew|per|percent|hundred|thousand|[mb]illion"
    r"|t|kg|km|[kMG]Wh?)\b|%"
)
YEAR = r"(?:19|20)(?!00)\d\d"
# What may stand in prose: dates, years, and ids of claims.
ALLOWED = re.compile(
    rf"\b(?:\d{{1,2}} )?(?:{MONTH}) (?:19|20)\d\d\b|\b\d{{1,2}} (?:{MONTH})\b"
    rf"|(?i:\b(?:{BEFORE})) {YEAR}(?:(?: and | or | to |-|–){YEAR})?\b(?![.,]?\d|-\w| ?(?:{COUNTED}))|\bc\d\d\b"
)
NUMERAL = re.compile(r"[\d¼-¾⅐-⅞](?:[.,]?\d)*")


def figures(words: str) -> list[re.Match[str]]:
    """The figures in a text, where they stand in it."""
    left = ALLOWED.sub(lambda match: " " * len(match[0]), words)
    return list(NUMERAL.finditer(left))
