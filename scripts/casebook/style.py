"""House style: one look for every chart, told to Python and to the page's script by the same values."""

from __future__ import annotations

from typing import Any

# Okabe and Ito's palette (Color Universal Design, 2008), shifted to keep a contrast of 3:1 on both grounds.
BLUE, ORANGE, GREEN, RED, PURPLE, GREY = "#3182bd", "#d9820f", "#149b76", "#d1495b", "#a5609c", "#7f8790"
COLOURS = [BLUE, ORANGE, GREEN, RED, PURPLE, GREY]


class Names(dict[str, str]):
    """Names of statuses; one that a story adds is called as it is written."""

    def __missing__(self, status: str) -> str:
        return status.replace("-", " ")


# How firmly a figure is known, drawn the same everywhere: filled for filings, hollow for what is not.
SYMBOL_OF_STATUS = {
    "audited": "circle",
    "reported-official": "circle",
    "reported-press": "diamond",
    "announced": "square-open",
    "estimate": "circle-open",
    "rumoured": "x-thin-open",
}
NAME_OF_STATUS = Names(
    {
        "audited": "audited",
        "reported-official": "official",
        "reported-press": "press report",
        "announced": "announced",
        "estimate": "estimate",
        "rumoured": "rumoured",
    }
)
# Statuses that a story adds take these, in alphabetical order.
SPARE_SYMBOLS = ["triangle-up", "star", "hexagon", "triangle-up-open", "star-open", "hexagon-open"]

FONT = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"


def layout(ink: str, grid: str) -> dict[str, Any]:
    """Plotly layout shared by all charts, for one theme's text and grid colours."""
    axis = {
        "gridcolor": grid,
        "linecolor": grid,
        "zerolinecolor": grid,
        "automargin": True,
        "tickfont": {"color": ink},
        "title": {"font": {"color": ink, "size": 13}},
    }
    return {
        "font": {"family": FONT, "size": 13, "color": ink},
        "colorway": COLOURS,
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "margin": {"l": 8, "r": 12, "t": 8, "b": 8},
        "xaxis": axis,
        "yaxis": axis,
        "legend": {"orientation": "h", "x": 0, "xanchor": "left", "y": 1.02, "yanchor": "bottom", "title": {"text": ""}},
        "hoverlabel": {"font": {"family": FONT, "size": 13}, "align": "left"},
        "geo": {
            "projection": {"type": "equal earth"},
            "bgcolor": "rgba(0,0,0,0)",
            "showframe": False,
            "showcoastlines": False,
            "showland": False,
            "showocean": False,
            "showlakes": False,
            "showcountries": False,
        },
        "dragmode": False,
    }


THEMES = {
    "light": {"layout": layout(ink="#2b2f36", grid="#dfe3e8")},
    "dark": {"layout": layout(ink="#d6dae0", grid="#3a4048")},
}
