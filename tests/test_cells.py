"""Whatever a cell of words says, in any column of any table, the page that shows it has the same elements, attributes and links."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import chdir
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from lxml import etree, html
from markdown_it.renderer import RendererHTML
from myst_parser.config.main import MdParserConfig
from myst_parser.parsers.mdit import create_md_parser

from casebook import exhibits as exhibits_module
from casebook import notebook as nb
from casebook import passages
from casebook.data.record import Record
from casebook.desk import canonical
from casebook.frame import Book, card, frame, render
from casebook.markdown import EXTENSIONS
from casebook.mime import EXHIBIT_MIME, FIGURE_MIME, TEXT_MIME
from casebook.project import Project
from casebook.reviews import dataset
from casebook.verdicts import VERDICTS
from tests.conftest import copy_starter
from tests.site.test_hostile import POISON

# What is said of an element, and not what it is or where it leads.
SAID = {"title", "alt", "aria-label", "data-sort", "content"}
DIGEST = re.compile("[0-9a-f]{12,}")


def exhibits(record: Record, words: str) -> dict[str, dict[str, Any]]:
    """One exhibit of each kind, that says these words wherever it says any, on rows of every table."""
    rows = {table: [row["id"] for row in record.all_rows(table)[:3]] for table in record.tables if table != "sources"}
    verdict = record.all_rows("claims/verdicts")[0]
    about = {"title": words, "as_of": "latest", "rows": rows}
    said = dict.fromkeys(("subtitle", "note"), words)
    return {
        "number": about | {"id": "number", "kind": "number", "value": 1.0, "unit": "count", "text": words, "formula": words},
        "table": about | {"id": "table", "kind": "table", "columns": [words, "b"], "cells": [[words, words]] * 2, "sort": [None, None]} | said,
        "chart": about | {"id": "chart", "kind": "chart", "alt": words} | said,
        "verdict": about
        | {"id": verdict["claim_id"], "kind": "verdict", "verdict": verdict["verdict"], "row": verdict["id"], "confidence": "high"}
        | {"basis": words, "would_change": words, "why": words, "then": {"verdict": verdict["verdict"], "basis": words}},
    }


def is_words(field: dict[str, Any]) -> bool:
    """Whether a column may hold any words, as far as its descriptor says."""
    return field["type"] == "string" and not field.get("constraints", {}).keys() & {"enum", "pattern"}


def fill(project: Project, words: str) -> None:
    """Put the words into every cell of words of every table, and into an exhibit of each kind."""
    record = Record(project.data)
    for table, resource in record.tables.items():
        keys = {"id", "url", "exhibit", *(name for key in resource["schema"].get("foreignKeys", []) for name in key["fields"])}
        columns = [name for name, field in record.fields(table).items() if is_words(field) and name not in keys]
        filled = [row | dict.fromkeys(columns, words) for row in record.all_rows(table)]
        (project.data / f"{table}.csv").write_text(canonical(record, table, filled), "utf-8")
    made = {"notebook": "water/use", "parameters": {"as_of": "latest", "words": words}}
    outputs = [
        {"data": {EXHIBIT_MIME: e} | ({FIGURE_MIME: {"data": [], "layout": {}}} if k == "chart" else {})} for k, e in exhibits(record, words).items()
    ]
    page = {"cells": [{"outputs": outputs}], "metadata": {"casebook": made}}
    (project.book / "made.ipynb").write_text(json.dumps(page), "utf-8")


def shown(project: Project) -> Iterator[str]:
    """All that the site shows of the record and its exhibits, piece by piece, as HTML."""
    book = Book(project.book)
    record = book.record
    for exhibit in book.exhibits.values():
        yield from (frame(book, exhibit, "../", embedded=embedded) for embedded in ("", "live", "frozen"))
    yield card(book, book.exhibits["number"], "../")
    sources = record.rows("sources")
    yield render("source_list.html", sources=sources, latest=True)
    yield render("sources.html", references=sources, remake=None, sources=sources, counts=[], download="", sources_page="x", dictionary_page="x")
    yield render("verdicts.html", groups=[(name, [book.exhibits["c1"] | {"href": "x"}]) for name in VERDICTS], total=1)
    yield render("rule.html", number=book.exhibits["number"], steps=[])
    yield f"<script>{json.dumps(dataset(record, book.config)).replace('<', '')}</script>"
    parser = create_md_parser(MdParserConfig(enable_extensions=EXTENSIONS), RendererHTML)
    yield from map(parser.render, told_by(project, "claims/claim"))


def told_by(project: Project, notebook: str) -> list[str]:
    """What a notebook says in words, as the Markdown of the book."""
    bundles: list[dict[str, Any]] = []
    code = [cell.source for cell in nb.load(project.notebooks, notebook).cells if cell.cell_type == "code"]
    with chdir(project.root), pytest.MonkeyPatch.context() as patch:
        for module in (passages, exhibits_module):
            patch.setattr(module, "display", lambda bundle, raw: bundles.append(bundle))
        exec("\n".join(code), {})
    return [bundle[TEXT_MIME]["markdown"] for bundle in bundles if TEXT_MIME in bundle]


def skeleton(piece: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Elements and attributes, in order; what they say is left out, and the digests of it in names of files."""
    tree = html.document_fromstring(f"<body>{piece}</body>".encode(), html.HTMLParser(encoding="utf-8"))
    return [
        (str(e.tag), sorted((name, "" if name in SAID else DIGEST.sub("", value)) for name, value in e.attrib.items()))
        for e in tree.iter(etree.Element)
    ]


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Project:
    return copy_starter(tmp_path_factory.mktemp("cells") / "story")


@pytest.fixture(scope="module")
def plain(story: Project) -> list[Any]:
    fill(story, "words")
    return [skeleton(piece) for piece in shown(story)]


SIGNS = st.text("<>\"'&`*_{}[]()!#$%|~^=-+.:;/\\@ \u2028aé1\t", min_size=1, max_size=30)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.one_of(st.sampled_from(POISON), SIGNS).filter(lambda words: bool(words.strip())))
@example(words=" ".join(POISON))
def test_a_cell_brings_no_element_attribute_or_link(story: Project, plain: list[Any], words: str) -> None:
    fill(story, words)
    pieces = list(shown(story))
    assert [skeleton(piece) for piece in pieces] == plain
    assert len(pieces) == 22
