"""The MIME types by which a page publishes: its own, which make the book, and those that every other reader of notebooks knows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

# What it read, its exhibits, the figures of charts and maps, its text.
READ_MIME = "application/vnd.casebook.read+json"
EXHIBIT_MIME = "application/vnd.casebook.exhibit+json"
FIGURE_MIME = "application/vnd.casebook.figure+json"
TEXT_MIME = "application/vnd.casebook.text+json"
OWN = {READ_MIME, EXHIBIT_MIME, FIGURE_MIME, TEXT_MIME}
# A figure as JupyterLab and VS Code draw it.
PLOTLY_MIME = "application/vnd.plotly.v1+json"


def own(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """What the book needs of a bundle: our types where there are any, for what stands beside them says the same again."""
    return {mime: content for mime, content in bundle.items() if mime in OWN or not OWN & bundle.keys()}


def bundles(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """MIME bundles of all outputs of a made page (a notebook as JSON or as nbformat has it), in their order."""
    for cell in made["cells"]:
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def contents(made: Mapping[str, Any], mime: str) -> list[dict[str, Any]]:
    """Contents of every output of a made page that has this MIME type, in their order."""
    return [bundle[mime] for bundle in bundles(made) if mime in bundle]
