"""No figure is typed into words: find the numerals of chapters and notebooks that come from no exhibit and no row."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from casebook.files import read_text
from casebook.markdown import Part, blocks
from casebook.numerals import figures

# What a backtick that nobody closes leaves: itself in the text, or code that ends with the name of a role, whose own backtick it took.
STRAY = {"text": re.compile("`"), "code_inline": re.compile(r".\{[a-z-]+\}$")}
# What code gives to readers as words, by the name of the argument.
SPOKEN = {"title", "finding", "subtitle", "alt", "note", "label", "formula"}
# And the functions that give it their arguments.
SPEAKING = {"heading", "say"}
WORDS = re.compile(r"\b(?:halved|doubled|tripled|tenfold)\b", re.IGNORECASE)


def typed_numerals(book: Path) -> Iterator[str]:
    """A finding for each numeral typed into a chapter, and for each word of measure without a `{holds}` in its paragraph."""
    for file in sorted(book.rglob("*.md")):
        name = f"book/{file.relative_to(book).as_posix()}"
        for block in blocks(read_text(file, name)):
            yield from (f"{name}:{line}: {fault}" for line, fault in _faults(block))


def typed_in_text(text: str) -> Iterator[tuple[int, str]]:
    """Line and fault of each numeral typed into a Markdown cell of a notebook."""
    for block in blocks(text):
        yield from _faults(block)


def typed_in_code(cell: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and fault of each numeral typed into the words that code publishes."""
    for name, text, line in spoken(cell):
        for numeral in figures(text):
            yield (
                line,
                f"the numeral '{numeral[0]}' is typed into {name}; build it from the page's rows, as f\"{{printed(value, unit)}}\", or say it without; "
                "a year needs a word of time before it.",
            )


def spoken(cell: ast.Module) -> Iterator[tuple[str, str, int]]:
    """The words that code publishes: the argument (`title=`) or function (`heading()`) that takes them, the text, its line."""
    for call in (node for node in ast.walk(cell) if isinstance(node, ast.Call)):
        given = [(f"{keyword.arg}=", keyword.value) for keyword in call.keywords if keyword.arg in SPOKEN]
        if isinstance(call.func, ast.Name) and call.func.id in SPEAKING:
            given += [(f"{call.func.id}()", argument) for argument in call.args]
        yield from ((name, text, line) for name, value in given for text, line in _texts(value))


def _texts(node: ast.AST) -> Iterator[tuple[str, int]]:
    """The strings of an expression that end in what it says, with their lines: no format, no column's name, nothing compared."""
    match node:
        case ast.Constant(value=str(text)):
            yield text, node.lineno
        case ast.Compare():
            return
        case ast.FormattedValue(value=inner) | ast.Subscript(value=inner):
            yield from _texts(inner)
        case _:
            for part in ast.iter_child_nodes(node):
                yield from _texts(part)


def _faults(block: Sequence[Part]) -> Iterator[tuple[int, str]]:
    # Read as a reader does: a line's end is a space, and what a role prints is not typed.
    words = "".join(_words(part) for part in block)
    lines = [part.line for part in block for _ in _words(part)]
    for numeral in figures(words):
        yield (
            lines[numeral.start()],
            f"the numeral '{numeral[0]}' is typed into prose; "
            "cite a {number}, or mark the article's own figure with {said}; a year needs a word of time before it, and a comma after it.",
        )
    stray = (part for part in block if part.token.type in STRAY and STRAY[part.token.type].search(part.token.content))
    if first := next(stray, None):
        yield first.line, "a backtick stands alone, and what follows is read as code; close it, or take it out."
    holds = any(part.token.type == "myst_role" and part.token.meta["name"] == "holds" for part in block)
    if (word := WORDS.search(words)) and not holds:
        yield lines[word.start()], f"'{word[0]}' leans on a number; say with {{holds}} what must be true of it."


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
