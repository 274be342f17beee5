"""Cite exhibits in chapters: the one file that knows Sphinx. It looks things up and computes nothing.

Roles: {number}`id`, {verdict}`claim`, {source}`id`, {holds}`id < value`, {said}`the article's figure`,
{record-day}`days for which it counts as fresh`.
Directives: {exhibit} id, {verdicts}, {rule} claim, {page-sources}, {dictionary}, {source-list}, {changes}.
An unknown id or a statement that no longer holds is a warning with file and line, and warnings end the build.
"""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from html import escape
from pathlib import Path
from textwrap import shorten
from typing import Any, ClassVar
from urllib.parse import quote

from docutils import nodes
from docutils.statemachine import StringList
from lxml.html import fragment_fromstring
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective, SphinxRole

from casebook.changes import versions
from casebook.cited import button
from casebook.data.record import LATEST
from casebook.errors import Problem
from casebook.format import day
from casebook.frame import ASSETS, FRAMED, SOURCES_PAGE, Book, by_publisher, card, frame, render, script_json
from casebook.holds import Guard
from casebook.mime import EXHIBIT_MIME, OWN, READ_MIME
from casebook.past import sentence
from casebook.plan import made_file, made_page
from casebook.reviews import address, dataset
from casebook.told import read_where
from casebook.verdicts import VERDICTS, beside_bounds, first_that_holds, flips_of, in_words, steps_by_claim

# Under this name a document remembers its first figure.
PICTURE = "casebook_picture"
DICTIONARY_PAGE = "methods/dictionary"


def citations(env: BuildEnvironment) -> Book:
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
    for id in (exhibit["id"], *sorted(cited.cites(exhibit))):
        env.note_dependency(str(made_file(cited.folder, cited.page_of[id])))


def link(env: BuildEnvironment, page: str) -> str:
    """Address of a page as seen from the document being read."""
    return env.app.builder.get_relative_uri(env.docname, page)


def root(env: BuildEnvironment) -> str:
    """What leads from the document being read to the site's root."""
    return root_of(env.docname)


def root_of(page: str) -> str:
    return "../" * page.count("/")


def framed(env: BuildEnvironment, exhibit: dict[str, Any]) -> str:
    """The frame of an exhibit for the document being read, which from now on rests on it."""
    use(env, exhibit)
    for id in exhibit.get("cites", []) if exhibit["kind"] == "verdict" else []:
        if id in citations(env).numbers:
            keep_card(env, citations(env).numbers[id])
    shown = env.temp_data["casebook_framed"] = env.temp_data.get("casebook_framed", 0) + (exhibit["kind"] in FRAMED)
    if exhibit["id"] in citations(env).figures:
        env.metadata[env.docname].setdefault(PICTURE, exhibit["id"])
    return frame(citations(env), exhibit, root(env), here=citations(env).page_of[exhibit["id"]] == env.docname, first=shown == 1)


def raw(html: str) -> nodes.raw:
    return nodes.raw("", html, format="html")


def keep_card(env: BuildEnvironment, number: dict[str, Any]) -> None:
    """Have the card of a number put at the end of the document being read, which from now on rests on it."""
    use(env, number)
    cited = citations(env)
    env.temp_data.setdefault("casebook_cards", {})[number["id"]] = card(cited, number, root(env))


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
        keep_card(self.env, number)
        return [raw(button(number))], []


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
        (source,) = found
        about = f"{source['publisher']}{read_where(source)}, {day(source['published_on'])}: {source['title']}"
        return [raw(f'<sup class="casebook-ref"><a href="#ref-{number}" title="{escape(about)}">{number}</a></sup>')], []


class RecordRole(SphinxRole):
    """The day of the record; the page's script says beside it how long ago that is."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        known_on = day(citations(self.env).record.known_on(citations(self.env).as_of))
        return [raw(f'<time class="casebook-record-day" data-fresh-days="{escape(self.text)}">{known_on}</time>')], []


class SaidRole(SphinxRole):
    """A figure of the article's own, quoted and not ours."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [nodes.inline("", f"“{self.text}”", classes=["casebook-said"])], []


