"""Markdown as MyST reads it, and of it what people may type: words, links and the names of exhibits; nothing that runs or fetches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from posixpath import normpath, splitext
from typing import Any
from urllib.parse import unquote, urlsplit

from markdown_it import MarkdownIt
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from casebook.errors import meant

# Extensions of MyST that a book may load: of the others one runs templates, one calls another host, and the rest make elements.
EXTENSIONS = {"colon_fence", "deflist", "strikethrough"}
ROLES = {"number", "verdict", "source", "holds", "said", "record-day", "abbr", "sub", "sup"}
# Directives of words alone, and those whose body is Markdown again.
CITING = {"exhibit", "then-and-now", "verdicts", "rule", "page-sources", "dictionary", "source-list", "changes", "tableofcontents"}
BOXES = {"note", "tip", "important", "warning"}
SCHEMES = {"http", "https", "mailto"}
PICTURES = {".png", ".jpg", ".jpeg", ".webp"}
# What only sets words; all else that MyST knows is refused by not being named here.
PLAIN = {
    "text", "softbreak", "hardbreak", "hr", "code_inline", "code_block", "footnote_ref", "myst_target", "myst_line_comment",
    *(f"{name}_{end}" for end in ("open", "close") for name in (
        "paragraph", "heading", "bullet_list", "ordered_list", "list_item", "blockquote", "table", "thead", "tbody", "tr", "th", "td",
        "dl", "dt", "dd", "em", "strong", "s", "link", "footnote_reference")),
}  # fmt: skip
# What is meant as a role or a directive and read as something else.
BARE = re.compile(rf"\{{(?:{'|'.join(sorted(ROLES))})\}}(?!`)")
INLINE = re.compile(rf"\{{(?:{'|'.join(sorted(CITING | BOXES))})\}}(?= )")
NAMES = {"front_matter": "settings between '---'", "myst_block_break": "a break '+++'"}
# The raw HTML that may stand in text: a link to a file of the site, and words in another language.
TAG = re.compile(r'<a href="(?P<href>[^"<>]+)">|<em lang="[A-Za-z]{2,3}(?:-[A-Za-z]+)*">|</(?:a|em)>')
# The parser's time grows with the square of what stands between two empty lines.
LONGEST = 10_000
EMPTY = re.compile(r"\n[ \t]*(?=\n)")
TOO_LONG = "too_long"
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")


@dataclass(frozen=True)
class Part:
    """A token of MyST's, and the line on which it stands, from 1."""

    token: Token
    line: int


@dataclass(frozen=True)
class Directive:
    """A fence as MyST reads it: its name (empty for a block of code), the words beside it, its body, and a code's language."""

    name: str
    words: str
    body: str
    code: str = ""

    @classmethod
    def of(cls, fence: Token) -> Directive:
        name, words = [*fence.info.split(maxsplit=1), "", ""][:2]
        return cls(name[1:-1], words, fence.content) if name.startswith("{") and name.endswith("}") else cls("", "", fence.content, name)


@dataclass(frozen=True)
class Place:
    """Where a text stands.

    `folder`: that of its page in the book, by which links are read, or None where only whole addresses may be linked;
    `has_html`: whether the two elements of TAG may stand in it.
    """

    folder: str | None = None
    has_html: bool = True


@cache
def _parser() -> MarkdownIt:
    return create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)


def blocks(text: str, line: int = 1, links: dict[str, Any] | None = None) -> Iterator[list[Part]]:
    """The tokens of a text that begins on `line`: those of one paragraph, heading or cell together, others each alone.

    The text within boxes is read too. `links`: what markdown-it keeps of the links that a text defines.
    A text that would take too long to read is one token, TOO_LONG, on the line where that begins.
    """
    if long := next((piece for piece in _pieces(text, line) if len(piece.token.content) > LONGEST), None):
        yield [long]
        return
    links = {} if links is None else links
    for token in _parser().parse(text, links):
        at = line + (token.map[0] if token.map else 0)
        if token.type != "inline":
            yield [Part(token, at)]
        elif token.children:
            words = []
            for child in token.children:
                words.append(Part(child, at))
                at += child.type in ("softbreak", "hardbreak")
            yield words
        if token.type in ("fence", "colon_fence") and (box := Directive.of(token)).name in BOXES:
            yield from blocks(f"{box.words}\n{box.body}", at, links)


def _pieces(text: str, line: int) -> Iterator[Part]:
    """What stands between two empty lines, each piece as the token that says it is too long."""
    for piece in EMPTY.split(text):
        yield Part(Token(TOO_LONG, "", 0, content=piece), line + piece[:1].count("\n"))
        line += piece.count("\n") + 1


