"""The MIME types by which a page publishes: what it read, its exhibits, and the figures of charts and maps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

READ_MIME = "application/vnd.casebook.read+json"
EXHIBIT_MIME = "application/vnd.casebook.exhibit+json"
PLOTLY_MIME = "application/vnd.plotly.v1+json"


def bundles(made: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """MIME bundles of all outputs of a made page (a notebook as JSON or as nbformat has it), in their order."""
    for cell in made["cells"]:
        for output in cell.get("outputs", []):
            yield output.get("data", {})


def contents(made: Mapping[str, Any], mime: str) -> list[dict[str, Any]]:
    """Contents of every output of a made page that has this MIME type, in their order."""
    return [bundle[mime] for bundle in bundles(made) if mime in bundle]
