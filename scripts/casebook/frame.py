"""What a reader sees of an exhibit, as HTML: its frame, the card of a number, the page it is embedded by."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from casebook import browser, cited, pictures, plotly_js
from casebook.data.record import LATEST, Record, Row, split
from casebook.data.shapes import shape_files
from casebook.edition import Edition
from casebook.errors import counted
from casebook.format import day
from casebook.mime import EXHIBIT_MIME, FIGURE_MIME, bundles
from casebook.plan import made_page
from casebook.project import digest_files
from casebook.reviews import address, claim_review
from casebook.style import NAME_OF_STATUS
from casebook.told import NOT_SHOWN, NUMBERS, read_where, told
from casebook.verdicts import MEANINGS, VERDICTS, VERDICTS_TABLE

ASSETS = Path(__file__).parent / "assets"
SOURCES_PAGE = "methods/sources"
CARD_ROWS = 6
FRAMED = ("chart", "map", "table")
# How a column sorts, as tables.js knows it. Days are written so that their text sorts.
NUMBER, TEXT = "number", "text"

_templates = jinja2.Environment(loader=jinja2.FileSystemLoader(ASSETS), autoescape=True, trim_blocks=True, lstrip_blocks=True)
_templates.filters |= {"day": day, "counted": counted, "read_where": read_where}
_templates.globals.update(verdicts=VERDICTS, meanings=MEANINGS, statuses=NAME_OF_STATUS, address=address)


@dataclass(frozen=True)
class Grid:
    """A table as a page prints it: headings, each with the order of its column ("" where none makes sense), and rows.

    A cell is its text and what it sorts by; both are empty where nothing is known.
    """

    headings: Sequence[tuple[str, str]]
    rows: Sequence[Sequence[tuple[str, str]]]


class Book:
    """All exhibits of the made pages under one book folder, by id, and the record beside them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.is_drawn = browser.find() is not None
        edition = Edition.of_book(folder)
        self.project, self.as_of = edition.project, edition.as_of
        self.config = self.project.config
        self.record = Record(self.project.data)
        self.exhibits: dict[str, dict[str, Any]] = {}
        self.figures: dict[str, dict[str, Any]] = {}
        self.page_of: dict[str, str] = {}
        self._keys: dict[str, str] = {}
        self._shapes = digest_files(shape_files(self.project.data), self.project.data)
        self.made_by: dict[str, dict[str, Any]] = {}
        for file in sorted(folder.rglob("*.ipynb")):
            page = file.relative_to(folder).with_suffix("").as_posix()
            if not (made := made_page(folder, page)):
                continue
            by = made["metadata"]["casebook"]
            for bundle in bundles(made):
                if exhibit := bundle.get(EXHIBIT_MIME):
                    self.exhibits[exhibit["id"]] = exhibit
                    self.page_of[exhibit["id"]] = page
                    self.made_by[exhibit["id"]] = by
                    if FIGURE_MIME in bundle:
                        self.figures[exhibit["id"]] = bundle[FIGURE_MIME]
        self.as_of = self.as_of or LATEST
        self.numbers = cited.numbers_of(self.exhibits)
        self.exhibits = {id: cited.resolved(exhibit, self.numbers) for id, exhibit in self.exhibits.items()}

    def framed(self) -> Iterable[dict[str, Any]]:
        """The exhibits that stand in a frame: charts, maps and tables."""
        return (exhibit for _, exhibit in sorted(self.exhibits.items()) if exhibit["kind"] in FRAMED)

    def picture_key(self, id: str) -> str:
        """Name of the picture of a chart or map."""
        if id not in self._keys:
            self._keys[id] = pictures.key(self.figures[id], self.exhibits[id]["title"], self._shapes)
        return self._keys[id]

    def has_picture(self, id: str) -> bool:
        """Whether the site will have a picture of this chart or map, which is drawn while pages are written."""
        return self.is_drawn and id in self.figures

    def sources(self, rows: Mapping[str, Iterable[str]]) -> list[Row]:
        """The sources of these rows (ids by table) that the edition may know, by publisher and date."""
        wanted = {id for table, ids in rows.items() for row in ids for id in split(self.record.row(table, row).get("source_ids", ""))}
        return by_publisher(self.record.named("sources", wanted, self.as_of))

    def cites(self, exhibit: dict[str, Any]) -> set[str]:
        """The ids of the numbers that an exhibit's words cite, and those of the verdicts among its rows, which are shown with it."""
        verdicts = self.record.named(VERDICTS_TABLE, exhibit["rows"].get(VERDICTS_TABLE, []), self.as_of) if VERDICTS_TABLE in exhibit["rows"] else []
        return self.numbers.keys() & ({*exhibit.get("cites", [])} | cited.cited_by(verdicts))

    def tables(self, exhibit: dict[str, Any]) -> dict[str, Grid]:
        """The rows an exhibit rests on, by table, with the columns that hold anything."""
        tables = {}
        for name, ids in exhibit["rows"].items():
            rows = self.record.named(name, ids, exhibit["as_of"])
            fields = {
                column: field for column, field in self.record.fields(name).items() if column not in NOT_SHOWN and any(row[column] for row in rows)
            }
            headings = [(column, NUMBER if field["type"] in NUMBERS else TEXT) for column, field in fields.items()]
            tables[name] = Grid(headings, [[(text := self._shown(name, row[column]), text) for column in fields] for row in rows])
        return tables

    def _shown(self, table: str, cell: str) -> str:
        return cited.filled(cell, self.numbers) if table == VERDICTS_TABLE else cell


