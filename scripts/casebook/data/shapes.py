"""Shapes for maps, under `data/geo`: those of countries, once a site, which figures name by address, and a story's own."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path("geo")
SHAPES = FOLDER / "countries.geojson"
# What a figure carries in place of the shapes; the page's script puts the site's own copy there.
SHAPES_ADDRESS = "casebook:countries"


def shape_files(data: Path) -> list[Path]:
    """All files of shapes that notebooks may read beside the tables."""
    return sorted((data / FOLDER).glob("*.geojson"))
