"""plotly.js for the reader's browser: the file of the plotly package, and two a quarter as heavy that draw most charts.

Of 1.47 MB compressed, a line chart needs 0.40 MB: on a slow phone 1.5 s instead of 6.2 s until a chart answers.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casebook.style import THEMES

# Plotly's own smaller builds, which its Python package lacks; scripts/bring-plotly brings those of the locked version.
SMALLER = Path(__file__).parent / "assets" / "plotly"
WHOLE = "plotly.min.js"
# The traces that each of them draws.
DRAWN_BY = {"plotly-basic.min.js": {"scatter", "bar", "pie"}, "plotly-geo.min.js": {"choropleth", "scattergeo"}}

# Keeps plotly from asking its own host for a topology: our maps bring their shapes.
NO_TOPOLOGY = 'window.PlotlyGeoAssets = {topojson: {world_110m: {type: "Topology", objects: {}, arcs: []}}};'


def file_for(figure: Mapping[str, Any]) -> str:
    """Name of the lightest file that can draw a figure."""
    traces = {trace["type"] for trace in figure["data"]}
    return next((name for name, drawn in DRAWN_BY.items() if traces <= drawn), WHOLE)


def path_of(name: str) -> Path:
    """Where a file of plotly.js lies: the whole in the plotly package, the smaller ones here."""
    import plotly

    return (Path(plotly.__file__).parent / "package_data" if name == WHOLE else SMALLER) / name


def write(static: Path) -> None:
    """Put plotly.js into a site's `static` folder, with a script that tells our own its themes."""
    for name in (WHOLE, *DRAWN_BY):
        shutil.copyfile(path_of(name), static / name)
    (static / "casebook-themes.js").write_text(f"window.casebookThemes = {json.dumps(THEMES, sort_keys=True)};\n", "utf-8")
