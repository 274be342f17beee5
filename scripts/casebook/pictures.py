"""Static pictures of figures, drawn once by content: plotly.js in one page of the machine's Chromium, kept loaded for all of them.

A picture is named by the key of what it shows, so a figure that did not change is never drawn again.
Each has two widths, for a desk and a phone, in the inks of both themes, and one PNG with its title to share.
"""

from __future__ import annotations

import hashlib
import json
import re
from base64 import b64decode
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

from tqdm import tqdm

from casebook import browser
from casebook.data.shapes import SHAPES, SHAPES_ADDRESS
from casebook.errors import Problem
from casebook.files import load_checked, replace, save_checked
from casebook.plotly_js import NO_TOPOLOGY
from casebook.project import Project
from casebook.style import THEMES

if TYPE_CHECKING:
    from playwright.sync_api import Page

# CSS pixels: the column of a page at a desk, and a phone's.
WIDTHS = {"wide": 720, "narrow": 360}
DEFAULT_HEIGHT = 420
NARROW_MAP_HEIGHT = 260
SECONDS = 60
TO_IMAGE = "given => Plotly.toImage(...JSON.parse(given))"
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
    known = load_checked(folder(project) / f"{key}.json")
    return bool(known) and known == _digests(project, key)


def _digests(project: Project, key: str) -> dict[str, str]:
    files = (folder(project) / name for name in names(key))
    return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()}


def draw(project: Project, figures: Mapping[str, tuple[Figure, str]]) -> None:
    """Draw what is not yet drawn of `figures` (figure and title, by key), where there is a browser.

    Raises Problem naming the title of a figure that could not be drawn within a minute.
    """
    missing = {key: about for key, about in figures.items() if not is_drawn(project, key)}
    if not missing or not browser.find():
        return
    # Here, because a build with nothing to draw needs no Playwright.
    from playwright.sync_api import Error, sync_playwright

    shapes = json.loads((project.data / SHAPES).read_text("utf-8")) if (project.data / SHAPES).is_file() else None
    folder(project).mkdir(parents=True, exist_ok=True)
    findings = []
    with sync_playwright() as playwright, browser.launch(playwright) as chromium:
        page = chromium.new_page()
        page.add_script_tag(content=NO_TOPOLOGY)
        page.add_script_tag(path=str(files("plotly") / "package_data" / "plotly.min.js"))
        # disable=None: no bar where the output is not a terminal.
        for key, (figure, title) in tqdm(missing.items(), desc="pictures", unit="picture", disable=None):
            try:
                _draw_figure(page, folder(project), key, _drawable(figure, shapes), title)
            except Error as error:
                why = error.message.splitlines()[0]
                findings.append(f"picture of '{title}': the browser could not draw it ({why}); look at the figure, or build again.")
            else:
                save_checked(folder(project) / f"{key}.json", _digests(project, key))
    if findings:
        raise Problem(*sorted(findings))


def _image(page: Page, figure: Figure, **options: Any) -> str:
    """The image of a figure as plotly.js makes it: an SVG's text, or a PNG's bytes in base64. Raises playwright's Error."""
    # Waited for as a condition, because an evaluation has no time limit.
    given = json.dumps([figure, {**options, "imageDataOnly": True}])
    made = page.wait_for_function(TO_IMAGE, arg=given, timeout=SECONDS * 1000)
    return str(made.json_value())


def _draw_figure(page: Page, to: Path, key: str, figure: dict[str, Any], title: str) -> None:
    for name, width in WIDTHS.items():
        drawn = _image(page, _themed(figure, "light"), format="svg", width=width, height=height(figure, name))
        light = normalised_svg(drawn, key)
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
    png = _image(page, shared, format="png", width=WIDTHS["wide"], height=high + top, scale=2)
    replace(to / f"{key}.png", b64decode(png))


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


def normalised_svg(svg: str, key: str) -> str:
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
