"""One sidebar a section: pages side by side share theirs, so that a section of many pages does not cost their square.

The theme resolves the whole tree of contents anew for every page. Between two pages of one section, in one
folder and with no pages below them, only the mark of the current page differs.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from posixpath import basename, dirname
from typing import Any

from docutils import nodes
from pydata_sphinx_theme.toctree import add_toctree_functions
from sphinx import addnodes
from sphinx.application import Sphinx

CURRENT = re.compile(r'<li class="(toctree-l\d+) current active"><a class="current reference internal" href="#">')
OTHER = '<li class="{}"><a class="reference internal" href="{}">'


def share(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Put a shared sidebar in the place of the theme's own, for a page that has neighbours."""
    section = section_of(app).get(page)
    if not section or "generate_toctree_html" not in context:
        return
    shared: dict[Any, str] = app.casebook_sidebars
    make: Callable[..., Any] = context["generate_toctree_html"]

    def sidebar(**wanted: Any) -> Any:
        key = (section, dirname(page), *sorted(wanted.items()))
        if key not in shared:
            shared[key] = unmarked(str(make(**wanted)), f"{basename(page)}.html")
        return marked(shared[key], f"{basename(page)}.html") or make(**wanted)

    context["generate_toctree_html"] = sidebar


def section_of(app: Sphinx) -> dict[str, tuple[str, int]]:
    """The list of contents, as page and number of the list on it, that names each page which names none itself."""
    if app.casebook_sections is None:
        lists: dict[str, list[tuple[str, int]]] = {}
        for parent in app.env.toctree_includes:
            for number, toctree in enumerate(app.env.get_doctree(parent).findall(addnodes.toctree)):
                for _, page in toctree["entries"]:
                    lists.setdefault(page, []).append((parent, number))
        app.casebook_sections = {page: found[0] for page, found in lists.items() if len(found) == 1 and not app.env.toctree_includes.get(page)}
    return app.casebook_sections


def unmarked(html: str, own: str) -> str:
    """A page's sidebar without the mark of that page, which links to `own`; empty where there is not just one mark."""
    bare, marks = CURRENT.subn(lambda mark: OTHER.format(mark[1], own), html)
    return bare if marks == 1 else ""


def marked(html: str, own: str) -> str:
    """A sidebar with the mark on the page that links to `own`; empty where there is not just one such link."""
    link = re.compile(OTHER.format(r"(toctree-l\d+)", re.escape(own)))
    page, links = link.subn(r'<li class="\1 current active"><a class="current reference internal" href="#">', html)
    return page if links == 1 else ""


def stand_in(app: Sphinx) -> None:
    """Share sidebars right after the theme puts its own into the context: another of its listeners renders them there and then."""
    app.casebook_sidebars, app.casebook_sections = {}, None
    listeners = app.events.listeners["html-page-context"]
    for index, listener in enumerate(listeners):
        if listener.handler is add_toctree_functions:

            def both(*told: Any) -> None:
                add_toctree_functions(*told)
                share(*told)

            listeners[index] = listener._replace(handler=both)
