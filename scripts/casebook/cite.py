"""Cite exhibits in chapters: the one file that knows Sphinx. It looks things up and computes nothing.

Roles: {number}`id`, {verdict}`claim`, {source}`id`, {holds}`id < value`.
Directives: {exhibit} id, {page-sources}, {dictionary}, {source-list}.
An unknown id or a statement that no longer holds is a warning with file and line, and warnings end the build.
"""

from __future__ import annotations

import json
import operator
import re
from collections.abc import Iterable, Mapping
from html import escape
from pathlib import Path
from typing import Any, ClassVar

import jinja2
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from casebook.data.record import Record, Row, split
from casebook.format import day
from casebook.mime import EXHIBIT_MIME, PLOTLY_MIME, READ_MIME
from casebook.plan import made_file, made_page
from casebook.project import Project
from casebook.style import NAME_OF_STATUS

ASSETS = Path(__file__).parent / "assets"
VERDICTS = {
    "supported": "Supported",
    "mostly-supported": "Mostly supported",
    "partly": "Partly supported",
    "unsupported": "Unsupported",
    "contradicted": "Contradicted",
    "unproven": "Unproven",
    "not-checkable": "Not checkable",
}
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
HOLDS = re.compile(r"^([a-z0-9-]+)\s*(<=|>=|==|<|>)\s*([a-z0-9-]*[a-z][a-z0-9-]*|-?[0-9.]+)$")
SOURCES_PAGE = "methods/sources"


class Citations:
    """All exhibits of the made pages under one book folder, by id, and the record beside them."""

    def __init__(self, book: Path) -> None:
        self.book = book
        self.record = Record(Project.find(book).data)
        self.exhibits: dict[str, dict[str, Any]] = {}
        self.figures: dict[str, dict[str, Any]] = {}
        self.page_of: dict[str, str] = {}
        for file in sorted(book.rglob("*.ipynb")):
            page = file.relative_to(book).with_suffix("").as_posix()
            for bundle in _bundles(made_page(book, page)):
                if exhibit := bundle.get(EXHIBIT_MIME):
                    self.exhibits[exhibit["id"]] = exhibit
                    self.page_of[exhibit["id"]] = page
                    if PLOTLY_MIME in bundle:
                        self.figures[exhibit["id"]] = bundle[PLOTLY_MIME]

    def sources(self, rows: Mapping[str, Iterable[str]]) -> list[Row]:
        """The sources of these rows (ids by table), by publisher and date."""
        wanted = {id for table, ids in rows.items() for row in ids for id in split(self.record.row(table, row)["source_ids"])}
        return sorted((self.record.row("sources", id) for id in wanted), key=lambda s: (s["publisher"].lower(), s["published_on"]))


def _bundles(made: dict[str, Any] | None) -> Iterable[dict[str, Any]]:
    for cell in (made or {"cells": []})["cells"]:
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def citations(env: BuildEnvironment) -> Citations:
    return env.app.casebook


# -- what a page used, gathered while it is parsed -------------------------------------------------


def used_rows(env: BuildEnvironment) -> dict[str, set[str]]:
    """Rows that the document being read rests on so far, by table."""
    return env.temp_data.setdefault("casebook_rows", {})


def use(env: BuildEnvironment, exhibit: dict[str, Any]) -> None:
    """Note that the document rests on this exhibit: its rows, and the made page it must follow."""
    for table, ids in exhibit["rows"].items():
        used_rows(env).setdefault(table, set()).update(ids)
    cited = citations(env)
    env.note_dependency(str(made_file(cited.book, cited.page_of[exhibit["id"]])))


# -- HTML -----------------------------------------------------------------------------------------

