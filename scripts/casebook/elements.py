"""What may stand on a page of the site: every element, attribute and address that is not named here is refused, whatever it would do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from lxml import etree

# What any element may bear, besides aria-*; none of it runs or fetches.
ANYWHERE = {"class", "id", "title", "lang", "dir", "role", "tabindex", "hidden"}
WORDS = (
    "abbr article aside blockquote br caption cite code dd dl dt em figcaption footer h1 h2 h3 h4 h5 h6 head header hr kbd li "
    "main nav p picture pre s section span strong sub summary sup tbody thead title tr ul"
)
BUTTON = "type popovertarget data-bs-placement data-bs-title data-bs-toggle"
SEARCH = "type name placeholder autocomplete autocorrect autocapitalize autofocus spellcheck"
ELEMENTS = {
    **dict.fromkeys(WORDS.split(), ANYWHERE),
    **{
        name: ANYWHERE | set(attributes.split())
        for name, attributes in {
            "a": "href rel target download",
            "base": "href",
            "body": "data-default-mode",
            "button": BUTTON,
            "details": "name open",
            "dialog": "",
            "div": "popover style data-figure data-plotly data-ea-publisher data-ea-type data-ea-manual",
            "figure": "",
            "form": "action method",
            "html": "data-content_root data-theme",
            "i": "data-mode",
            "img": "src alt width height decoding loading",
            "input": SEARCH,
            "label": "",
            "link": "href rel type as",
            "meta": "charset http-equiv content name property",
            "noscript": "",
            "ol": "start",
            "script": "src defer type data-cfasync data-sd-tabs-storage-prefix",
            "source": "media srcset width height",
            "style": "",
            "table": "",
            "td": "colspan rowspan data-sort",
            "textarea": "readonly rows spellcheck",
            "th": "scope colspan rowspan data-sort",
            "time": "datetime data-fresh-days",
        }.items()
    },
}
# Attributes of which few values are known.
VALUES = {
    "http-equiv": {"Content-Security-Policy"},
    "method": {"get"},
    "target": {"_blank"},
    "data-bs-toggle": {"tooltip"},
    "type": {"application/ld+json", "application/atom+xml", "text/css", "image/svg+xml", "search", "button", "submit"},
    "as": {"script"},
}
# Relations of <link> that name a page, and those by which a browser fetches a file.
TOLD = {"canonical", "author", "search", "index", "next", "prev", "alternate"}
FETCHING = {"stylesheet", "icon", "preload"}
# Attributes whose file a browser fetches, or our script does.
FETCHED = {("script", "src"), ("img", "src"), ("source", "srcset"), ("link", "href"), ("div", "data-figure")}
FORMS = {
    # A picture that was not drawn keeps its place free.
    "style": re.compile(r"min-height: \d+px"),
    # The file of plotly.js that draws a figure, in _static.
    "data-plotly": re.compile(r"[\w-]+(\.[\w-]+)*\.js"),
}
SCRIPTS = re.compile(r"(_static/[\w./-]+|searchindex)\.js")
# What a style sheet fetches: url(), src(), @import, and strings in image-set().
IN_STYLE = re.compile(r"""(?:\b(?:url|src)\(\s*|@import\s+(?:url\(\s*)?|image-set\([^)]*?)["']?([^"')\s;]+)""", re.IGNORECASE)
ESCAPE = re.compile(r"\\([0-9a-fA-F]{1,6})\s?|/\*.*?\*/", re.DOTALL)
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = {
    "circle", "clipPath", "defs", "desc", "ellipse", "g", "line", "linearGradient", "mask", "path", "pattern", "polygon", "polyline",
    "radialGradient", "rect", "stop", "style", "svg", "symbol", "text", "title", "tspan", "use",
}  # fmt: skip


def fault(page: str, tag: str, given: Mapping[str, str]) -> str:
    """What of an element is not ours, empty where all is. `page`: where it stands, as a path from the site's root."""
    if tag not in ELEMENTS:
        return f"the element <{tag}>"
    for name, value in given.items():
        if name not in ELEMENTS[tag] and not name.startswith("aria-"):
            return f"the attribute '{name}' of <{tag}>"
        if (name in VALUES and value not in VALUES[name]) or (name in FORMS and not FORMS[name].fullmatch(value)):
            return f'{name}="{value[:60]}" of <{tag}>'
        if name in ("href", "src", "srcset", "action", "data-figure") and not _is_ours(page, tag, name, value, given):
            return f"the address '{value[:60]}' of <{tag}>"
    if tag == "link" and given.get("rel") not in TOLD | FETCHING:
        return f'<link rel="{given.get("rel", "")}">'
    return "<base>" if tag == "base" and page != "404.html" else ""


def _is_ours(page: str, tag: str, name: str, value: str, given: Mapping[str, str]) -> bool:
    # A browser drops tabs and line ends within an address, and takes a backslash for a slash.
    if re.search(r"[\x00-\x20\\]", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    if parts.scheme or parts.netloc or value.startswith("//"):
        is_link = tag == "a" or (tag == "link" and given.get("rel") in TOLD)
        return is_link and ((parts.scheme in ("http", "https") and bool(parts.netloc)) or (tag == "a" and parts.scheme == "mailto"))
    if name == "srcset" and "," in value:
        return False
    path = normpath(join(dirname(page), unquote(parts.path)))
    if tag == "script":
        return bool(SCRIPTS.fullmatch(path))
    return tag == "base" or not path.startswith(("..", "/")) or (page == "404.html" and not path.startswith(".."))


def fetched_by_style(text: str) -> Iterator[str]:
    """The addresses that a style sheet asks for, as a browser reads it: escapes are letters, comments nothing."""
    plain = ESCAPE.sub(lambda found: chr(min(int(found[1], 16), 0x10FFFF)) if found[1] else "", text)
    yield from IN_STYLE.findall(plain)


def is_foreign(address: str) -> bool:
    """Whether an address in a style sheet leads to another host, or is a script."""
    parts = urlsplit(address)
    return (
        bool(parts.netloc)
        or "\\" in address
        or (bool(parts.scheme) and not address.startswith(("data:image/", "data:font/", "data:application/font")))
    )


def drawing_faults(content: bytes) -> Iterator[str]:
    """What of an SVG would run, fetch or lead away; what is no SVG is one fault."""
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))
    except etree.XMLSyntaxError as error:
        yield f"it is not an SVG ({error.msg})"
        return
    for element in root.getroottree().iter():
        if not isinstance(element.tag, str) or element.tag.removeprefix(SVG) not in DRAWN:
            if element.tag is not etree.Comment:
                yield f"line {element.sourceline}: it holds <{element.tag.removeprefix(SVG) if isinstance(element.tag, str) else '?'}>"
            continue
        sheet = {"style": element.text or ""} if element.tag == f"{SVG}style" else {}
        for name, value in {**element.attrib, **sheet}.items():
            is_away = name.split("}")[-1] == "href" and not value.startswith("#")
            if name.startswith("on") or is_away or any(not address.startswith("#") for address in fetched_by_style(value)):
                yield f'line {element.sourceline}: it holds {name}="{value[:60]}"'