class HoldsRole(CitingRole):
    """States what the words beside it rely on; prints nothing."""

    def run(self) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        numbers = {id: exhibit for id, exhibit in citations(self.env).exhibits.items() if exhibit["kind"] == "number"}
        try:
            guard = Guard.of(self.text)
        except Problem as problem:
            return self.fail(str(problem))
        for id in guard.ids:
            if id in numbers:
                use(self.env, numbers[id])
        fault = guard.fault(numbers)
        return self.fail(f"{fault}; rewrite the sentence beside it: {self._sentence()}") if fault else ([], [])

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
                # A page may name what no page had to show on that day.
                return []
            raise self.error(f"no exhibit '{id}' is published; publish it in a notebook or correct the id.")
        return [raw(framed(self.env, exhibit))]


class ThenAndNowDirective(ExhibitDirective):
    """An exhibit as known today, and folded beneath it the same as known on an earlier day (ids: now, then)."""

    required_arguments = 2

    def run(self) -> list[nodes.Node]:
        now = super().run()
        then = citations(self.env).exhibits.get(self.arguments[1])
        if then is None:
            raise self.error(f"no exhibit '{self.arguments[1]}' is published; publish it in a notebook or correct the id.")
        made = made_page(citations(self.env).folder, citations(self.env).page_of[then["id"]])
        known_on = day(made["metadata"]["casebook"]["parameters"]["as_of"]) if made else ""
        return [*now, raw(f'<details class="casebook-then"><summary>The same, as known on {known_on}</summary>{framed(self.env, then)}</details>')]


class VerdictsDirective(SphinxDirective):
    """Every claim as a small mark in the colour of its verdict, counted by verdict, each a link."""

    def run(self) -> list[nodes.Node]:
        found = [exhibit for exhibit in citations(self.env).exhibits.values() if exhibit["kind"] == "verdict"]
        for exhibit in found:
            use(self.env, exhibit)
        groups = [
            (name, [{**e, "href": link(self.env, citations(self.env).page_of[e["id"]])} for e in found if e["verdict"] == name]) for name in VERDICTS
        ]
        return [raw(render("verdicts.html", groups=[g for g in groups if g[1]], total=len(found)))] if found else []


class RuleDirective(SphinxDirective):
    """The rule by which a claim's verdict is computed, with the number as it is now."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        cited = citations(self.env)
        for table in ("rules.csv", "flips.csv"):
            self.env.note_dependency(str(cited.record.folder / "claims" / table))
        steps = steps_by_claim(cited.record, cited.as_of).get(self.arguments[0], [])
        number = cited.exhibits.get(steps[0]["exhibit"]) if steps else None
        if not number:
            return []
        keep_card(self.env, number)
        units = cited.record.units
        says = [(in_words(step, units, number["unit"]), step) for step in steps]
        # One sentence a scenario, which may take several rows.
        flips = {flip["scenario"]: flip for flip in flips_of(cited.record, self.arguments[0], cited.as_of)}
        at_ends = dict.fromkeys(VERDICTS[first_that_holds(steps, end)["verdict"]].lower() for end in number.get("ends", []))
        html = render(
            "rule.html",
            number=number,
            now=beside_bounds(number, steps, units),
            steps=says,
            may_support=any(step["verdict"] == "supported" for step in steps),
            at_ends=list(at_ends),
            flips=flips.values(),
        )
        return [raw(html)]


def remake(cited: Book, page: str) -> dict[str, str] | None:
    """What makes a page again: our command and papermill's, and where that runs without a machine of one's own. None for a chapter."""
    if not (made := made_page(cited.folder, page)):
        return None
    by = made["metadata"]["casebook"]
    given = sorted(by["parameters"].items())
    notebook = by["notebook"]
    papermill = " ".join(f"-p {name} {shlex.quote(str(value))}" for name, value in given)
    found = {
        "casebook": " ".join([".venv/bin/casebook run", notebook, *(f"{name}={shlex.quote(str(value))}" for name, value in given)]),
        "papermill": f".venv/bin/papermill notebooks/{notebook}.ipynb {Path(notebook).name}-mine.ipynb {papermill}",
    }
    if name := on_github(cited):
        branch, file = cited.config["repository"]["branch"], quote(f"lab/tree/notebooks/{notebook}.ipynb", safe="")
        found["binder"] = f"https://mybinder.org/v2/gh/{name}/{branch}?urlpath={file}"
        found["codespaces"] = f"https://codespaces.new/{name}?ref={branch}"
    return found


def on_github(cited: Book) -> str:
    """The book's repository as `owner/name`; empty where it is not on GitHub."""
    match = re.fullmatch(r"https://github\.com/([^/]+/[^/]+)", cited.config.get("repository", {}).get("url", "").rstrip("/"))
    return match[1] if match else ""


