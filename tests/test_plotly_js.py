"""plotly.js for the reader: the lightest file that draws a chart, always of the version that drew its picture."""

import re
from pathlib import Path

import pytest

from casebook import plotly_js


@pytest.mark.parametrize(
    ("traces", "file"),
    [(["scatter", "bar"], "plotly-basic.min.js"), (["choropleth"], "plotly-geo.min.js"), (["choropleth", "bar"], "plotly.min.js")],
)
def test_a_figure_is_drawn_by_the_lightest_file_that_can(traces: list[str], file: str) -> None:
    assert plotly_js.file_for({"data": [{"type": trace} for trace in traces]}) == file


def test_every_file_is_of_the_plotly_that_is_locked(tmp_path: Path) -> None:
    plotly_js.write(tmp_path)
    versions = {
        file.name: re.findall(r"plotly\.js (?:\(\w+ - minified\) )?v([0-9.]+)\n", file.read_text("utf-8")[:200])
        for file in tmp_path.glob("plotly*.js")
    }
    locked = versions["plotly.min.js"]
    assert versions == dict.fromkeys([*plotly_js.DRAWN_BY, plotly_js.WHOLE], locked) and len(locked) == 1, "plotly moved: run scripts/bring-plotly"
