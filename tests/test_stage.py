"""What is done to a built page: what no page needs goes, what readers need comes, and what is broken is refused."""

from __future__ import annotations

import pytest
from lxml import html

from casebook.errors import Problem
from casebook.stage import finished

HEAD = """<meta charset="utf-8">
<link rel="preload" as="script" href="_static/vendor/fontawesome/js/fontawesome.js?digest=1">
<link rel="stylesheet" href="_static/mystnb.0a1b.css?v=0a1b"><link rel="stylesheet" href="_static/theme.css?v=1">
<script src="_static/searchtools.js?v=1"></script><script src="_static/language_data.js"></script><script src="_static/doctools.js"></script>"""
BODY = """<details><summary><span class="toctree-toggle"></span></summary></details>
<main><form><input type="search"></form><script>focus()</script></main>"""


def page(name: str = "ai/index.html", body: str = BODY) -> html.HtmlElement:
    return html.document_fromstring(finished(f"<html><head>{HEAD}</head><body>{body}</body></html>".encode(), name, "/book/"))


def test_scripts_that_no_page_needs_are_left_out() -> None:
    assert page().xpath("//script/@src") == ["_static/doctools.js"]
    assert page("search.html").xpath("//script/@src") == ["_static/searchtools.js?v=1", "_static/language_data.js", "_static/doctools.js"]
    assert page().xpath("//link/@href") == ["_static/mystnb.0a1b.css", "_static/theme.css?v=1"]


def test_a_reader_finds_the_field_and_the_arrows() -> None:
    assert page().xpath("//summary/@aria-label") == ["Pages below"] and not page().xpath("//input/@autofocus")
    search = page("search.html")
    assert search.xpath("//main//input/@autofocus") and not search.xpath("//body//script")


def test_a_page_that_is_served_at_any_depth_starts_at_the_root() -> None:
    assert page("404.html").xpath("//base/@href") == ["/book/"] and not page().xpath("//base")


def test_a_page_whose_tags_do_not_close_is_refused() -> None:
    with pytest.raises(Problem, match=r"^ai/index\.html: it is not well-formed: line \d+: "):
        page(body="<p>x</div>")
