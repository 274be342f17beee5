"""What a notebook says in words: headings and text made of its parameters and the record, real wherever it is opened."""

from __future__ import annotations

import re
from html import unescape

from IPython.display import display

from casebook.data.read import printed
from casebook.data.record import LATEST
from casebook.mime import TEXT_MIME

# What Markdown, MyST or HTML would read as more than words: a mark, or a line's beginning that makes a list of it.
MARKDOWN_SIGNS = re.compile(r"""[!"#$%&'*+:<=>@\[\\\]^`{|}~]|(?<![^\W_])_|_(?![^\W_])|^-|^\d(?=\d*$)|(?<=\d)[.)](?=\s|$)""")


def heading(title: str, *paragraphs: str, level: int = 1) -> None:
    """Say a heading and what stands below it: the page's title, or that of a part (`level` 2).

    `title` is plain words. The paragraphs are Markdown; what comes of the record goes into them through `words`. In the
    book they stand as a Markdown cell before the cell that says them, so a cell begins with its heading.
    """
    _say("\n\n".join([f"{'#' * level} {words(title)}", *paragraphs]))


def include(directive: str, id: str) -> None:
    """Have the book show here what it knows by this id: include("exhibit", "x-revenue"). Elsewhere a sentence says so."""
    _say(f"```{{{directive}}} {id}\n```", f"*The book shows here: {directive} `{id}`.*")


def dated(title: str, as_of: str) -> str:
    """`title`, and the day where it is not today's: of a page that stands beside its twin of another day."""
    return title if as_of == LATEST else f"{title}, as known on {printed(as_of, 'date')}"


def words(text: str) -> str:
    """Text of the record or of a parameter as Markdown, MyST or HTML that says just these words, on one line."""
    return MARKDOWN_SIGNS.sub(lambda mark: f"&#{ord(mark[0])};", " ".join(text.split()))


def _say(in_book: str, elsewhere: str = "") -> None:
    markdown = elsewhere or in_book
    display({TEXT_MIME: {"markdown": in_book}, "text/markdown": markdown, "text/plain": unescape(markdown)}, raw=True)
