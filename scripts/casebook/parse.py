"""Built HTML, read back for the checks. What a page holds is remembered by its digest: most pages of a build are those of the last."""

from __future__ import annotations

import hashlib
import re
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from lxml import etree

from casebook import csp, elements
from casebook.files import load_checked, save_checked
from casebook.project import digest_files

# Fetched as a page is opened, but for pictures that wait until they are seen.
FETCHED_AT_ONCE = {"script", "link", "img"}
# To a browser with script it is text up to its end: in it stands nothing that could hold another end.
NOSCRIPT = re.compile(r'<noscript>(?:[^<]|</?style>|<(?:div|p)(?: class="[\w -]*")?>|</(?:div|p)>)*</noscript>|<noscript', re.IGNORECASE)
# The folder of pages that stand as they once were.
FROZEN = "frozen/"
CODE_DIGEST = digest_files((Path(__file__).with_name(name) for name in ("csp.py", "elements.py", "parse.py")), Path(__file__).parent)


@dataclass
class Page:
    """What the checks ask of one HTML file.

    `fetched`: addresses that a browser fetches; `opened`: those it fetches at once; `figures`: whether each framed
    exhibit shows anything; `linked_data`: JSON-LD; `refused`: line and what is not ours on it; `fault`: where its tags do
    not close, empty for a well-formed page.
    """

    ids: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    fetched: list[str] = field(default_factory=list)
    opened: list[str] = field(default_factory=list)
    figures: dict[str, bool] = field(default_factory=dict)
    linked_data: list[str] = field(default_factory=list)
    refused: list[tuple[int, str]] = field(default_factory=list)
    fault: str = ""


def read(name: str, content: bytes) -> Page:
    """Read one HTML file of the site, by its path, as a browser does: libxml2's tokenizer is that of the HTML Living Standard.

    It builds its tree by other rules, which matter for elements alone that `elements` does not allow, or for errors.
    """
    page, figure, inline = Page(), "", []
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True)
    tree = etree.fromstring(content, parser)
    if tree is None:
        return Page(fault="it is empty")
    if parser.error_log:
        page.fault = f"line {parser.error_log[0].line}: {parser.error_log[0].message}"
    if not all(found.endswith(">") for found in NOSCRIPT.findall(content.decode("utf-8"))):
        page.refused.append((1, "<noscript> with tags in it"))
    policies = []
    for element in tree.iter(etree.Element):
        tag, given = str(element.tag), dict(element.attrib)
        line = element.sourceline or 0
        if fault := elements.fault(name, tag, given):
            page.refused.append((line, fault))
        if tag == "script" and "src" not in given:
            text = element.text or ""
            if not csp.is_inline(element):
                page.linked_data.append(text)
            elif element.getparent().tag == "head":
                inline.append(text)
            else:
                page.refused.append((line, "a script"))
        if tag == "style" and any(elements.fetched_by_style(element.text or "")):
            page.refused.append((line, "a style sheet that fetches"))
        if "http-equiv" in given:
            policies.append((given.get("content", ""), element))
        if "id" in given:
            page.ids.append(given["id"])
        classes = given.get("class", "").split()
        if tag == "figure" and "casebook-exhibit" in classes:
            figure = given["id"]
            page.figures[figure] = False
        if {"casebook-picture", "casebook-table"} & set(classes):
            page.figures[figure] = True
        if tag == "a" and "href" in given:
            page.links.append(given["href"])
        for attribute in given:
            if (tag, attribute) in elements.FETCHED and given.get("rel") not in elements.TOLD:
                page.fetched.append(given[attribute])
                if tag in FETCHED_AT_ONCE and given.get("loading") != "lazy":
                    page.opened.append(given[attribute])
    if not _is_protected(policies, csp.policy(inline), name.startswith(FROZEN)):
        page.refused.append((1, "a Content-Security-Policy that is missing, or comes late"))
    return page


def _is_protected(policies: list[tuple[str, Any]], wanted: str, is_frozen: bool) -> bool:
    """Whether a page has the one policy, before anything that a browser would fetch; a frozen one may have that of its day."""
    if len(policies) != 1:
        return False
    ((policy, element),) = policies
    if not (policy.startswith(csp.NO_SCRIPT) if is_frozen else policy == wanted):
        return False
    return element.getparent().tag == "head" and all(one.tag in ("meta", "base") for one in element.itersiblings(preceding=True))


def parse(site: Path, memo: Path | None = None) -> dict[str, Page]:
    """Every HTML file of a site, by its path.

    `memo`: file of what was read before, by digest; it is written again with what was read now.
    """
    known = load_checked(memo) if memo else {}
    pages, used = {}, {}
    for file in sorted(site.rglob("*.html")):
        content = file.read_bytes()
        name = file.relative_to(site).as_posix()
        # What an address leads to depends on where the page stands.
        key = hashlib.sha256(f"{CODE_DIGEST}{name}\0".encode() + content).hexdigest()
        page = Page(**known[key]) if key in known else read(name, content)
        pages[name] = page
        used[key] = asdict(page)
    if memo and used.keys() != known.keys():
        save_checked(memo, used)
    return pages
