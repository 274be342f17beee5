"""A Content-Security-Policy (W3C CSP3) for every page: our own host only, and of inline scripts only those of the page's head.

The theme's stand there. What chapters and notebooks write stands in the body, and a script in it never runs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable

from lxml import etree

RULES = (
    "default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; object-src 'none'; frame-src 'none'; base-uri 'self'; form-action 'self'"
)
# A frozen page runs nothing, and says so first, whatever else the policy of its day says.
FROZEN = RULES.format(scripts="'none'")
NO_SCRIPT = FROZEN.partition("style-src")[0]


def protect(page: etree._Element) -> None:
    """Put its policy into a page (the element `html`), before all that a browser would fetch."""
    head = page.find("head")
    content = policy(script.text or "" for script in head.iter("script") if is_inline(script))
    head.find("meta[@charset]").addnext(etree.Element("meta", {"http-equiv": "Content-Security-Policy", "content": content}))


def is_inline(script: etree._Element) -> bool:
    """Whether a script element holds its script; one with a type holds data."""
    return "src" not in script.attrib and not script.get("type")


def policy(scripts: Iterable[str]) -> str:
    """The policy of a page with these inline scripts, as text."""
    return RULES.format(scripts=" ".join(["'self'", *(f"'{one}'" for one in sorted({digest(script) for script in scripts}))]))


def digest(script: str) -> str:
    """An inline script's hash as a policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode()}"
