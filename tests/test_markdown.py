"""What people type into chapters, the changelog and notebooks says words, and runs, fetches and reads nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from casebook import notebook as nb
from casebook.cite import setup
from casebook.errors import Problem
from casebook.frame import ASSETS
from casebook.markdown import BOXES, CITING, EXTENSIONS, ROLES, Place, refused
from casebook.prose import typed_numerals
from tests.conftest import CONFIG, ROOT

CHAPTER, CHANGES = Place("methods"), Place(has_html=False)
RAW, LINK, PICTURE, DIRECTIVE, ROLE, BEGIN = "raw HTML", "the link", "the picture", "the directive", "the role", "a text cannot begin"
# What is typed, and what is said of it; each in a chapter of the folder methods, and again in a box in it.
POISON: dict[str, str] = {
    "```{include} ../../../../etc/passwd\n```": DIRECTIVE,
    "```{literalinclude} /etc/passwd\n```": DIRECTIVE,
    "```{raw} html\n<script src='data:text/javascript,hit()'></script>\n```": DIRECTIVE,
    "```{raw} html\n:file: /etc/passwd\n```": DIRECTIVE,
    "```{csv-table}\n:file: /etc/passwd\n```": DIRECTIVE,
    "```{csv-table}\n:url: https://evil.example/x.csv\n```": DIRECTIVE,
    "```{figure} ../../../secret.png\n```": DIRECTIVE,
    "```{image} https://evil.example/x.png\n```": DIRECTIVE,
    "```{eval-rst}\n.. include:: /etc/passwd\n```": DIRECTIVE,
    "```{code-cell}\nimport os\n```": DIRECTIVE,
    "```{code-block} python\n:caption: x\n```": DIRECTIVE,
    "```{role} hit(raw)\n:format: html\n```": DIRECTIVE,
    "```{only} html\nx\n```": DIRECTIVE,
    "```{meta}\n:refresh: 0\n```": DIRECTIVE,
    "```{button-link} javascript:hit()\n```": DIRECTIVE,
    "```{card}\n:link: https://evil.example\n```": DIRECTIVE,
    "```{toctree}\nhttps://evil.example\n```": DIRECTIVE,
    "~~~{raw} html\n~~~": DIRECTIVE,
    ":::{iframe} https://evil.example\n:::": DIRECTIVE,
    ":::casebook-picture\nwords\n:::": DIRECTIVE,
    "> - ```{raw} html\n  ```": DIRECTIVE,
    "```{exhibit} x\n:class: hit\n```": "{exhibit} has neither options nor a body",
    "```{note}\n:class: casebook-picture\n\nwords\n```": "{note} has no options",
    "```{note}\n---\nclass: hit\n---\nwords\n```": "{note} has no options",
    "words {download}`../../../../etc/passwd`": ROLE,
    "words {raw:html}`<script>hit()</script>`": ROLE,
    "words {eval}`hit`": ROLE,
    "words {py:func}`hit`": ROLE,
    "words {nb-exec-table}`x`": ROLE,
    "[x](../../data/../../secret)": LINK,
    "[x](../../../../../../etc/passwd)": LINK,
    "[x](%2e%2e/%2e%2e/secret)": LINK,
    "[x](/etc/passwd)": LINK,
    "[x](//evil.example/x)": LINK,
    "[x](path:../../../secret)": LINK,
    "[x](project:../../../secret)": LINK,
    "[x](inv:evil#x)": LINK,
    "[x](ftp://evil.example)": LINK,
    "[x](https://[)": LINK,
    "[x](odd:hit)": LINK,
    "<odd:hit>": LINK,
    "<vnc:evil.example>": LINK,
    "[x][y]\n\n[y]: odd:hit": LINK,
    "![x](https://evil.example/x.png)": PICTURE,
    "![x](//evil.example/x.png)": PICTURE,
    "![x](../../secret.png)": PICTURE,
    "![x](/etc/secret.png)": PICTURE,
    "![x](drawing.svg)": PICTURE,
    "![x](data:image/png;base64,AAAA)": PICTURE,
    "![x](page.html)": PICTURE,
    "[![x](https://evil.example/x.png)](index)": PICTURE,
    "![x][y]\n\n[y]: https://evil.example/x.png": PICTURE,
    "<meta http-equiv=refresh content='0;url=https://evil.example'>": RAW,
    "<iframe srcdoc='<script>hit()</script>'></iframe>": RAW,
    "words <img srcset='https://evil.example/x.png 2x'>": RAW,
    "<video poster=https://evil.example/x.png></video>": RAW,
    "<p style='background:url(https://evil.example/x.png)'>x</p>": RAW,
    "<form action=https://evil.example><input name=q></form>": RAW,
    "<script src='data:text/javascript,hit()'></script>": RAW,
    "<svg><script>hit()</script></svg>": RAW,
    "<base href=https://evil.example/>": RAW,
    "<object data=https://evil.example></object>": RAW,
    "words <em lang='fr' onclick=hit()>x</em>": RAW,
    "words <em lang=\"fr\" style=\"position:fixed\">x</em>": RAW,
    "words <A HREF=\"index.html\">x</A>": RAW,
    "words <a href=\"index.html\" ping=\"https://evil.example\">x</a>": RAW,
    "words <a href=\"javascript:hit()\">x</a>": LINK,
    "words <a href=\"java&#9;script:hit()\">x</a>": LINK,
    "words <a href=\"&#1;javascript:hit()\">x</a>": LINK,
    "words <a href=\"\\\\evil.example\">x</a>": LINK,
    "words <a href=\"/\\evil.example\">x</a>": LINK,
    "words <!-- <script> --> words": RAW,
    "<!DOCTYPE x>": RAW,
    "<?php hit() ?>": RAW,
    "words <![CDATA[x]]>": RAW,
    "+++ {\"tags\": [\"remove-cell\"]}": "a break '+++'",
}  # fmt: skip
# Only a whole file can begin so.
SETTINGS = [
    "---\nmyst:\n  enable_extensions: [substitution]\n---\n\n# {{ cycler }}",
    "---\nfile_format: mystnb\nmystnb:\n  execution_mode: force\n---\n\n# x",
    "---\nfile_format: mystnb\n...\n\n# x",
    "--- \nhtml_meta:\n  refresh: x\n---\n",
]


def boxed(text: str) -> str:
    return f"# A heading\n\n````{{note}}\nA box.\n\n{text}\n````\n"


@pytest.mark.parametrize("text", POISON)
def test_a_text_that_is_more_than_words_is_refused_with_its_line(text: str) -> None:
    said, more = POISON[text], len(text.split("\n")) - 1
    for written, line in ((text, 1), (f"words\n\n{text}", 3), (boxed(text), 6)):
        found = list(refused(written, CHAPTER))
        assert found and all(line <= number <= line + more and said in fault for number, fault in found), found
        assert all(fault.endswith((".", "?")) and "\n" not in fault for _, fault in found)
    assert list(refused(text, CHANGES))


@pytest.mark.parametrize("sign", ["<", "![", "[", "_a_ ", "**a ", "<a "])
def test_what_would_take_minutes_to_read_is_refused_at_once(sign: str, tmp_path: Path) -> None:
    text = f"# A heading\n\n{sign * (200_000 // len(sign))}\n\nwords\n"
    (tmp_path / "index.md").write_text(text, "utf-8")
    start = time.process_time()
    ((line, fault),) = refused(text, CHAPTER)
    assert line == 3 and "characters without an empty line" in fault
    with pytest.raises(Problem, match="Markdown cell 1, line 3: "):
        nb.check_text([nbformat.v4.new_markdown_cell(text)])
    assert not list(typed_numerals(tmp_path)) and time.process_time() - start < 2


@pytest.mark.parametrize("text", SETTINGS)
def test_settings_stand_in_no_text(text: str) -> None:
    ((line, fault),) = refused(text, CHAPTER)
    assert line == 1 and BEGIN in fault


@pytest.mark.parametrize(
    "text",
    [
        "# Words, *more* and **more**\n\n- a list\n- of `code`\n\n> quoted\n\n| a | b |\n|---|---|\n| 1 | {number}`x` |",
        "[a chapter](../platform/index), [here](#anchor), [out](https://example.org/a?b=c), <https://example.org>, <mailto:a@example.org>",
        "A claim: {verdict}`c1`{source}`s`{holds}`x > 1`.[^1]\n\n[^1]: A note.\n\n(anchor)=\n## Below\n\n% a comment",
        "```{exhibit} x-revenue\n```\n\n:::{tip}\nSay it <em lang=\"fr\">en passant</em>, see <a href=\"../claims.json\">the file</a>.\n:::",
        "![A picture](pictures/a.png)\n\n```python\nimport os\n```\n\nA term\n: what it means",
        "A cell says {{ cycler }} and ${x}$ and {% raw %}.",
    ],
)  # fmt: skip
def test_words_links_and_citations_may_stand(text: str) -> None:
    assert not list(refused(text, CHAPTER)) and not list(refused(boxed(text), CHAPTER))


def test_the_changelog_holds_no_html_and_links_to_whole_addresses_only() -> None:
    assert [line for line, _ in refused('One <em lang="fr">mot</em>.\n\n[x](index)\n\n![x](a.png)', CHANGES, 10)] == [10, 12, 14]
    assert not list(refused("- One [paper](https://example.org), **two** rows.", CHANGES))


def test_a_notebooks_text_is_held_to_the_same() -> None:
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text) for text in ("# A\n\n![x][y]", "[y]: https://evil.example/x.png")])
    with pytest.raises(Problem, match="Markdown cell 1, line 3: a picture cannot stand here"):
        nb.check_text(notebook.cells)


def test_all_that_we_cite_by_may_be_used_and_no_more_is_allowed_than_is_there() -> None:
    registered: dict[str, set[str]] = {"roles": set(), "directives": set()}

    class App:
        """Sphinx, as far as our extension registers with it."""

        def add_role(self, name: str, role: object) -> None:
            registered["roles"].add(name)

        def add_directive(self, name: str, directive: object) -> None:
            registered["directives"].add(name)

        def __getattr__(self, name: str) -> Callable[..., None]:
            return lambda *given, **named: None

    setup(App())  # type: ignore[arg-type]
    assert registered["roles"] == ROLES - {"abbr", "sub", "sup"}
    assert registered["directives"] == CITING - {"tableofcontents"} and not CITING & BOXES
    assert set(CONFIG["sphinx"]["config"]["myst_enable_extensions"]) <= EXTENSIONS


@pytest.mark.parametrize("book", [ROOT / "book", ASSETS / "starter" / "book"], ids=["ours", "the starter"])
def test_our_own_chapters_may_stand(book: Path) -> None:
    found = [(file, *refused(file.read_text("utf-8"), Place(file.relative_to(book).parent.as_posix()))) for file in book.rglob("*.md")]
    assert len(found) > 4 and all(len(refusals) == 1 for refusals in found), found
