"""One sidebar a section: what is shared is what the theme would have made."""

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
