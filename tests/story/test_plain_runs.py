"""Every notebook run outside the book shows a person its headings, charts, tables and numbers, with no sign of a template."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import papermill
import pytest
from lxml import html

from casebook import exhibits, passages, plain
from casebook import notebook as nb
from casebook.data.read import PageReads
from casebook.mime import EXHIBIT_MIME
from tests.conftest import ROOT

NOTEBOOKS = sorted(file.relative_to(ROOT / "notebooks").with_suffix("").as_posix() for file in (ROOT / "notebooks").rglob("*.ipynb"))
# Notebooks of one country or company, asked for one of which nothing is on record, and what they say then.
WITHOUT_ROWS = [
    ("ai/company", {"company": "nobody"}, "The record has nothing of nobody's rounds and prices."),
    ("platform/company", {"company": "nobody"}, "The record has no figure of nobody."),
    ("lithium/country", {"country": "FRA"}, "The record has no lithium deal in France: none was found there, or none was looked for."),
]
# What a reader of notebooks would print as it stands.
SIGNS = re.compile(r"\{\{|\{%|```\{|\bnan\b|\bNaT\b")


def shown_by(notebook: str, **given: Any) -> list[dict[str, Any]]:
    """What a notebook displays, in order, its Markdown cells among it; run here, as a kernel would run it."""
    shown: list[dict[str, Any]] = []
    names: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir((ROOT / "notebooks" / notebook).parent)
        for name, value in {"as_of": "", "ids": [], "table_of": {}}.items():
            patch.setattr(PageReads, name, value)
        patch.setattr(plain.Drawers, "brought_by", {})
        for module in (exhibits, passages):
            patch.setattr(module, "display", lambda bundle, raw: shown.append(bundle))
        for cell in nb.load(ROOT / "notebooks", notebook).cells:
            if cell.cell_type == "markdown":
                shown.append({"text/markdown": cell.source})
            else:
                exec(cell.source, names)
                names |= given if "parameters" in cell.metadata.get("tags", []) else {}
    return shown


def seen_in(shown: list[dict[str, Any]]) -> str:
    """The words of all that is shown, as HTML or as Markdown; what a script draws does not count."""
    pieces = []
    for bundle in shown:
        if text := bundle.get("text/html"):
            page = html.fromstring(text)
            for script in page.findall(".//script"):
                script.getparent().remove(script)
            pieces.append(page.text_content())
        else:
            pieces.append(bundle["text/markdown"])
    return "\n".join(pieces)


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_a_plain_run_reads_as_a_page(notebook: str) -> None:
    shown = shown_by(notebook)
    published = [bundle for bundle in shown if EXHIBIT_MIME in bundle]
    assert shown[0]["text/markdown"].startswith("# ") and published
    for bundle in published:
        exhibit, page = bundle[EXHIBIT_MIME], html.fromstring(bundle["text/html"])
        assert exhibit["title"] in page.text_content() and exhibit["title"] in bundle["text/plain"]
        assert exhibit["kind"] != "table" or len(page.findall(".//tbody/tr")) == len(exhibit["cells"])
        assert exhibit["kind"] != "number" or exhibit["text"] in page.text_content()
        assert exhibit["kind"] not in ("chart", "map") or "Plotly.newPlot" in bundle["text/html"]
    assert not SIGNS.search(seen_in(shown)), SIGNS.search(seen_in(shown))


@pytest.mark.parametrize(("notebook", "asked", "said"), WITHOUT_ROWS)
def test_a_notebook_without_rows_says_so_in_a_sentence(notebook: str, asked: dict[str, str], said: str) -> None:
    shown = shown_by(notebook, **asked)
    assert said in seen_in(shown)
    # No part stands empty under a heading.
    assert [bundle["text/markdown"].split()[0] for bundle in shown if "text/markdown" in bundle] == ["#"]


def test_papermill_alone_makes_a_notebook_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    made = papermill.execute_notebook("notebooks/ai/company.ipynb", None, parameters={"company": "xai"}, progress_bar=False)
    shown = [output["data"] for cell in made.cells for output in cell.get("outputs", [])]
    (title,) = [bundle["text/markdown"] for bundle in shown if "text/markdown" in bundle][:1]
    assert title.startswith("# xAI") and any("<table>" in bundle.get("text/html", "") for bundle in shown)
    # Without a network too: what draws is inside, and once.
    assert sum("* plotly.js (" in bundle.get("text/html", "") for bundle in shown) == 1