def refused(text: str, place: Place, line: int = 1, links: dict[str, Any] | None = None) -> Iterator[tuple[int, str]]:
    """Line, fault and remedy of all in a text that is more than words, links, pictures of the book and citations."""
    if text.startswith("---"):
        # Even where it is no front matter to MyST, MyST-NB takes settings from it.
        yield line, "a text cannot begin with '---'; take these lines out: settings stand in _config.yml."
        return
    for block in blocks(text, line, links):
        # Of one line the first: a tag that opens is most often one mistake with that which closes.
        faults: dict[int, str] = {}
        for part in block:
            if part.line not in faults and (fault := _fault(part.token, place)):
                faults[part.line] = fault
        yield from faults.items()


def _fault(token: Token, place: Place) -> str:
    """What is wrong with a token, and what to do; empty where nothing is."""
    match token.type:
        case "too_long":
            return f"{len(token.content):,} characters without an empty line; part them, so that at most {LONGEST:,} stand together."
        case "myst_role":
            name = token.meta["name"]
            return "" if name in ROLES else f"the role {{{name}}} is not for use here; {meant(name, ROLES)}"
        case "text" if bare := BARE.search(token.content):
            return f"'{bare[0]}' is read as these letters; write {bare[0]}`id`: backticks round the id, and no space before them."
        case "code_inline" if one_line := INLINE.match(token.content):
            return f"'{one_line[0]}' is read as code; write the directive on lines of its own, between ``` and ```."
        case "fence" | "colon_fence":
            return _fence_fault(Directive.of(token), is_code=token.type == "fence")
        case "link_open":
            return _address_fault(str(token.attrs.get("href", "")), place)
        case "image":
            return _picture_fault(str(token.attrs.get("src", "")), place)
        case "html_inline" if place.has_html and (known := TAG.fullmatch(token.content)):
            return _address_fault(unescape(known["href"]), place) if known["href"] else ""
        case "html_inline" | "html_block":
            may = '<a href="..."> and <em lang="...">' if place.has_html else "none"
            tag = " ".join(token.content.partition(">")[0].split())[:40]
            return f"raw HTML, '{tag}>', is not for use here (allowed: {may}); write Markdown."
        case kind if kind not in PLAIN:
            return f"{NAMES.get(kind, kind.replace('_', ' '))} cannot stand in text here; take it out."
    return ""


def _fence_fault(fence: Directive, is_code: bool) -> str:
    if fence.name in CITING:
        return f"{{{fence.name}}} has neither options nor a body; take the lines inside it out." if fence.body.strip() else ""
    if fence.name in BOXES:
        has_options = fence.body.lstrip().startswith((":", "---"))
        return f"{{{fence.name}}} has no options here; take the lines that begin with ':' out." if has_options else ""
    if fence.name or not is_code:
        return f"the directive {{{fence.name}}} is not for use here; {meant(fence.name, CITING | BOXES)}"
    if fence.code in CITING | BOXES:
        return f"'{fence.code}' is read as the name of a language; write the directive as {{{fence.code}}}."
    return ""


def _address_fault(href: str, place: Place) -> str:
    """What is wrong with where a link leads: out of the book, or by a way that is not a web or mail address."""
    if re.search(r"[\s\\\x00-\x1f]", href):
        return f"the link '{href[:60]}' holds a sign that no address has; correct it."
    if scheme := SCHEME.match(href):
        try:
            # Sphinx takes it apart as it was written, before signs were made %5B.
            parts = urlsplit(unquote(href))
            is_known = scheme[1].lower() in SCHEMES and bool(parts.netloc or parts.path)
        except ValueError:
            is_known = False
        return "" if is_known else f"the link '{href[:60]}' is no web address; write one that begins with https://, or the name of a chapter."
    path = urlsplit(href).path
    if place.folder is None and path:
        return f"the link '{href[:60]}' has no host; write the whole address, with https://."
    if href.startswith("/") or is_outside(f"{place.folder}/{unquote(path)}"):
        return f"the link '{href[:60]}' leads out of the book; name a chapter, such as ../methods/index."
    return ""


def _picture_fault(src: str, place: Place) -> str:
    path = unquote(src)
    if place.folder is None:
        return "a picture cannot stand here; link to it."
    if SCHEME.match(src) or src.startswith("/") or "\\" in path or is_outside(f"{place.folder}/{path}"):
        return f"the picture '{src[:60]}' is not in the book's folder; put the file there and name it from here."
    if splitext(path)[1].lower() not in PICTURES:
        return f"the picture '{src[:60]}' is of a kind that is not shown; save it as one of {', '.join(sorted(PICTURES))}."
    return ""


def is_outside(path: str) -> bool:
    """Whether a path, read from a folder, leads out of that folder."""
    return normpath(path.lstrip("/")).split("/")[0] == ".."
