"""The gate reads built pages as a browser does, and lets nothing through that is not the theme's or an exhibit's."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from lxml import etree

from casebook import check, csp
from casebook.elements import drawing_faults, fetched_by_style, is_foreign
from casebook.parse import Page, read


def page(body: str = "", head: str = "", name: str = "ai/index.html") -> Page:
    html = f'<!doctype html><html lang="en"><head><meta charset="utf-8">{head}<title>A page</title></head><body>{body}</body></html>'
    return read(name, protected(html).encode())


def protected(html: str, scripts: Sequence[str] = ()) -> str:
    policy = f'<meta http-equiv="Content-Security-Policy" content="{csp.policy(scripts)}">'
    return html.replace('<meta charset="utf-8">', f'<meta charset="utf-8">{policy}', 1)


# What is put into the body of a page, and what is said of it.
POISON: dict[str, str] = {
    "<script>hit()</script>": "a script",
    "<script>DOCUMENTATION_OPTIONS.pagename = 'ai/index';</script>": "a script",
    "<script type=module>hit()</script>": 'type="module"',
    "<script type=importmap>{}</script>": 'type="importmap"',
    "<script src=https://evil.example/x.js></script>": "the address",
    "<script src='data:text/javascript,hit()'></script>": "the address",
    "<script src=../data/x.js></script>": "the address",
    "<script src=../_static/../data/x.js></script>": "the address",
    "<script/src=//evil.example></script>": "the address",
    "<img src=x onerror=hit()>": "the attribute 'onerror'",
    "<IMG/SRC=x\x0cONERROR=hit()>": "the attribute 'onerror'",
    "<p onclick=hit()>x</p>": "the attribute 'onclick'",
    "<img src=https://evil.example/x.png>": "the address",
    "<img src='/\\evil.example/x.png'>": "the address",
    "<img src='\thttps://evil.example/x.png'>": "the address",
    "<img srcset='https://evil.example/x.png 2x'>": "the attribute 'srcset'",
    "<picture><source srcset='https://evil.example/x.png'></picture>": "the address",
    "<picture><source srcset='a.png 1x, //evil.example/x.png 2x'></picture>": "the address",
    "<video poster=https://evil.example/x.png></video>": "the element <video>",
    "<audio src=x></audio>": "the element <audio>",
    "<iframe srcdoc='<script>hit()</script>'></iframe>": "the element <iframe>",
    "<iframe src=../data/x.html></iframe>": "the element <iframe>",
    "<object data=x></object>": "the element <object>",
    "<embed src=x>": "the element <embed>",
    "<base href=https://evil.example/>": "the address",
    "<base href=/other/>": "<base>",
    "<meta http-equiv=refresh content='0;url=https://evil.example/'>": 'http-equiv="refresh"',
    "<meta http-equiv=Content-Security-Policy content='default-src *'>": "a Content-Security-Policy",
    "<link rel=stylesheet href=https://evil.example/x.css>": "the address",
    "<link rel=dns-prefetch href=x>": 'rel="dns-prefetch"',
    "<link rel=manifest href=x>": 'rel="manifest"',
    "<link rel='alternate stylesheet' href=x>": 'rel="alternate stylesheet"',
    "<style>p { background: url(https://evil.example/x.png) }</style>": "a style sheet that fetches",
    "<style>@import 'https://evil.example/x.css';</style>": "a style sheet that fetches",
    "<style>p { background: u\\72l(//evil.example/x.png) }</style>": "a style sheet that fetches",
    "<p style='background:url(//evil.example/x.png)'>x</p>": "the attribute 'style'",
    "<div style='background:url(//evil.example/x.png)'>x</div>": "style=",
    "<p style='position:fixed;inset:0'>x</p>": "the attribute 'style'",
    "<form action=https://evil.example/><input name=q></form>": "the address",
    "<form method=post action=x></form>": 'method="post"',
    "<button formaction=https://evil.example/>x</button>": "the attribute 'formaction'",
    "<a href=javascript:hit()>x</a>": "the address",
    "<a href='java\nscript:hit()'>x</a>": "the address",
    "<a href=' javascript:hit()'>x</a>": "the address",
    "<a href=&#106;avascript:hit()>x</a>": "the address",
    "<a href='data:text/html,x'>x</a>": "the address",
    "<a href=vbscript:x>x</a>": "the address",
    "<a href=//evil.example/>x</a>": "the address",
    "<a href=https:evil.example>x</a>": "the address",
    "<a href=../../../etc/passwd>x</a>": "the address",
    "<a href=x ping=https://evil.example/>x</a>": "the attribute 'ping'",
    "<a href=x target=_top>x</a>": 'target="_top"',
    "<svg onload=hit()></svg>": "the element <svg>",
    "<svg><style><img src=x onerror=hit()></style></svg>": "the element <svg>",
    "<math><mi><script>hit()</script></mi></math>": "the element <math>",
    "<template><script>hit()</script></template>": "the element <template>",
    "<noscript><p title='</noscript><img src=x onerror=hit()>'></noscript>": "<noscript> with tags",
    "<noembed><p></noembed>": "the element <noembed>",
    "<xmp></xmp>": "the element <xmp>",
    "<div data-figure=https://evil.example/x.json></div>": "the address",
    "<div data-plotly=../data/x.js></div>": "data-plotly=",
    "<p data-bs-title=x data-bs-html=true>x</p>": "the attribute 'data-bs-title'",
    "<p contenteditable autofocus>x</p>": "the attribute 'contenteditable'",
    "<p is=x>x</p>": "the attribute 'is'",
    "<p nonce=x>x</p>": "the attribute 'nonce'",
    "<custom-element></custom-element>": "the element <custom-element>",
    "<p><!-- a --!><img src=x onerror=hit()> --></p>": "the attribute 'onerror'",
    "<p><!--><img src=x onerror=hit()> --></p>": "the attribute 'onerror'",
    "<p title='\">x' style=x>x</p>": "the attribute 'style'",
    "<textarea></textarea ><img src=x onerror=hit()>": "the attribute 'onerror'",
}  # fmt: skip


@pytest.mark.parametrize("body", POISON)
def test_what_is_not_ours_is_refused(body: str) -> None:
    found = page(f"<p>Words</p>\n{body}")
    said = list(check._not_ours({"ai/index.html": found})) + [found.fault] * bool(found.fault)
    assert said and any(POISON[body] in line for line in said), said


@pytest.mark.parametrize(
    "body", ["<body onload=hit()>", "<html onclick=hit()>", "<p>x</div>", "<em>x<p>y</p>", "</p>"], ids=["body", "html", "div", "em", "p"]
)
def test_a_page_whose_tags_do_not_close_is_refused(body: str) -> None:
    assert page(body).fault


def test_our_own_page_passes() -> None:
    body = (
        "<a href='https://example.org/a?b=c' rel='external noopener'>out</a><a href='mailto:a@example.org'>write</a>"
        "<a href='../index.html#top'>home</a><img src='../pictures/a.svg' alt='' loading='lazy'><textarea>&lt;script&gt;</textarea>"
        "<p title='&lt;img src=x onerror=hit()&gt;'>&lt;script&gt;hit()&lt;/script&gt;</p><noscript>Words &lt;b&gt;</noscript>"
        "<script type='application/ld+json'>{}</script><div style='min-height: 300px' data-figure='../exhibits/a.json'></div>"
    )
    found = page(body, '<link rel="stylesheet" href="../_static/casebook.css"><script src="../_static/casebook.js" defer></script>')
    assert (found.refused, found.fault) == ([], "")
    assert found.links == ["https://example.org/a?b=c", "mailto:a@example.org", "../index.html#top"] and found.linked_data == ["{}"]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda html: html.replace("default-src 'self'", "default-src *"),
        lambda html: html.replace("frame-src 'none'; ", ""),
        lambda html: html.replace("<title>", '<meta http-equiv="Content-Security-Policy" content="x"><title>'),
        lambda html: html.replace('<meta charset="utf-8">', '<link rel="stylesheet" href="x.css"><meta charset="utf-8">'),
        lambda html: html.replace("Content-Security-Policy", "X"),
    ],
    ids=["wider", "less", "two", "late", "none"],
)
def test_the_policy_is_ours_and_stands_first(spoil: object) -> None:
    html = protected('<html lang="en"><head><meta charset="utf-8"><title>x</title></head><body></body></html>')
    assert read("index.html", html.encode()).refused == []
    assert callable(spoil) and spoil(html) != html
    assert any("Policy" in what or "http-equiv" in what for _, what in read("index.html", spoil(html).encode()).refused)


def frozen(policy: str, body: str = "") -> Page:
    head = f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{policy}"><title>An exhibit</title>'
    return read("frozen/a-0.html", f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'.encode())


def test_a_frozen_page_keeps_the_policy_of_its_day_and_runs_nothing() -> None:
    earlier = f"{csp.NO_SCRIPT}style-src 'self'"
    assert not frozen(csp.FROZEN).refused and not frozen(earlier).refused
    (line,) = check._not_ours({"frozen/a-0.html": frozen(earlier, "<p onclick=hit()>x</p>")})
    assert "the attribute 'onclick'" in line and line.endswith("delete _site/frozen/a-0.html.")
    assert frozen(csp.policy([])).refused and frozen("").refused


def test_of_the_same_on_many_lines_the_first_is_named() -> None:
    found = list(check._not_ours({"a.html": Page(refused=[(3, "a script"), (4, "a script"), (9, "<base>")])}))
    assert [line.split(" is neither")[0] for line in found] == ["a.html:9: <base>", "a.html:3: a script"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.html5", "", "a file of this kind"),
        ("data/x.js", "hit()", "a file of this kind"),
        ("ai/x.css", "", "a file of this kind"),
        ("x.xhtml", "", "a file of this kind"),
        ("_static/x.css", "@import url(//evil.example/x.css)", "would fetch '//evil.example/x.css'"),
        ("_static/x.css", "p { background: image-set('https://evil.example/x.png' 1x) }", "would fetch 'https://evil.example/x.png'"),
        ("pictures/x.svg", '<svg xmlns="http://www.w3.org/2000/svg"><script>hit()</script></svg>', "<script>"),
        ("pictures/x.svg", "<html></html>", "<html>"),
    ],
)
def test_a_file_that_would_run_or_fetch_is_refused(tmp_path: Path, name: str, content: str, said: str) -> None:
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(content, "utf-8")
    (line,) = check._files(tmp_path)
    assert line.startswith(f"{name}: ") and said in line


@pytest.mark.parametrize(
    "inside",
    [
        '<rect onclick="hit()"/>',
        '<a href="https://evil.example"><text>x</text></a>',
        '<use href="https://evil.example/x.svg#a"/>',
        '<image href="x.png"/>',
        "<foreignObject><p/></foreignObject>",
        '<rect style="fill: url(https://evil.example/x.svg#a)"/>',
        "<style>@import 'https://evil.example/x.css';</style>",
        '<animate attributeName="href" to="javascript:hit()"/>',
        '<set attributeName="onclick" to="hit()"/>',
        '<x xmlns="http://www.w3.org/1999/xhtml"/>',
        "<?xml-stylesheet href='x.css'?>",
    ],
)
def test_a_drawing_only_draws(inside: str) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'
    own = '<defs><clipPath id="a"><rect/></clipPath></defs><g clip-path="url(#a)" style="fill: url(\'#b\')"><use xlink:href="#a"/><!-- x --></g>'
    assert list(drawing_faults(svg.format(own).encode())) == []
    assert list(drawing_faults(svg.format(own + inside).encode()))


@pytest.mark.parametrize("head", ["<?xml-stylesheet href='x.css'?>", "<!DOCTYPE svg [<!ENTITY x SYSTEM '/etc/passwd'>]>"])
def test_a_drawing_reads_no_other_file(head: str) -> None:
    assert list(drawing_faults(f'{head}<svg xmlns="http://www.w3.org/2000/svg"><text>&x;</text></svg>'.encode()))


def test_a_style_sheet_is_read_as_a_browser_does() -> None:
    sheet = "a{b:url( 'x.png' )} @import \"y.css\"; /* url(z) */ c{d:u\\52 l(e.png)} f{g:image-set('h.png' 1x)}"
    assert list(fetched_by_style(sheet)) == ["x.png", "y.css", "e.png", "h.png"]
    assert [is_foreign(address) for address in ("x.png", "../a.woff2", "data:image/png;base64,AA", "//e", "https://e/x", "data:text/html,x")] == [
        False, False, False, True, True, True,
    ]  # fmt: skip


def test_the_tokenizer_is_that_of_the_standard() -> None:
    assert etree.LIBXML_VERSION >= (2, 14)
