"""What is done to the pages that Jupyter Book built, before they are checked and published."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from lxml import etree

from casebook import csp, icons
from casebook.data.shapes import SHAPES
from casebook.edition import Edition
from casebook.errors import Problem
from casebook.frame import Book
from casebook.swap import spare

DOCTYPE = "<!DOCTYPE html>"
# What no page needs: the theme's icons come from its web font, and its script (542 kB) draws them a second time.
UNUSED = ("fontawesome.js",)
# Only the search page searches.
SEARCH_PAGE, SEARCH = "search.html", ("searchtools.js", "language_data.js", "searchindex.js")
# What the theme brings and no page asks for.
UNUSED_FILES = (
    "_static/vendor/fontawesome/js",
    "_static/vendor/fontawesome/webfonts/*.ttf",
    "_static/vendor/fontawesome/webfonts/fa-[brv]*",
)
NOT_COPIED = shutil.ignore_patterns(".doctrees", ".buildinfo", "objects.inv", "*.ipynb", "*webpack-macros.html")
ICON_FONT = "_static/vendor/fontawesome/webfonts/fa-solid-900.woff2"
# Sphinx stamps this sheet or not, by whether the page was read anew: the same page must be the same bytes.
UNSTAMPED = "_static/mystnb."


def stage(edition: Edition, book: Book, html: Path) -> Path:
    """Copy the built HTML beside the site that stands, without what no page needs, each page with its policy.

    Raises Problem with each page whose tags do not close.
    """
    staged = spare(edition)
    shutil.rmtree(staged, ignore_errors=True)
    shutil.copytree(html, staged, ignore=NOT_COPIED)
    if (shapes := edition.project.data / SHAPES).is_file():
        shutil.copyfile(shapes, staged / "_static" / "countries.geojson")
    for unused in (file for pattern in UNUSED_FILES for file in staged.glob(pattern)):
        shutil.rmtree(unused) if unused.is_dir() else unused.unlink()
    if (index := staged / "searchindex.js").is_file():
        index.write_text(normalised_index(index.read_text("utf-8")), "utf-8")
    root = urlsplit(book.config["html"].get("baseurl", "")).path or "/"
    texts: list[str] = []
    findings: list[str] = []
    for page in sorted(staged.rglob("*.html")):
        try:
            texts.append(finished(page.read_bytes(), page.relative_to(staged).as_posix(), root))
        except Problem as problem:
            findings += problem.findings
        else:
            page.write_text(texts[-1], "utf-8")
    if findings:
        raise Problem(*findings)
    if (font := staged / ICON_FONT).is_file():
        icons.slim(font, texts, [style.read_text("utf-8") for style in sorted((staged / "_static").rglob("*.css"))])
    return staged


def finished(html: bytes, name: str, root: str) -> str:
    """A built page as it is published. `name`: its path in the site; `root`: path of the site on its host.

    Raises Problem where its tags do not close: what would be made of it is a guess.
    """
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    page = etree.fromstring(html, parser)
    if parser.error_log:
        raise Problem(f"{name}: it is not well-formed: line {parser.error_log[0].line}: {parser.error_log[0].message}.")
    _drop(page, UNUSED if name == SEARCH_PAGE else (*UNUSED, *SEARCH))
    for sheet in page.iter("link"):
        address = sheet.get("href", "")
        if UNSTAMPED in address:
            sheet.set("href", address.partition("?")[0])
    # The theme's arrows that unfold the sidebar have no name for those who do not see them.
    for arrow in page.iterfind(".//summary/span[@class='toctree-toggle']/.."):
        arrow.set("aria-label", "Pages below")
    if name == "404.html":
        # A server shows it at any depth, so its links start at the site's root.
        page.find("head").insert(0, etree.Element("base", {"href": root}))
    if name == SEARCH_PAGE:
        _focus(page)
    csp.protect(page)
    return etree.tostring(page, method="html", encoding="unicode", doctype=DOCTYPE) + "\n"


def _drop(page: etree._Element, names: Iterable[str]) -> None:
    for element in list(page.iter("script", "link")):
        address = element.get("src") or element.get("href") or ""
        if address.partition("?")[0].endswith(tuple(names)):
            element.getparent().remove(element)


def _focus(page: etree._Element) -> None:
    """A browser puts the reader into the search field by itself, without the theme's script in the body, which no policy lets run."""
    for script in list(page.find("body").iter("script")):
        if csp.is_inline(script):
            script.getparent().remove(script)
    for field in page.iterfind(".//main//form//input"):
        field.set("autofocus", "autofocus")


def normalised_index(text: str) -> str:
    """Sphinx's search index without the words that no page has any more, which an index made at once never has."""
    head, tail = "Search.setIndex(", ")"
    index = json.loads(text.removeprefix(head).removesuffix(tail))
    for part in ("terms", "titleterms", "alltitles"):
        index[part] = {word: pages for word, pages in index[part].items() if pages != []}
    return f"{head}{json.dumps(index, ensure_ascii=False, separators=(',', ':'), sort_keys=True)}{tail}"