def printed(exhibit: dict[str, Any]) -> Grid:
    """The table that an exhibit is. Its `sort` has an entry a column: the values it sorts by, None for its text, False for nothing."""
    orders, columns = [], []
    for index, values in enumerate(exhibit["sort"]):
        texts = [row[index] for row in exhibit["cells"]]
        keys = [_key(value) for value in values] if values else texts
        is_number = values and any(isinstance(value, int | float) for value in values)
        orders.append("" if values is False else NUMBER if is_number else TEXT)
        columns.append(zip(texts, keys, strict=True))
    return Grid(list(zip(exhibit["columns"], orders, strict=True)), list(zip(*columns, strict=True)))


def _key(value: float | str | None) -> str:
    return "" if value is None else value if isinstance(value, str) else repr(value)


def by_publisher(sources: Iterable[Row]) -> list[Row]:
    """Sources in the order in which a reader looks them up."""
    return sorted(sources, key=lambda s: (s["publisher"].lower(), s["published_on"], s["id"]))


def render(template: str, **parts: Any) -> Markup:
    """HTML of one of our templates; everything put into it is escaped."""
    return Markup(_templates.get_template(template).render(**parts))  # noqa: S704 the template escapes


def frame(book: Book, exhibit: dict[str, Any], root: str, here: bool = False, first: bool = False, embedded: str = "") -> Markup:
    """The frame of an exhibit, the same in its own page and wherever it is cited.

    `root` leads from the page to the site's root (`../`). `here`: the page is the exhibit's own. `first`: the
    picture is wanted at once. `embedded`: it stands alone in a page of others, "live" or "frozen" (without script).
    """
    id = exhibit["id"]
    # An edition of a past day shows no columns that editors filled later, and has no address of its own to embed or cite.
    latest = book.as_of == LATEST
    parts: dict[str, Any] = {"has_picture": False}
    if figure := book.figures.get(id):
        key = book.picture_key(id)
        parts |= {
            "plotly": plotly_js.file_for(figure),
            "has_picture": book.has_picture(id),
            "picture": lambda width, theme: f"{root}pictures/{pictures.svg_name(key, width, theme)}",
            "png": f"{root}pictures/{key}.png",
            "height": {width: pictures.height(figure, width) for width in pictures.WIDTHS},
            "widths": pictures.WIDTHS,
        }
    return render(
        "frame.html",
        exhibit=exhibit,
        is_figure=figure is not None,
        sources=book.sources(exhibit["rows"]),
        row_count=sum(len(ids) for ids in exhibit["rows"].values()),
        shown=printed(exhibit) if exhibit["kind"] == "table" else None,
        tables=book.tables(exhibit) if exhibit["kind"] in FRAMED and latest and not embedded else {},
        latest=latest,
        root=root,
        page=f"{root}{book.page_of[id]}.html",
        page_name=book.page_of[id],
        sources_page=f"{root}{SOURCES_PAGE}.html",
        here=here,
        first=first,
        embedded=embedded,
        frozen_name=frozen_name(book, exhibit),
        known_on=day(book.record.known_on(exhibit["as_of"])),
        review=_review(book, exhibit) if exhibit["kind"] == "verdict" else "",
        basis=cited.linked(exhibit.get("written", exhibit["basis"]), book.numbers) if exhibit["kind"] == "verdict" else "",
        made_by=book.made_by[id],
        config=book.config,
        **parts,
    )


def frozen_name(book: Book, exhibit: dict[str, Any]) -> str:
    """File name of the embedded page that keeps what the exhibit shows today."""
    what = [exhibit, book.figures.get(exhibit["id"]), book.record.known_on(exhibit["as_of"])]
    return f"{exhibit['id']}-{hashlib.sha256(json.dumps(what, sort_keys=True).encode()).hexdigest()[:12]}.html"


def _review(book: Book, exhibit: dict[str, Any]) -> Markup:
    claim, verdict = book.record.row("claims/claims", exhibit["id"]), book.record.row("claims/verdicts", exhibit["row"]) | {"basis": exhibit["basis"]}
    return script_json(claim_review(book.record, book.config, claim, verdict, book.page_of[exhibit["id"]]))


def card(book: Book, number: dict[str, Any], root: str) -> Markup:
    """What a number opens to: what it is, how it was made, its rows and their sources."""
    return render(
        "card.html",
        number=number,
        rows=[told(book.record, table, id, book.numbers) for table, ids in number["rows"].items() for id in ids[:CARD_ROWS]],
        more=sum(max(0, len(ids) - CARD_ROWS) for ids in number["rows"].values()),
        others=[told(book.record, table, id, book.numbers) for table, ids in number.get("beside", {}).items() for id in ids],
        sources=book.sources(number["rows"]),
        most=CARD_ROWS,
        known_on=day(book.record.known_on(number["as_of"])),
        page=f"{root}{book.page_of[number['id']]}.html#{number['id']}",
    )


def script_json(value: Any) -> Markup:
    """JSON that is safe inside a script element."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    safe = text.translate({ord(sign): f"\\u{ord(sign):04x}" for sign in "<>&\u2028\u2029"})
    return Markup(safe)  # noqa: S704 nothing is left in it that HTML or script would read
