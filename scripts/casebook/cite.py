"""Cite exhibits in chapters: the one file that knows Sphinx. It looks things up and computes nothing.

Roles: {number}`id`, {verdict}`claim`, {source}`id`, {holds}`id < value`, {since}`day`, {said}`the article's figure`.
Directives: {exhibit} id, {verdicts}, {rule} claim, {page-sources}, {dictionary}, {source-list}.
An unknown id or a statement that no longer holds is a warning with file and line, and warnings end the build.
In an edition of a past day it is no mistake: the passage that leans on it was not yet known, and is left out.
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

from casebook.data.record import LATEST, Record, Row, split
from casebook.format import day
from casebook.format import number as format_number
from casebook.mime import EXHIBIT_MIME, PLOTLY_MIME, READ_MIME, bundles
from casebook.plan import made_file, made_page
from casebook.project import Project
from casebook.reviews import claim_review, dataset
from casebook.style import NAME_OF_STATUS
from casebook.verdicts import MEANINGS, VERDICTS, in_words, steps_by_claim

ASSETS = Path(__file__).parent / "assets"
COMPARE = {"<": operator.lt, "<=": operator.le, ">": operator.gt, ">=": operator.ge, "==": operator.eq}
HOLDS = re.compile(r"^([a-z0-9-]+)\s*(<=|>=|==|<|>)\s*([a-z0-9-]*[a-z][a-z0-9-]*|-?[0-9.]+)$")
SOURCES_PAGE = "methods/sources"
CARD_ROWS = 6


class Citations:
    """All exhibits of the made pages under one book folder, by id, and the record beside them."""

    def __init__(self, book: Path) -> None:
        self.book = book
        self.project = Project.find(book)
        self.record = Record(self.project.data)
        self.as_of = ""
        self.exhibits: dict[str, dict[str, Any]] = {}
        self.figures: dict[str, dict[str, Any]] = {}
        self.page_of: dict[str, str] = {}
        for file in sorted(book.rglob("*.ipynb")):
            page = file.relative_to(book).with_suffix("").as_posix()
            if not (made := made_page(book, page)):
                continue
            # A page may show an earlier day beside the book's own; "latest" sorts after every day.
            self.as_of = max(self.as_of, made["metadata"]["casebook"]["parameters"]["as_of"])
            for bundle in bundles(made):
                if exhibit := bundle.get(EXHIBIT_MIME):
                    self.exhibits[exhibit["id"]] = exhibit
                    self.page_of[exhibit["id"]] = page
                    if PLOTLY_MIME in bundle:
                        self.figures[exhibit["id"]] = bundle[PLOTLY_MIME]

    def sources(self, rows: Mapping[str, Iterable[str]]) -> list[Row]:
        """The sources of these rows (ids by table) that the edition may know, by publisher and date."""
        wanted = {id for table, ids in rows.items() for row in ids for id in split(self.record.row(table, row)["source_ids"])}
        return by_publisher(self.record.rows("sources", self.as_of, id=sorted(wanted)))

    def row(self, table: str, id: str) -> dict[str, Any]:
        """A row as a card shows it: id, status, and its figures under their columns' names."""
        row, fields = self.record.row(table, id), self.record.fields(table)
        figures = [
            (name, f"{float(row[name]):,.10g}")
            for name, field in fields.items()
            if field["type"] in ("number", "integer") and row[name] and name not in ("latitude", "longitude")
        ]
        dated = row.get("event_date") or row.get("period_end") or ""
        return {
            "table": table,
            "id": id,
            "status": NAME_OF_STATUS.get(row.get("status", ""), ""),
            "figures": figures,
            "dated": dated,
            "about": row.get("fact") or row.get("event") or "",
        }


def by_publisher(sources: Iterable[Row]) -> list[Row]:
    return sorted(sources, key=lambda s: (s["publisher"].lower(), s["published_on"], s["id"]))


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
    # The frame names sources, which are no part of what the page read.
    env.note_dependency(str(cited.record.folder / "sources.csv"))
    env.note_dependency(str(made_file(cited.book, cited.page_of[exhibit["id"]])))


# -- HTML -----------------------------------------------------------------------------------------

_templates = jinja2.Environment(loader=jinja2.FileSystemLoader(ASSETS), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_templates.filters["day"] = day
_templates.globals.update(verdicts=VERDICTS, meanings=MEANINGS, statuses=NAME_OF_STATUS)


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
        known_on=cited.record.known_on(exhibit["as_of"]),
        review=_review(cited, exhibit) if exhibit["kind"] == "verdict" else "",
    )


def _review(cited: Citations, exhibit: dict[str, Any]) -> str:
    claim, verdict = cited.record.row("claims/claims", exhibit["id"]), cited.record.row("claims/verdicts", exhibit["row"])
    return _json(claim_review(cited.record, cited.project.config, claim, verdict, cited.page_of[exhibit["id"]]))