class PageSourcesDirective(SphinxDirective):
    """The sources that the page really used, and its rows to download."""

    def run(self) -> list[nodes.Node]:
        cited, rows = citations(self.env), used_rows(self.env)
        counts = [(cited.record.tables[table], len(ids)) for table, ids in sorted(rows.items())]
        references = [cited.record.row("sources", id) for id in self.env.temp_data.get("casebook_references", [])]
        html = render(
            "sources.html",
            references=references,
            remake=remake(cited, self.env.docname),
            sources=[source for source in cited.sources(rows) if source not in references],
            counts=counts,
            download=f"{root(self.env)}rows/{self.env.docname}.zip" if made_file(cited.folder, self.env.docname).is_file() else "",
            sources_page=link(self.env, SOURCES_PAGE),
            dictionary_page=link(self.env, DICTIONARY_PAGE) if cited.as_of == LATEST else "",
        )
        return [raw(html)]


class DictionaryDirective(SphinxDirective):
    """The data dictionary, from datapackage.json."""

    def run(self) -> list[nodes.Node]:
        record = citations(self.env).record
        found: list[nodes.Node] = [raw(f'<script type="application/ld+json">{script_json(dataset(record, citations(self.env).config))}</script>')]
        for name, table in record.tables.items():
            # It says how many rows there are.
            self.env.note_dependency(str(record.folder / table["path"]))
            section = nodes.section("", nodes.title(text=table["title"]), ids=[f"table-{name.replace('/', '-')}"])
            section += raw(render("dictionary.html", table=table, rows=record.count(name)))
            found.append(section)
        return found


class SourceListDirective(SphinxDirective):
    """Every source of the record, each with an anchor."""

    def run(self) -> list[nodes.Node]:
        record = citations(self.env).record
        sources = by_publisher(record.rows("sources", citations(self.env).as_of))
        return [raw(render("source_list.html", sources=sources, latest=citations(self.env).as_of == LATEST))]


class ChangesDirective(SphinxDirective):
    """Every version of the record, newest first, each with an anchor."""

    def run(self) -> list[nodes.Node]:
        cited = citations(self.env)
        self.env.note_dependency(str(cited.record.folder / "CHANGES.md"))
        found: list[nodes.Node] = []
        ways = []
        if name := on_github(cited):
            releases = f"https://github.com/{name}/releases"
            ways.append(f'The site as it stood with each version is kept among <a href="{releases}" rel="external noopener">the releases</a>.')
        if cited.config["html"].get("baseurl"):
            ways.append(f'Follow the record by its <a href="{root(self.env)}feed.xml">feed</a> (Atom).')
        found.append(raw(f"<p>{' '.join(ways)}</p>"))
        for version in versions(cited.record.folder):
            section = nodes.section("", nodes.title(text=day(version.day)), ids=[version.anchor])
            self.state.nested_parse(StringList(version.text.splitlines(), "data/CHANGES.md"), self.content_offset, section)
            found.append(section)
        return found


class ExhibitRenderer:
    """Renders our MIME types where myst-nb meets them in a made page; found by entry point."""

    mime_priority_overrides: ClassVar[list[tuple[str, str, int]]] = [
        ("*", mime, place) for place, mime in enumerate([EXHIBIT_MIME, *sorted(OWN - {EXHIBIT_MIME})], start=1)
    ]

    @staticmethod
    def handle_mime(renderer: Any, data: Any, inline: bool) -> list[nodes.Element] | None:
        env = renderer.renderer.sphinx_env
        # Another book in the same environment, which does not load this extension.
        if not hasattr(env.app, "casebook"):
            return None
        if data.mime_type == READ_MIME:
            for table, ids in data.content["rows"].items():
                used_rows(env).setdefault(table, set()).update(ids)
            return []
        if data.mime_type == EXHIBIT_MIME:
            # As the book knows it, with the numbers that its words cite.
            return [raw(framed(env, citations(env).exhibits[data.content["id"]]))]
        # A figure stands in its exhibit's frame, and what is said in words in a cell of its own.
        return [] if data.mime_type in OWN else None


# -- set-up ---------------------------------------------------------------------------------------


