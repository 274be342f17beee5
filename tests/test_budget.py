"""Weights: what opening a page costs, and the line for what is too heavy."""

import random
from pathlib import Path

from casebook import budget
from casebook.frame import render
from casebook.parse import parse


def heavy(size: int) -> str:
    return "".join(random.Random(1).choices("abcdefghijklmnopqrstuvwxyz0123456789", k=size))


def test_pages_and_files_over_their_budget_are_named(tmp_path: Path) -> None:
    (tmp_path / "_static").mkdir()
    (tmp_path / "_static" / "big.js").write_text(heavy(600_000))
    (tmp_path / "_static" / "plotly.min.js").write_text("x")
    (tmp_path / "_static" / "countries.geojson").write_text(heavy(300_000))
    (tmp_path / "index.html").write_text(
        '<script src="_static/big.js"></script><script src="_static/plotly.min.js"></script><img src="lazy.svg" loading="lazy">'
    )
    (tmp_path / "long.html").write_text(heavy(500_000))
    pages = parse(tmp_path)
    weights = budget.weigh(tmp_path, pages)
    assert [weight.page for weight in weights] == ["index.html", "long.html"]
    found = list(budget.over(tmp_path, weights, pages))
    assert len(found) == 4
    assert found[0].startswith("index.html: ") and "to open" in found[0] and found[1].startswith("long.html: ")
    assert "plotly" in found[2] and "countries.geojson" in found[3]


def test_lazy_pictures_and_links_cost_nothing_to_open(tmp_path: Path) -> None:
    (tmp_path / "picture.svg").write_text(heavy(10_000))
    (tmp_path / "index.html").write_text('<img src="picture.svg" loading="lazy"><a href="picture.svg">see</a>')
    lazy = budget.weigh(tmp_path, parse(tmp_path))[0].opened
    (tmp_path / "index.html").write_text('<img src="picture.svg"><a href="picture.svg">see</a>')
    assert budget.weigh(tmp_path, parse(tmp_path))[0].opened > lazy + 5_000


def test_a_page_of_very_many_sources_names_their_number_and_leads_to_them() -> None:
    source = dict.fromkeys(["id", "publisher", "title", "url"], "s")
    source |= {"published_on": "2026-01-02", "read_at": "original"}

    def listed(sources: int) -> str:
        given = dict.fromkeys(["references", "remake", "counts", "download", "dictionary_page"], "")
        return render("sources.html", sources=[source] * sources, sources_page="all.html", **given)

    few, many = listed(500), listed(501)
    assert few.count("#source-s") == 500
    assert "501 sources" in many and 'href="all.html"' in many and "#source-s" not in many
