"""The theme's icon font, less the thousand icons that no page shows: 1 kB where a first visit would fetch 156."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from fontTools import subset

# A rule that shows an icon: its selectors, and the icon's place in the font.
RULE = re.compile(r'([^{}]*)\{[^{}]*content:\s*"\\(f[0-9a-f]{3})"')
NAME = re.compile(r"\.fa-([a-z0-9-]+):{1,2}before")
SHOWN = re.compile(r"\bfa-([a-z0-9-]+)")


def slim(font: Path, pages: Iterable[str], styles: Iterable[str]) -> None:
    """Rewrite a WOFF2 font with just the icons that `pages` (HTML) show, or that `styles` (CSS) put in by themselves."""
    shown = {name for page in pages for name in SHOWN.findall(page)}
    codes = set()
    for style in styles:
        for selectors, code in RULE.findall(style):
            names = set(NAME.findall(selectors))
            if not names or names & shown:
                codes.add(int(code, 16))
    options = subset.Options(flavor="woff2", recalc_timestamp=False, layout_features=[])
    loaded = subset.load_font(str(font), options)
    picker = subset.Subsetter(options)
    picker.populate(unicodes=sorted(codes))
    picker.subset(loaded)
    subset.save_font(loaded, str(font), options)
