"""Exhibits for those who open a notebook outside the book: HTML, and a text worth reading, beside the types of ours.

JupyterLab, VS Code, nbconvert, GitHub and papermill know nothing of a frame or of the site's own script: here a figure
brings its title, its look, its shapes and the script that draws it. The book needs none of it (see `mime.own`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from pathlib import Path
from textwrap import wrap
from typing import Any, ClassVar

import pandas as pd
import plotly.io as pio

from casebook.data.shapes import SHAPES, SHAPES_ADDRESS
from casebook.drawn import as_labels
from casebook.plotly_js import NO_TOPOLOGY, file_for, path_of
from casebook.style import THEMES
from casebook.table_cells import Sort
from casebook.verdicts import VERDICTS

# Characters to a line of a chart's title and of the line below it.
TITLE, SUBTITLE = 80, 110
# A notebook may be read on a dark ground, and this ink is for a light one.
BY_DAY = {"layout": THEMES["light"]["layout"] | {"paper_bgcolor": "white", "plot_bgcolor": "white"}}
Exhibit = Mapping[str, Any]


class Drawers:
    """The exhibit that brings each file of plotly.js into this notebook: the first that needs it, however often it runs."""

    brought_by: ClassVar[dict[str, str]] = {}


def element(name: str, *children: str, **attributes: str) -> str:
    """An HTML element around text that is HTML already; its attributes are escaped."""
    given = "".join(f' {key.replace("_", "-")}="{escape(value)}"' for key, value in attributes.items())
    return f"<{name}{given}>{''.join(children)}</{name}>"


def html(exhibit: Exhibit, known_on: str, figure: Mapping[str, Any] | None = None) -> str:
    """An exhibit as HTML that stands by itself; `figure` is as `figure` gives it. Every word of the record is escaped."""
    below = _below(exhibit, known_on)
    match exhibit["kind"]:
        case "number":
            value = element("strong", escape(exhibit["text"]))
            return element("p", f"{value} {escape(exhibit['title'])}{escape(_made(exhibit))}", id=exhibit["id"])
        case "sentence":
            return element("p", escape(exhibit["title"]), id=exhibit["id"])
        case "verdict":
            return element("div", *(element("p", escape(line)) for line in _verdict(exhibit)), id=exhibit["id"])
        case "table":
            looks = [{"style": f"text-align: {'right' if _is_of_numbers(sort) else 'left'}"} for sort in exhibit["sort"]]
            head = element("tr", *(element("th", escape(name), **look) for name, look in zip(exhibit["columns"], looks, strict=True)))
            lines = ([element("td", escape(cell), **look) for cell, look in zip(line, looks, strict=True)] for line in exhibit["cells"])
            body = "\n".join(element("tr", *cells) for cells in lines)
            shown = element("table", element("thead", head), "\n", element("tbody", body))
        case _:
            shown = element("div", _drawn(exhibit["id"], figure or {}), role="img", aria_label=exhibit["alt"])
    title = element("p", element("strong", escape(exhibit["title"])), "<br>", escape(below))
    note = element("p", element("small", escape(exhibit["note"]))) if exhibit["note"] else ""
    return element("div", title, shown, note, id=f"exhibit-{exhibit['id']}")


def text(exhibit: Exhibit, known_on: str) -> str:
    """An exhibit as plain text."""
    below = _below(exhibit, known_on)
    match exhibit["kind"]:
        case "number":
            return f"{exhibit['title']}: {exhibit['text']}{_made(exhibit)}"
        case "sentence":
            return str(exhibit["title"])
        case "verdict":
            return "\n".join(_verdict(exhibit))
        case "table":
            lines = pd.DataFrame(exhibit["cells"], columns=exhibit["columns"]).to_string(index=False)
            return "\n".join(part for part in (exhibit["title"], below, lines, exhibit["note"]) if part)
        case _:
            note = "" if exhibit["note"] in exhibit["alt"] else exhibit["note"]
            return "\n".join(part for part in (exhibit["title"], below, exhibit["alt"], note) if part)


def figure(exhibit: Exhibit, bare: Mapping[str, Any], known_on: str, data: Path) -> dict[str, Any]:
    """A figure that is whole by itself: under its title, in our look by day, with the shapes of countries of the record `data`."""
    layout = bare["layout"] | {"template": BY_DAY, "title": _title(exhibit, known_on)}
    traces = list(bare["data"])
    if any(trace.get("geojson") == SHAPES_ADDRESS for trace in traces):
        shapes = json.loads((data / SHAPES).read_text("utf-8"))
        traces = [trace | {"geojson": shapes} if trace.get("geojson") == SHAPES_ADDRESS else trace for trace in traces]
    return {"data": traces, "layout": layout}


def _title(exhibit: Exhibit, known_on: str) -> dict[str, Any]:
    title, below = ("<br>".join(wrap(words, width)) for words, width in ((exhibit["title"], TITLE), (_below(exhibit, known_on), SUBTITLE)))
    place = {"x": 0, "xanchor": "left", "yref": "container", "y": 1, "yanchor": "top", "automargin": True}
    return dict(as_labels({"text": f"{title}<br>{below}"})) | place | {"font": {"size": 14}}


def _drawn(id: str, figure: Mapping[str, Any]) -> str:
    """A figure as HTML, which has its title above, with the script that draws it where this notebook lacks it."""
    file, bare = file_for(figure), {**figure, "layout": {**figure["layout"], "title": {}}}
    script = ""
    if Drawers.brought_by.setdefault(file, id) == id:
        script = f"{NO_TOPOLOGY}{path_of(file).read_text('utf-8')};(window.casebookDrawers ??= {{}})['{file}'] = Plotly;"
    # A later file takes the name of an earlier one, which draws other kinds of charts.
    script += f"window.Plotly = window.casebookDrawers['{file}'];"
    shown = pio.to_html(
        bare, include_plotlyjs=False, full_html=False, validate=False, div_id=f"plot-{id}", default_height="auto", config={"displayModeBar": False}
    )
    return f"{element('script', script)}{shown}"


def _below(exhibit: Exhibit, known_on: str) -> str:
    subtitle = exhibit.get("subtitle", "")
    return f"{subtitle}{'. ' if subtitle else ''}As known on {known_on}."


def _made(exhibit: Exhibit) -> str:
    """How a number was made, and what others say it is."""
    made = f" ({exhibit['formula']})" if exhibit["formula"] else ""
    said = exhibit.get("said")
    return f"{made}; with what others say it is {said[0]} to {said[1]}" if said else made


def _is_of_numbers(sort: Sort) -> bool:
    return sort is False or (isinstance(sort, list) and any(isinstance(key, float) for key in sort))


def _verdict(exhibit: Exhibit) -> list[str]:
    then = exhibit["then"]
    return [
        exhibit["title"],
        f"{VERDICTS[exhibit['verdict']]}. {exhibit['basis']} Confidence: {exhibit['confidence']}.",
        *([f"When this was said, the record bore: {VERDICTS[then['verdict']]}. {then['basis']}"] if then else []),
        f"What would change it: {exhibit['would_change']}",
    ]
