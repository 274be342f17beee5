"""One sidebar a section: what is shared is what the theme would have made."""

from pathlib import Path

from casebook.sidebar import marked, unmarked

CURRENT = '<li class="toctree-l2 current active"><a class="current reference internal" href="#">{}</a></li>'
OTHER = '<li class="toctree-l2"><a class="reference internal" href="{0}.html">{0}</a></li>'


def sidebar(current: str) -> str:
    return "<ul>" + "".join((CURRENT if page == current else OTHER).format(page) for page in "abc") + "</ul>"


def test_the_mark_moves_and_nothing_else() -> None:
    shared = unmarked(sidebar("a"), "a.html")
    assert [marked(shared, f"{page}.html") for page in "abc"] == [sidebar(page) for page in "abc"]


def test_what_is_in_doubt_is_not_shared() -> None:
    assert unmarked(sidebar("z"), "z.html") == "" and unmarked(sidebar("a") + sidebar("b"), "a.html") == ""
    assert marked(unmarked(sidebar("a"), "a.html"), "other.html") == ""
    assert marked("", "a.html") == ""


def test_the_theme_marks_a_page_as_we_know_it(site: Path) -> None:
    """On built pages: else nothing would be shared, and only the clock would say so."""

    def bar(page: str) -> str:
        return (site / f"claims/claim/{page}.html").read_text("utf-8").split('<nav class="bd-links', 1)[1].split("</nav>", 1)[0]

    shared = unmarked(bar("c05"), "c05.html")
    assert 'href="c05.html"' in shared and marked(shared, "c06.html") == bar("c06")
