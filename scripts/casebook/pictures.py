"""Static pictures of figures, drawn once by content: kaleido with one browser for all of them.

A picture is named by the key of what it shows, so a figure that did not change is never drawn again.
Each has two widths, for a desk and a phone, in the inks of both themes, and one PNG with its title to share.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.etree import ElementTree

from tqdm import tqdm

from casebook import browser
from casebook.data.shapes import SHAPES, SHAPES_ADDRESS
from casebook.errors import Problem
from casebook.files import load_sealed, replace, save_sealed
from casebook.plotly_js import NO_TOPOLOGY
from casebook.project import Project
from casebook.style import THEMES

# CSS pixels: the column of a page at a desk, and a phone's.
WIDTHS = {"wide": 720, "narrow": 360}
DEFAULT_HEIGHT = 420
NARROW_MAP_HEIGHT = 260
SECONDS = 60
CLOSING_SECONDS = 10
TABS = 2
# Raise when the drawing below changes what comes out.
DRAWING = 2

Figure = Mapping[str, Any]


def key(figure: Figure, title: str, shapes: str = "") -> str:
    """Name of the picture of `figure`: 16 hex digits over all that its look depends on. `shapes`: digest of those of countries."""
    what = json.dumps([DRAWING, version("plotly"), THEMES, WIDTHS, title, figure], sort_keys=True)
    return hashlib.sha256((what + (shapes if SHAPES_ADDRESS in what else "")).encode()).hexdigest()[:16]


def height(figure: Figure, width: str) -> int:
    """CSS pixels that a figure is high at a width (wide, narrow): a map takes no more height than its width can fill."""
    if width == "narrow" and any(trace["type"] == "choropleth" for trace in figure["data"]):
        return NARROW_MAP_HEIGHT
    return int(figure["layout"].get("height", DEFAULT_HEIGHT))


def svg_name(key: str, width: str, theme: str) -> str:
    """File name of a picture at a width (wide, narrow) in a theme (light, dark)."""
    return f"{key}-{width}-{theme}.svg"


def folder(project: Project) -> Path:
    """Where pictures are kept from build to build."""
    return project.work / "pictures"


def names(key: str) -> list[str]:
    """All files of one picture."""
    return [svg_name(key, width, theme) for width in WIDTHS for theme in THEMES] + [f"{key}.png"]


def is_drawn(project: Project, key: str) -> bool:
    """Whether all files of a picture are there, and are what was drawn."""
    known = load_sealed(folder(project) / f"{key}.json")
    return bool(known) and known == _digests(project, key)


def _digests(project: Project, key: str) -> dict[str, str]:
    files = (folder(project) / name for name in names(key))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def draw(project: Project, figures: Mapping[str, tuple[Figure, str]]) -> None:
    """Draw what is not yet drawn of `figures` (figure and title, by key), where there is a browser.

    Raises Problem naming the title of a figure that could not be drawn within a minute.
    """
    missing = {key: about for key, about in figures.items() if not is_drawn(project, key)}
    if not missing or not (path := browser.find()):
        return
    folder(project).mkdir(parents=True, exist_ok=True)
    if findings := asyncio.run(_draw(project, missing, path)):
        raise Problem(*sorted(findings))


async def _draw(project: Project, figures: Mapping[str, tuple[Figure, str]], path: str) -> list[str]:
    import kaleido

    class Tabs(kaleido.Kaleido):
        async def _return_kaleido_tab(self, tab: Any) -> None:
            # Kaleido loads plotly.js (5 MB) anew after each drawing, which takes three times as long as to draw.
            await self.tabs_ready.put(tab)

        async def close(self) -> None:
            # A browser that ends before it has answered would be waited for without end.
            with suppress(TimeoutError):
                await asyncio.wait_for(super().close(), CLOSING_SECONDS)

    shapes = json.loads((project.data / SHAPES).read_text("utf-8")) if (project.data / SHAPES).is_file() else None
    findings = []
    with TemporaryDirectory(prefix="casebook-") as scratch:
        assets = Path(scratch) / "assets.js"
        assets.write_text(NO_TOPOLOGY, "utf-8")
        page = kaleido.PageGenerator(mathjax=False, others=[assets.as_uri()])
        async with Tabs(n=min(TABS, len(figures)), timeout=SECONDS, page_generator=page, path=path) as tabs:

            async def draw_one(key: str) -> str | None:
                figure, title = figures[key]
                try:
                    await _draw_figure(tabs, folder(project), key, _drawable(figure, shapes), title)
                    save_sealed(folder(project) / f"{key}.json", _digests(project, key))
                except Exception as error:
                    return (
                        f"picture of '{title}': the browser could not draw it ({type(error).__name__}: {error}); look at the figure, or build again."
                    )
                return None

            # disable=None: no bar where the output is not a terminal.
            with tqdm(total=len(figures), desc="pictures", unit="picture", disable=None) as bar:
                for done in asyncio.as_completed([draw_one(key) for key in figures]):
                    findings.append(await done)
                    bar.update()
    return [finding for finding in findings if finding]


async def _draw_figure(tabs: Any, to: Path, key: str, figure: dict[str, Any], title: str) -> None:
    for name, width in WIDTHS.items():
        drawn = await tabs.calc_fig(_themed(figure, "light"), {"format": "svg", "width": width, "height": height(figure, name)})
        light = settled(drawn.decode("utf-8"), key)
        replace(to / svg_name(key, name, "light"), light.encode())
        replace(to / svg_name(key, name, "dark"), in_dark(light).encode())
    shared, high = _themed(figure, "light"), height(figure, "wide")
    lines = _wrapped(title, 74)
    top = 24 + 22 * len(lines)
    heading = {
        "text": "<br>".join(f"<b>{line}</b>" for line in lines),
        "x": 0.02,
        "xanchor": "left",
        "y": 1 - 12 / (high + top),
        "yanchor": "top",
        "font": {"size": 16},
    }
    shared["layout"] |= {"title": heading, "paper_bgcolor": "white", "margin": {"l": 16, "r": 20, "b": 16, "t": top}}
    if shared["layout"].get("showlegend") is not False:
        shared["layout"]["margin"]["t"] = top + 24
    png = await tabs.calc_fig(shared, {"format": "png", "width": WIDTHS["wide"], "height": high + top, "scale": 2})
    replace(to / f"{key}.png", png)


def _drawable(figure: Figure, shapes: Any) -> dict[str, Any]:
    """The figure with the shapes themselves, and with ids that plotly would otherwise draw by lot."""
    traces = [trace | {"uid": f"trace{index}"} for index, trace in enumerate(figure["data"])]
    return {
        "data": [trace | {"geojson": shapes} if trace.get("geojson") == SHAPES_ADDRESS else trace for trace in traces],
        "layout": figure["layout"],
    }


def _themed(figure: Figure, theme: str) -> dict[str, Any]:
    return {"data": figure["data"], "layout": {**figure["layout"], "template": THEMES[theme]}}


def _wrapped(text: str, columns: int) -> Sequence[str]:
    from textwrap import wrap

    return wrap(text.replace("<", "&lt;"), columns)


def settled(svg: str, key: str) -> str:
    """The same drawing as the same bytes: attributes in order, plotly's random id the key, coordinates without what no eye sees."""
    svg = ElementTree.canonicalize(svg)
    if found := re.search(r'id="defs-(\w+)"', svg):
        svg = re.sub(rf"(?<=[a-z-]){found[1]}", key[:6], svg)
    return re.sub(r' (?:d|transform)="[^"]*"', lambda attribute: re.sub(r"\d+\.\d{2,}", lambda n: f"{float(n[0]):.1f}", attribute[0]), svg)


def in_dark(svg: str) -> str:
    """A light drawing in the inks of the dark theme."""
    for part in (("font", "color"), ("xaxis", "gridcolor")):
        light, dark = (_rgb(THEMES[theme]["layout"][part[0]][part[1]]) for theme in ("light", "dark"))
        svg = svg.replace(light, dark)
    return svg


def _rgb(colour: str) -> str:
    return "rgb({}, {}, {})".format(*(int(colour[i : i + 2], 16) for i in (1, 3, 5)))
