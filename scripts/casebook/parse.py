"""Built HTML, read back for the checks."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

# Attributes by which a browser fetches something without being asked.
FETCHED = {
    ("script", "src"),
    ("img", "src"),
    ("iframe", "src"),
    ("source", "srcset"),
    ("div", "data-figure"),
    ("link", "href"),
    ("video", "src"),
    ("object", "data"),
}
FETCHED_AT_ONCE = {"script", "link", "img"}
LINK_RELATIONS_NOT_FETCHED = {"canonical", "author", "search", "index", "next", "prev", "alternate"}


class Page(HTMLParser):
    """What the checks ask of one HTML file: its ids, links, what it fetches, what it fetches at once, its exhibits."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: set[str] = set()
        self.links: list[str] = []
        self.fetched: list[str] = []
        self.opened: list[str] = []
        self.figures: dict[str, bool] = {}
        self._figure = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.add(given["id"])
        classes = given.get("class", "").split()
        if tag == "figure" and "casebook-exhibit" in classes:
            self._figure = given["id"]
            self.figures[self._figure] = False
        if {"casebook-picture", "casebook-table"} & set(classes):
            self.figures[self._figure] = True
        if tag == "a" and "href" in given:
            self.links.append(given["href"])
        for name, value in given.items():
            if (tag, name) in FETCHED and not (tag == "link" and given.get("rel", "") in LINK_RELATIONS_NOT_FETCHED):
                self.fetched.append(value)
                if tag in FETCHED_AT_ONCE and given.get("loading") != "lazy":
                    self.opened.append(value)


def parse(site: Path) -> dict[str, Page]:
    """Every HTML file of a site, by its path; without frozen pages, which say what their living twins say."""
    files = (file for file in sorted(site.rglob("*.html")) if file.relative_to(site).parts[0] != "frozen")
    return {file.relative_to(site).as_posix(): Page(file.read_text("utf-8")) for file in files}
