"""Settings, files and links: what may enter a build, and what is refused in a line before anything runs."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from casebook import admit
from casebook.data.record import Record
from casebook.errors import Problem
from casebook.plan import machine_digest
from casebook.project import Project
from casebook.run import remove_orphans
from tests.conftest import ROOT

Spoil = Callable[[Path], object]


def put(name: str, content: str = "x") -> Spoil:
    def spoil(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content, "utf-8")

    return spoil


def link(name: str, to: str) -> Spoil:
    def spoil(root: Path) -> None:
        (root / name).unlink(missing_ok=True)
        (root / name).symlink_to(to)

    return spoil


def setting(*keys: str, value: Any) -> Spoil:
    """Set a value in _config.yml, by the keys that lead to it."""

    def spoil(root: Path) -> None:
        config = yaml.safe_load((root / "_config.yml").read_text("utf-8"))
        at = config
        for key in keys[:-1]:
            at = at.setdefault(key, {})
        at[keys[-1]] = value
        (root / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")

    return spoil


def swap(name: str, old: str, new: str) -> Spoil:
    def spoil(root: Path) -> None:
        text = (root / name).read_text("utf-8")
        assert old in text
        (root / name).write_text(text.replace(old, new, 1), "utf-8")

    return spoil


POISON: dict[str, tuple[Spoil, str]] = {
    "a link in place of a table": (link("data/sources.csv", "/etc/passwd"), "data/sources.csv: it is a link"),
    "a link to a file beside the tables": (link("data/water/x.csv", "/etc/passwd"), "data/water/x.csv: it is a link"),
    "a link to a folder": (link("data/more", "/etc"), "data/more: it is a link"),
    "a link that leads nowhere": (link("data/none.csv", "/nowhere"), "data/none.csv: it is a link"),
    "a link to itself": (link("data/water/loop", "."), "data/water/loop: it is a link"),
    "a link for a chapter": (link("book/water/more.md", "/etc/passwd"), "book/water/more.md: it is a link"),
    "a link for a picture": (link("book/a.png", "/etc/passwd"), "book/a.png: it is a link"),
    "a link for a notebook": (link("notebooks/a.ipynb", "/etc/passwd"), "notebooks/a.ipynb: it is a link"),
    "a pipe": (lambda root: os.mkfifo(root / "data" / "pipe.csv"), "data/pipe.csv: it is neither a file nor a folder"),
    "a page in data": (put("data/x.html", "<script>hit()</script>"), "data/x.html: datapackage.json does not name this file"),
    "a page of another kind": (put("data/water/x.xhtml"), "data/water/x.xhtml: datapackage.json does not name"),
    "a drawing in data": (put("data/x.svg", "<svg onload='hit()'/>"), "data/x.svg: datapackage.json does not name"),
    "a script in data": (put("data/x.js", "hit()"), "data/x.js: datapackage.json does not name"),
    "a script in the book": (put("book/_static/x.js"), "book/_static/x.js: a book holds chapters"),
    "a style sheet in the book": (put("book/_static/x.css"), "book/_static/x.css: a book holds chapters"),
    "a page of reStructuredText": (put("book/x.rst", ".. raw:: html"), "book/x.rst: a book holds chapters"),
    "a template": (put("book/_templates/layout.html"), "book/_templates/layout.html: a book holds chapters"),
    "a drawing that runs": (put("book/favicon.svg", "<svg xmlns='http://www.w3.org/2000/svg'><script>hit()</script></svg>"), "book/favicon.svg: line 1: it holds <script>"),
    "a table outside": (swap("data/datapackage.json", '"water/use.csv"', '"../../secret.csv"'), "data/datapackage.json: "),
    "a table elsewhere": (swap("data/datapackage.json", '"water/use.csv"', '"/etc/passwd.csv"'), "data/datapackage.json: "),
    "a table of another host": (swap("data/datapackage.json", '"water/use.csv"', '"https://evil.example/x.csv"'), "data/datapackage.json: "),
    "a page as a table": (swap("data/datapackage.json", '"water/use.csv"', '"water/use.html"'), "data/datapackage.json: "),
    "templates in the changelog": (put("data/CHANGES.md", "# C\n\n## 2026.01.31\n\n```{eval-rst}\nx\n```\n"), "data/CHANGES.md:5: the directive {eval-rst}"),
    "HTML in the changelog": (put("data/CHANGES.md", "# C\n\n## 2026.01.31\n\nNew:\n\n- <em lang=\"fr\">x</em>\n"), "data/CHANGES.md:7: raw HTML"),
    "a fence across two versions": (put("data/CHANGES.md", "## 2026.01.31\n\n```text\n\n## 2026.01.30\n\n<script>\n\n```\n"), "data/CHANGES.md:7: raw HTML"),
    "a file in a chapter": (swap("book/index.md", "\n", "\n\n```{include} /etc/passwd\n```\n"), "book/index.md:3: the directive {include}"),
    **{f"_config.yml: {'.'.join(keys)}": (setting(*keys, value=value), "_config.yml: ") for keys, value in (
        (("execute", "execute_notebooks"), "force"),
        (("parse", "myst_enable_extensions"), ["substitution"]),
        (("parse", "myst_substitutions"), {"x": "{{ cycler }}"}),
        (("html", "announcement"), "<script>hit()</script>"),
        (("html", "extra_footer"), "<script>hit()</script>"),
        (("html", "extra_navbar"), "<img src=x>"),
        (("html", "google_analytics_id"), "UA-1"),
        (("html", "analytics"), {"plausible_analytics_domain": "evil.example"}),
        (("html", "comments"), {"utterances": {"repo": "evil/x"}}),
        (("html", "favicon"), "../../secret.png"),
        (("html", "baseurl"), "https://x\"><script>hit()</script>/"),
        (("launch_buttons", "binderhub_url"), "https://evil.example"),
        (("sphinx", "local_extensions"), {"evil": "book"}),
        (("sphinx", "extra_extensions"), ["sphinx.ext.graphviz"]),
        (("sphinx", "config", "extensions"), ["casebook.cite", "sphinx.ext.mathjax"]),
        (("sphinx", "config", "extensions"), ["myst_nb"]),
        (("sphinx", "config", "myst_enable_extensions"), ["substitution"]),
        (("sphinx", "config", "myst_enable_extensions"), ["attrs_block"]),
        (("sphinx", "config", "myst_url_schemes"), ["javascript"]),
        (("sphinx", "config", "myst_fence_as_directive"), ["raw"]),
        (("sphinx", "config", "nb_execution_mode"), "force"),
        (("sphinx", "config", "nb_custom_formats"), {".md": "os.system"}),
        (("sphinx", "config", "html_extra_path"), ["/etc"]),
        (("sphinx", "config", "html_static_path"), ["/etc"]),
        (("sphinx", "config", "html_js_files"), ["https://evil.example/x.js"]),
        (("sphinx", "config", "templates_path"), ["book"]),
        (("sphinx", "config", "rst_prolog"), ".. raw:: html"),
        (("sphinx", "config", "html_title"), "<script>hit()</script>"),
        (("sphinx", "config", "html_theme_options", "announcement"), "<script>hit()</script>"),
        (("sphinx", "config", "html_theme_options", "icon_links"), [{"url": "javascript:hit()"}]),
        (("sphinx", "config", "html_context"), {"display_github": True}),
        (("title",), "<img src=x onerror=hit()>"),
        (("repository", "url"), "javascript:hit()"),
        (("bibtex_bibfiles",), ["/etc/passwd"]),
    )},
}  # fmt: skip


@pytest.mark.parametrize("poison", POISON)
def test_what_may_not_enter_is_refused_in_a_line(starter: Project, poison: str) -> None:
    spoil, said = POISON[poison]
    spoil(starter.root)
    with pytest.raises(Problem) as refused:
        admit.check(Project(starter.root))
    assert len(refused.value.findings) == 1 and said in str(refused.value), refused.value
    assert str(starter.root) not in str(refused.value) and "\n" not in str(refused.value)


@pytest.mark.parametrize("root", [ROOT, None], ids=["ours", "the example story"])
def test_our_own_may_enter(starter: Project, root: Path | None) -> None:
    admit.check(Project(root) if root else starter)


def test_shapes_of_a_storys_own_may_enter_and_make_pages_stale_when_they_change(starter: Project) -> None:
    shapes = starter.data / "geo" / "districts.geojson"
    shapes.parent.mkdir()
    digests = set()
    for features in ("", "{}"):
        shapes.write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}', "utf-8")
        admit.check(starter)
        digests.add(machine_digest(starter, Record(starter.data)))
    assert len(digests) == 2


def test_only_the_record_is_published(starter: Project) -> None:
    put("data/.hidden.html")(starter.root)
    put("data/README.md")(starter.root)
    admit.check(starter)
    assert admit.published(Record(starter.data)) == [
        "CHANGES.md", "claims/claims.csv", "claims/rules.csv", "claims/verdicts.csv", "datapackage.json", "sources.csv", "water/use.csv",
    ]  # fmt: skip


def test_a_notebook_that_was_not_made_here_is_no_page(starter: Project) -> None:
    put("book/water/evil.ipynb", '{"cells": [], "metadata": {"mystnb": {"execution_mode": "force"}}, "nbformat": 4, "nbformat_minor": 5}')(
        starter.root
    )
    with pytest.raises(Problem, match=r"book/water/evil\.ipynb: it was not made by this machine"):
        remove_orphans([], starter.book)


def test_no_made_page_is_kept_in_the_repository() -> None:
    done = subprocess.run(["git", "ls-files", "book/*.ipynb", "book/**/*.ipynb"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout == ""
