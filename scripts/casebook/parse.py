"""Built HTML, read back for the checks. What a page holds is remembered by its digest: most pages of a build are those of the last."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from casebook.csp import digest
from casebook.files import load_sealed, save_sealed

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
# Elements without an end (HTML Living Standard, 13.1.2).
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
# Frozen pages say what their living twins say.
NOT_READ = {"frozen"}
READER = hashlib.sha256(Path(__file__).read_bytes()).hexdigest()


@dataclass
class Page:
    """What the checks ask of one HTML file.

    `fetched`: addresses that a browser fetches; `opened`: those it fetches at once; `figures`: whether each framed
    exhibit shows anything; `linked_data`: JSON-LD; `inline`: hashes of inline scripts; `policy`: its Content-Security-Policy;
    `fault`: where its tags do not close, empty for a well-formed page.
    """

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    figures: dict[str, bool] = field(default_factory=dict)
    linked_data: list[str] = field(default_factory=list)
    inline: list[str] = field(default_factory=list)
    policy: str = ""
    fault: str = ""


class Reader(HTMLParser):
    """Reads one HTML file into a Page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.page = Page()
        self._figure = ""
        self._open: list[str] = []
        self._script: str | None = None
        self.feed(text)
        self.close()
        if self._open:
            self._fault(f"<{self._open[-1]}> is never closed")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in VOID:
            self._open.append(tag)
        self._read(tag, attrs)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._read(tag, attrs)

    def handle_data(self, data: str) -> None:
        if self._script == "application/ld+json":
            self.page.linked_data.append(data)
        elif self._script is not None:
            self.page.inline.append(digest(data))

    def handle_endtag(self, tag: str) -> None:
        self._script = None
        if self._open and self._open[-1] == tag:
            self._open.pop()
        elif tag not in VOID:
            self._fault(f"</{tag}> closes <{self._open[-1]}>" if self._open else f"</{tag}> closes nothing")
            if tag in self._open:
                while self._open.pop() != tag:
                    pass

    def _fault(self, what: str) -> None:
        self.page.fault = self.page.fault or f"line {self.getpos()[0]}: {what}"

    def _read(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        page, given = self.page, {name: value or "" for name, value in attrs}
        if tag == "script" and "src" not in given:
            self._script = given.get("type", "")
        if tag == "meta" and given.get("http-equiv", "").lower() == "content-security-policy":
            page.policy = given["content"]
        if "id" in given:
            page.ids.append(given["id"])
        classes = given.get("class", "").split()
        if tag == "figure" and "casebook-exhibit" in classes:
            self._figure = given["id"]
            page.figures[self._figure] = False
        if {"casebook-picture", "casebook-table"} & set(classes):
            page.figures[self._figure] = True
        if tag == "a" and "href" in given:
            page.links.append(given["href"])
        for name, value in given.items():
            if (tag, name) in FETCHED and not (tag == "link" and given.get("rel", "") in LINK_RELATIONS_NOT_FETCHED):
                page.fetched.append(value)
                if tag in FETCHED_AT_ONCE and given.get("loading") != "lazy":
                    page.opened.append(value)


def parse(site: Path, memo: Path | None = None) -> dict[str, Page]:
    """Every HTML file of a site that is ours, by its path.

    `memo`: file of what was read before, by digest; it is written again with what was read now.
    """
    known = load_sealed(memo) if memo else {}
    pages, used = {}, {}
    for file in sorted(site.rglob("*.html")):
        if file.relative_to(site).parts[0] in NOT_READ:
            continue
        content = file.read_bytes()
        key = hashlib.sha256(READER.encode() + content).hexdigest()
        page = Page(**known[key]) if key in known else Reader(content.decode("utf-8")).page
        pages[file.relative_to(site).as_posix()] = page
        used[key] = asdict(page)
    if memo and used.keys() != known.keys():
        save_sealed(memo, used)
    return pages