_templates = jinja2.Environment(loader=jinja2.FileSystemLoader(ASSETS), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_templates.filters["day"] = day
_templates.globals.update(verdicts=VERDICTS, statuses=NAME_OF_STATUS)


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def frame(env: BuildEnvironment, exhibit: dict[str, Any]) -> str:
    """The frame of an exhibit as HTML, the same in its own page and wherever it is cited."""
    cited = citations(env)
    figure = cited.figures.get(exhibit["id"])
    return _templates.get_template("frame.html").render(
        exhibit=exhibit,
        figure=_json(figure) if figure else "",
        sources=cited.sources(exhibit["rows"]),
        row_count=sum(len(ids) for ids in exhibit["rows"].values()),
        page=link(env, cited.page_of[exhibit["id"]]),
        sources_page=link(env, SOURCES_PAGE),
        here=cited.page_of[exhibit["id"]] == env.docname,
    )


def _json(value: Any) -> str:
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def link(env: BuildEnvironment, page: str) -> str:
    """Address of a page as seen from the document being read."""
    return env.app.builder.get_relative_uri(env.docname, page)


# -- roles ----------------------------------------------------------------------------------------


class CitingRole(SphinxRole):
    """A role that looks something up and complains with file and line where it is not there."""

    def fail(self, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [], [self.inliner.reporter.error(message, line=self.lineno)]

    def exhibit(self, id: str, kind: str) -> dict[str, Any] | None:
        exhibit = citations(self.env).exhibits.get(id)
        return exhibit if exhibit and exhibit["kind"] == kind else None


class NumberRole(CitingRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not (number := self.exhibit(self.text, "number")):
            return self.fail(f"no number '{self.text}' is published; publish it in a notebook or correct the id.")
        use(self.env, number)
        href = f"{link(self.env, citations(self.env).page_of[self.text])}#{self.text}"
        return [raw(f'<a class="casebook-number" href="{href}" title="{escape(number["title"])}">{escape(number["text"])}</a>')], []


class VerdictRole(CitingRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not (verdict := self.exhibit(self.text, "verdict")):
            return self.fail(f"no claim '{self.text}' has a verdict; correct the id, or add the row to claims/verdicts.")
        use(self.env, verdict)
        href, name = link(self.env, citations(self.env).page_of[self.text]), verdict["verdict"]
        return [raw(f'<a class="casebook-verdict {name}" href="{href}" title="{escape(verdict["title"])}">{VERDICTS[name]}</a>')], []


class SourceRole(CitingRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        rows = {row["id"]: row for row in citations(self.env).record.all_rows("sources")}
        if not (source := rows.get(self.text)):
            return self.fail(f"no source has the id '{self.text}'; correct it, or add the row to sources.")
        href = f"{link(self.env, SOURCES_PAGE)}#source-{self.text}"
        label = f"{source['publisher']}, {day(source['published_on'])}"
        return [raw(f'<a class="casebook-source" href="{href}" title="{escape(source["title"])}">{escape(label)}</a>')], []


class HoldsRole(CitingRole):
    """States what the words beside it rely on; prints nothing."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not (match := HOLDS.match(self.text.strip())):
            return self.fail(f"holds '{self.text}' is not of the form: number-id < value (or another number's id).")
        left_id, sign, right_id = match.groups()
        left, right = self._value(left_id), self._value(right_id)
        if left is None or right is None:
            return self.fail(f"holds '{self.text}': no number '{left_id if left is None else right_id}' is published.")
        if not COMPARE[sign](left, right):
            return self.fail(f"holds '{self.text}' is false now: {left_id} is {left}; rewrite the sentence beside it: {self._sentence()}")
        return [], []

    def _value(self, text: str) -> float | None:
        if re.fullmatch(r"-?[0-9.]+", text):
            return float(text)
        number = self.exhibit(text, "number")
        if number is None:
            return None
        use(self.env, number)
        return float(number["value"])

    def _sentence(self) -> str:
        lines = Path(self.env.doc2path(self.env.docname)).read_text("utf-8").splitlines()
        return next((line.strip() for line in lines if f"{{holds}}`{self.text}`" in line), "")


# -- directives -----------------------------------------------------------------------------------


class ExhibitDirective(SphinxDirective):
    """An exhibit of another page, in its frame."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        id = self.arguments[0]
        if not (exhibit := citations(self.env).exhibits.get(id)):
            raise self.error(f"no exhibit '{id}' is published; publish it in a notebook or correct the id.")
        use(self.env, exhibit)
        return [raw(frame(self.env, exhibit))]


class PageSourcesDirective(SphinxDirective):
    """The sources that the page really used, and its rows to download."""

    def run(self) -> list[nodes.Node]:
        cited, rows = citations(self.env), used_rows(self.env)
        counts = [(cited.record.tables[table], len(ids)) for table, ids in sorted(rows.items())]
        root = link(self.env, "index").removesuffix("index.html")
        html = _templates.get_template("sources.html").render(
            sources=cited.sources(rows),
            counts=counts,
            download=f"{root}rows/{self.env.docname}.zip" if made_file(cited.book, self.env.docname).is_file() else "",
            sources_page=link(self.env, SOURCES_PAGE),
            dictionary_page=link(self.env, "methods/dictionary"),
        )
        return [raw(html)]


class DictionaryDirective(SphinxDirective):
    """The data dictionary, from datapackage.json."""

    def run(self) -> list[nodes.Node]:
        record = citations(self.env).record
        self.env.note_dependency(str(record.folder / "datapackage.json"))
        html = _templates.get_template("dictionary.html")
        found: list[nodes.Node] = []
        for name, table in record.tables.items():
            section = nodes.section("", nodes.title(text=table["title"]), ids=[f"table-{name.replace('/', '-')}"])
            section += raw(html.render(table=table, rows=len(record.all_rows(name))))
            found.append(section)
        return found


class SourceListDirective(SphinxDirective):
    """Every source of the record, each with an anchor."""

    def run(self) -> list[nodes.Node]:
        record = citations(self.env).record
        self.env.note_dependency(str(record.folder / "sources.csv"))
        sources = sorted(record.rows("sources"), key=lambda s: (s["publisher"].lower(), s["published_on"]))
        return [raw(_templates.get_template("source_list.html").render(sources=sources))]


class ExhibitRenderer:
    """Renders our MIME types where myst-nb meets them in a made page; found by entry point."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int]]] = [("*", EXHIBIT_MIME, 1), ("*", READ_MIME, 2), ("*", PLOTLY_MIME, 3)]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        if data.mime_type == PLOTLY_MIME:
            return []
        env = renderer.renderer.sphinx_env
        if data.mime_type == READ_MIME:
            used_rows(env).setdefault(data.content["table"], set()).update(data.content["ids"])
            return []
        if data.mime_type == EXHIBIT_MIME:
            use(env, data.content)
            return [raw(frame(env, data.content))]
        return None


# -- set-up ---------------------------------------------------------------------------------------


def load_citations(app: Sphinx) -> None:
    app.casebook = Citations(Path(app.srcdir))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", load_citations)
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(ASSETS / "static")))
    for name, role in (("number", NumberRole()), ("verdict", VerdictRole()), ("source", SourceRole()), ("holds", HoldsRole())):
        app.add_role(name, role)
    app.add_directive("exhibit", ExhibitDirective)
    app.add_directive("page-sources", PageSourcesDirective)
    app.add_directive("dictionary", DictionaryDirective)
    app.add_directive("source-list", SourceListDirective)
    app.add_css_file("casebook.css")
    app.add_js_file("casebook.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