def card(env: BuildEnvironment, number: dict[str, Any]) -> str:
    """What a number opens to: what it is, how it was made, its rows and their sources."""
    cited = citations(env)
    return _templates.get_template("card.html").render(
        number=number,
        rows=[cited.row(table, id) for table, ids in number["rows"].items() for id in ids[:CARD_ROWS]],
        more=sum(max(0, len(ids) - CARD_ROWS) for ids in number["rows"].values()),
        sources=cited.sources(number["rows"])[:CARD_ROWS],
        known_on=cited.record.known_on(number["as_of"]),
        page=f"{link(env, cited.page_of[number['id']])}#{number['id']}",
    )


def _json(value: Any) -> str:
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def link(env: BuildEnvironment, page: str) -> str:
    """Address of a page as seen from the document being read."""
    return env.app.builder.get_relative_uri(env.docname, page)


# -- roles ----------------------------------------------------------------------------------------


class not_yet_known(nodes.inline):
    """Marks a passage that leans on what the edition does not know; `leave_out` takes the passage away."""


class CitingRole(SphinxRole):
    """A role that looks something up and complains with file and line where it is not there."""

    def fail(self, message: str) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if citations(self.env).as_of != LATEST:
            return [not_yet_known()], []
        return [], [self.inliner.reporter.error(message, line=self.lineno)]

    def exhibit(self, id: str, kind: str) -> dict[str, Any] | None:
        exhibit = citations(self.env).exhibits.get(id)
        return exhibit if exhibit and exhibit["kind"] == kind else None


