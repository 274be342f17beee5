"""Country shapes, once a site: figures name them by address."""

from __future__ import annotations

from pathlib import Path

SHAPES = Path("geo") / "countries.geojson"
# What a figure carries in place of the shapes; the page's script puts the site's own copy there.
SHAPES_ADDRESS = "casebook:countries"