def load_citations(app: Sphinx) -> None:
    app.casebook = Book(Path(app.srcdir))


def add_cards(app: Sphinx, document: nodes.document) -> None:
    """Put the cards of the numbers that a page cites at its end."""
    if cards := app.env.temp_data.get("casebook_cards"):
        document += raw("".join(cards[id] for id in sorted(cards)))


def words(text: nodes.Text) -> str:
    """What a reader reads of a text of a document: of raw HTML, what stands between the tags."""
    return without_tags(text.astext()) if isinstance(text.parent, nodes.raw) else text.astext()


def without_tags(html: str) -> str:
    """The text of a piece of HTML."""
    return str(fragment_fromstring(html, create_parent=True).text_content())


def social_tags(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Tell those who share a page what it is: title, first sentence, first picture (Open Graph, and Twitter's card)."""
    book: Book = app.casebook
    if doctree is None or book.as_of != LATEST or not book.config["html"].get("baseurl"):
        return
    paragraph = next(iter(doctree.findall(nodes.paragraph)), None)
    text = "".join(words(text) for text in paragraph.findall(nodes.Text)) if paragraph is not None else ""
    about = {
        "og:title": without_tags(context["title"]) if page != app.config.root_doc else book.config["title"],
        "og:type": "article",
        "og:url": address(book.config, f"{page}.html"),
        "og:site_name": book.config["title"],
        "og:description": shorten(text, 200, placeholder=" …"),
    }
    # Its own picture or none: another page's would go on being shared after that page was corrected.
    shown = app.env.metadata[page].get(PICTURE)
    shape = "summary"
    if shown and book.has_picture(shown):
        about["og:image"] = address(book.config, f"pictures/{book.picture_key(shown)}.png")
        shape = "summary_large_image"
    tags = [f'<meta property="{name}" content="{escape(value)}">' for name, value in about.items()]
    tags += [f'<meta name="description" content="{escape(about["og:description"])}">', f'<meta name="twitter:card" content="{shape}">']
    tags.append(f'<link rel="alternate" type="application/atom+xml" title="{escape(book.config["title"])}" href="{root_of(page)}feed.xml">')
    context["metatags"] = context.get("metatags", "") + "\n".join(tags)


def escape_title(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """The theme prints a page's title as it was written, mark-up and all, and an empty heading where no document gave one."""
    context["pagetitle"] = escape(context.get("pagetitle") or context.get("title") or app.casebook.config["title"])


def tell_the_day(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Over every page of a past day's edition, say what it is, where the theme has its announcements."""
    if (as_of := app.casebook.as_of) != LATEST:
        context["theme_announcement"] = f"{sentence(as_of)}. The chapters are always today's."


def not_found(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """The page for an address that is none."""
    home = '<p>Nothing stands at this address. Go to <a href="index.html">the start</a>, or <a href="search.html">search</a>.</p>'
    yield "404", {"title": "Not found", "body": f"<h1>Not found</h1>{home}"}, "page.html"


def setup(app: Sphinx) -> dict[str, Any]:
    """Register with Sphinx."""
    app.connect("builder-inited", load_citations)
    app.connect("doctree-read", add_cards)
    app.connect("html-page-context", social_tags)
    app.connect("html-page-context", tell_the_day)
    # After the theme, which puts the title there.
    app.connect("html-page-context", escape_title, priority=900)
    app.connect("html-collect-pages", not_found)
    app.connect("config-inited", lambda app, config: config.html_static_path.append(str(ASSETS / "static")))
    for name, role in (
        ("number", NumberRole()),
        ("verdict", VerdictRole()),
        ("source", SourceRole()),
        ("holds", HoldsRole()),
        ("said", SaidRole()),
        ("record-day", RecordRole()),
    ):
        app.add_role(name, role)
    app.add_directive("exhibit", ExhibitDirective)
    app.add_directive("then-and-now", ThenAndNowDirective)
    app.add_directive("verdicts", VerdictsDirective)
    app.add_directive("rule", RuleDirective)
    app.add_directive("page-sources", PageSourcesDirective)
    app.add_directive("dictionary", DictionaryDirective)
    app.add_directive("source-list", SourceListDirective)
    app.add_directive("changes", ChangesDirective)
    app.add_css_file("casebook.css")
    for script in ("casebook.js", "tables.js"):
        app.add_js_file(script, loading_method="defer")
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
