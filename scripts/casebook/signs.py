"""Characters that are not what they seem: those that nobody sees, and those that look like others."""

from __future__ import annotations

import re
import unicodedata

NOT_PLAIN = re.compile(r"[^ -~]")
# Controls, formats (no width, or another direction), surrogates, private use, no character at all, ends of lines.
HIDDEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
# Letters and marks that are drawn as nothing (Unicode, Default_Ignorable_Code_Point), Braille's blank, and U+FFFD, once a letter.
BLANK = re.compile("[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\ufffd\U000e0100-\U000e01ef]")
# Letters of other scripts drawn like Latin ones (from Unicode's confusables, UTS 39).
LIKE_LATIN = str.maketrans(
    "АВЕЅІЈКМНОРСТУХаеорсухіјѕһԁԛԝүΑΒΕΖΗΙΚΜΝΟΡΤΥΧαινορυκχՕՏՍօսոհ",
    "ABESIJKMHOPCTYXaeopcyxijshdqwyABEZHIKMNOPTYXaivopukxOSUounh",
)
LATIN = re.compile("[A-Za-z]")
# Of Latin's own: capital i, small L, one and a bar; O and nought.
LIKE_EACH_OTHER = str.maketrans("I1|0", "lllO")


def hidden(text: str, allowed: str = "") -> re.Match[str] | None:
    """The first character of `text` that a reader does not see, or that not all machines know; `allowed` are no such."""
    if text.isascii() and text.isprintable():
        return None
    return next((found for found in NOT_PLAIN.finditer(text) if found[0] not in allowed and _is_hidden(found[0])), None)


def _is_hidden(sign: str) -> bool:
    return unicodedata.category(sign) in HIDDEN or BLANK.match(sign) is not None


def disguised(text: str) -> str | None:
    """The first word of `text` that mixes Latin letters with letters of another script that look like them."""
    if text.isascii():
        return None
    words = (word for word in re.findall(r"\w+", text) if not word.isascii() and LATIN.search(word))
    return next((word for word in words if word.translate(LIKE_LATIN) != word), None)


def skeleton(text: str) -> str:
    """What is left of `text` when letters that look alike count as one: two names of one skeleton cannot be told apart."""
    return " ".join(unicodedata.normalize("NFKC", text).translate(LIKE_LATIN).translate(LIKE_EACH_OTHER).split())
