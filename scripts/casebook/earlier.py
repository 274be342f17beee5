"""Earlier editions: when the record's version changes, the site as it stood stays readable at `editions/<version>/`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

from markupsafe import Markup

from casebook import csp, manifest
from casebook.frame import ASSETS, render
from casebook.takeaway import KEPT

FOLDER = "editions"
# What the site keeps for good: an earlier edition shows the site's own.
SHARED = (*KEPT, FOLDER)
TO_SHARED = re.compile(rf'(?<==")((?:\.\./)*)({"|".join(SHARED)})/')
# The place where the theme has its announcements.
HEADER = '<header id="pst-header"'


def keep(old: Path, site: Path, config: dict[str, Any]) -> None:
    """Carry the earlier editions of the standing site `old` on into the staged `site`, and add `old` itself where its version is another.

    `editions/index.html` lists them. Expects the staged pages and manifest to be there.
    """
    if (old / FOLDER).is_dir():
        shutil.copytree(old / FOLDER, site / FOLDER)
    was, now = _version(old), _version(site)
    if was and was != now:
        _add(old, site, was)
    editions = sorted((folder.name for folder in (site / FOLDER).glob("*/")), reverse=True)
    (site / FOLDER).mkdir(exist_ok=True)
    style = Markup((ASSETS / "embed.css").read_text("utf-8"))  # noqa: S704 our own style sheet
    page = render("editions.html", editions=editions, version=now, config=config, style=style, policy=csp.RULES.format(scripts="'none'"))
    (site / FOLDER / "index.html").write_text(page, "utf-8")


def _version(site: Path) -> str:
    """Version of the record that a site shows, empty where it does not say."""
    try:
        return str(json.loads((site / manifest.FILE).read_text("utf-8"))["record"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _add(old: Path, site: Path, version: str) -> None:
    to = site / FOLDER / version
    shutil.rmtree(to, ignore_errors=True)
    own = {*SHARED, "404.html"}
    shutil.copytree(old, to, ignore=lambda folder, names: own & set(names) if Path(folder) == old else set())
    for file in to.rglob("*.html"):
        name = file.relative_to(to).as_posix()
        present = name if (site / name).is_file() else "index.html"
        up = "../" * (name.count("/") + 2)
        text = TO_SHARED.sub(r"\1../../\2/", file.read_text("utf-8"))
        notice = str(render("earlier.html", version=version, present=f"{up}{present}"))
        file.write_text(text.replace(HEADER, notice + HEADER, 1), "utf-8")