class NumberRole(CitingRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not (number := self.exhibit(self.text, "number")):
            return self.fail(f"no number '{self.text}' is published; publish it in a notebook or correct the id.")
        use(self.env, number)
        self.env.temp_data.setdefault("casebook_cards", {})[self.text] = card(self.env, number)
        return [raw(f'<button type="button" class="casebook-number" popovertarget="card-{self.text}">{escape(number["text"])}</button>')], []


class VerdictRole(CitingRole):
    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        if not (verdict := self.exhibit(self.text, "verdict")):
            return self.fail(f"no claim '{self.text}' has a verdict; correct the id, or add the row to claims/verdicts.")
        use(self.env, verdict)
        href, name = link(self.env, citations(self.env).page_of[self.text]), verdict["verdict"]
        return [raw(f'<a class="casebook-verdict {name}" href="{href}" title="{escape(verdict["title"])}">{VERDICTS[name].lower()}</a>')], []


class SourceRole(CitingRole):
    """A numbered reference; the sources at the page's end carry the numbers."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        cited = citations(self.env)
        if not (found := cited.record.rows("sources", cited.as_of, id=self.text)):
            return self.fail(f"no source has the id '{self.text}'; correct it, or add the row to sources.")
        references: list[str] = self.env.temp_data.setdefault("casebook_references", [])
        if self.text not in references:
            references.append(self.text)
        number = references.index(self.text) + 1
        about = f"{found[0]['publisher']}, {day(found[0]['published_on'])}: {found[0]['title']}"
        return [raw(f'<sup class="casebook-ref"><a href="#ref-{number}" title="{escape(about)}">{number}</a></sup>')], []


class SinceRole(CitingRole):
    """Says since when what stands beside it has been public; prints nothing."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        as_of = citations(self.env).as_of
        return ([not_yet_known()], []) if as_of != LATEST and as_of < self.text else ([], [])


class SaidRole(SphinxRole):
    """A figure of the article's own, quoted and not ours."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline("", f"“{self.text}”", classes=["casebook-said"])], []


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
            if citations(self.env).as_of != LATEST:
                return []
            raise self.error(f"no exhibit '{id}' is published; publish it in a notebook or correct the id.")
        use(self.env, exhibit)
        return [raw(frame(self.env, exhibit))]


class ThenAndNowDirective(ExhibitDirective):
    """An exhibit as known today, and folded beneath it the same as known on an earlier day (ids: now, then)."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        now = super().run()
        then = citations(self.env).exhibits.get(self.arguments[1])
        if then is None and citations(self.env).as_of == LATEST:
            raise self.error(f"no exhibit '{self.arguments[1]}' is published; publish it in a notebook or correct the id.")
        if then is None or not now:
            return now
        use(self.env, then)
        made = made_page(citations(self.env).book, citations(self.env).page_of[then["id"]])
        known_on = day(made["metadata"]["casebook"]["parameters"]["as_of"]) if made else ""
        return [*now, raw(f'<details class="casebook-then"><summary>The same, as known on {known_on}</summary>{frame(self.env, then)}</details>')]


class VerdictsDirective(SphinxDirective):
    """Every claim as a small mark in the colour of its verdict, counted by verdict, each a link."""

    def run(self) -> list[nodes.Node]:
        found = [exhibit for exhibit in citations(self.env).exhibits.values() if exhibit["kind"] == "verdict"]
        for exhibit in found:
            use(self.env, exhibit)
        groups = [
            (name, [{**e, "href": link(self.env, citations(self.env).page_of[e["id"]])} for e in found if e["verdict"] == name]) for name in VERDICTS
        ]
        return [raw(_templates.get_template("verdicts.html").render(groups=[g for g in groups if g[1]], total=len(found)))] if found else []


class RuleDirective(SphinxDirective):
    """The rule by which a claim's verdict is computed, with the number as it is now."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        cited = citations(self.env)
        self.env.note_dependency(str(cited.record.folder / "claims" / "rules.csv"))
        steps = steps_by_claim(cited.record, cited.as_of).get(self.arguments[0], [])
        number = cited.exhibits.get(steps[0]["exhibit"]) if steps else None
        if not number:
            return []
        use(self.env, number)
        self.env.temp_data.setdefault("casebook_cards", {})[number["id"]] = card(self.env, number)
        says = [(in_words(step, lambda bound: format_number(bound, number["unit"])), step["verdict"]) for step in steps]
        return [raw(_templates.get_template("rule.html").render(number=number, steps=says))]


class PageSourcesDirective(SphinxDirective):
    """The sources that the page really used, and its rows to download."""

    def run(self) -> list[nodes.Node]:
        cited, rows = citations(self.env), used_rows(self.env)
        counts = [(cited.record.tables[table], len(ids)) for table, ids in sorted(rows.items())]
        root = link(self.env, "index").removesuffix("index.html")
        references = [cited.record.row("sources", id) for id in self.env.temp_data.get("casebook_references", [])]
        html = _templates.get_template("sources.html").render(
            references=references,
            sources=[source for source in cited.sources(rows) if source not in references],
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
        found: list[nodes.Node] = [raw(f'<script type="application/ld+json">{_json(dataset(record, citations(self.env).project.config))}</script>')]
        for name, table in record.tables.items():
            section = nodes.section("", nodes.title(text=table["title"]), ids=[f"table-{name.replace('/', '-')}"])
            section += raw(
                html.render(table=table, rows=len(record.rows(name, citations(self.env).as_of)), latest=citations(self.env).as_of == LATEST)
            )
            found.append(section)
        return found


class SourceListDirective(SphinxDirective):
    """Every source of the record, each with an anchor."""

    def run(self) -> list[nodes.Node]:
        record = citations(self.env).record
        self.env.note_dependency(str(record.folder / "sources.csv"))
        sources = by_publisher(record.rows("sources", citations(self.env).as_of))
        return [raw(_templates.get_template("source_list.html").render(sources=sources, latest=citations(self.env).as_of == LATEST))]


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


def leave_out(app: Sphinx, document: nodes.document) -> None:
    """In an edition of a past day, take away the passages that lean on what was not yet known."""
    for mark in list(document.findall(not_yet_known)):
        passage: Any = mark
        while passage.parent is not None and not isinstance(passage, (nodes.paragraph, nodes.title)):
            passage = passage.parent
        if passage.parent is not None and isinstance(passage.parent, nodes.list_item):
            passage = passage.parent
        if passage.parent is not None and passage in passage.parent:
            passage.parent.remove(passage)
    known_on = day(app.casebook.record.known_on(app.casebook.as_of))
    for section in document.findall(nodes.section):
        if all(isinstance(child, (nodes.title, nodes.comment)) for child in section.children):
            section += nodes.paragraph(text=f"Nothing of this was on record by {known_on}.")


def add_cards(app: Sphinx, document: nodes.document) -> None:
    """Put the cards of the numbers that a page cites at its end."""
    if cards := app.env.temp_data.get("casebook_cards"):
        document += raw("".join(cards[id] for id in sorted(cards)))


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", load_citations)
    app.connect("doctree-read", leave_out)
    app.connect("doctree-read", add_cards)
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(ASSETS / "static")))
    for name, role in (
        ("number", NumberRole()),
        ("verdict", VerdictRole()),
        ("source", SourceRole()),
        ("holds", HoldsRole()),
        ("since", SinceRole()),
        ("said", SaidRole()),
    ):
        app.add_role(name, role)
    app.add_directive("exhibit", ExhibitDirective)
    app.add_directive("then-and-now", ThenAndNowDirective)
    app.add_directive("verdicts", VerdictsDirective)
    app.add_directive("rule", RuleDirective)
    app.add_directive("page-sources", PageSourcesDirective)
    app.add_directive("dictionary", DictionaryDirective)
    app.add_directive("source-list", SourceListDirective)
    app.add_css_file("casebook.css")
    app.add_js_file("casebook.js", loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
