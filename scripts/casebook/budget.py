"""How heavy the pages are, and how heavy they may be: bytes as a server sends them, compressed by gzip."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlsplit

from casebook.parse import Page

KB = 1000
LANDING = "index.html"
LANDING_LIMIT, PAGE_LIMIT, SHAPES_LIMIT = 350 * KB, 250 * KB, 150 * KB
SHAPES = "_static/countries.geojson"
# As servers compress.
LEVEL = 6
COMPRESSED = {".woff2", ".png", ".zip"}


@dataclass(frozen=True)
class Weight:
    """A page: bytes of its HTML, and of all that is fetched before the reader does anything."""

    page: str
    html: int
    opened: int


@cache
def size(file: Path) -> int:
    """Bytes of a file as it is sent."""
    return file.stat().st_size if file.suffix in COMPRESSED else len(gzip.compress(file.read_bytes(), LEVEL, mtime=0))


def weigh(site: Path, pages: dict[str, Page]) -> list[Weight]:
    """Every page of the book, the heaviest to open first."""
    size.cache_clear()
    # The icons' font is named by a style sheet, and every page shows icons.
    fonts = sum(size(font) for font in (site / "_static").rglob("*.woff2"))
    weights = []
    for name, page in pages.items():
        folder = (site / name).parent
        files = {(folder / unquote(urlsplit(address).path)).resolve() for address in page.opened if not urlsplit(address).netloc}
        html = size(site / name)
        weights.append(Weight(name, html, html + fonts + sum(size(file) for file in files if file.is_file())))
    return sorted(weights, key=lambda weight: (-weight.opened, weight.page))


def over(site: Path, weights: list[Weight], pages: dict[str, Page]) -> Iterator[str]:
    """A finding for each page or file that is heavier than it may be."""
    for weight in weights:
        if weight.html > PAGE_LIMIT:
            yield f"{weight.page}: {weight.html // KB} kB of HTML compressed, over {PAGE_LIMIT // KB} kB; show less of it, or split the page."
        if weight.page == LANDING and weight.opened > LANDING_LIMIT:
            yield f"{weight.page}: {weight.opened // KB} kB to open, over {LANDING_LIMIT // KB} kB."
    for address in pages[LANDING].opened if LANDING in pages else []:
        if "plotly" in address:
            yield f"{LANDING}: it loads {address} before the reader reaches for a chart."
    if (site / SHAPES).is_file() and size(site / SHAPES) > SHAPES_LIMIT:
        yield f"{SHAPES}: {size(site / SHAPES) // KB} kB compressed, over {SHAPES_LIMIT // KB} kB; simplify the shapes."
