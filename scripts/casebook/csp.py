"""A Content-Security-Policy (W3C CSP3) for every page: our own host only, and of inline scripts only those that the theme brings."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable

# The theme's inline scripts, word for word but for what differs from page to page.
KNOWN = [
    re.compile(pattern)
    for pattern in (
        r'\s*document\.documentElement\.dataset\.mode = localStorage\.getItem\("mode"\) \|\| "(auto|light|dark)";\s*'
        r'document\.documentElement\.dataset\.theme = localStorage\.getItem\("theme"\) \|\| "(auto|light|dark)";\s*',
        r"DOCUMENTATION_OPTIONS\.pagename = '[\w./-]*';",
        r"DOCUMENTATION_OPTIONS\.search_as_you_type = (true|false);",
        r"var togglebuttonSelector = '[\w., -]*';",
        r"let toggle(HintShow|HintHide|OpenOnPrint) = '[\w ]*';",
        r'\s*// Activate the search field on page load\s*let searchInput = document\.querySelector\("form\.bd-search input"\);\s*'
        r'if \(searchInput\) \{\s*searchInput\.focus\(\);\s*searchInput\.select\(\);\s*console\.log\("\[PST\]: Set focus on search field\."\);\s*\}\s*',
    )
]
INLINE = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/ld\+json)[^>]*>(.*?)</script>", re.DOTALL)
CHARSET = re.compile(r"<meta charset=[^>]*>")
RULES = "default-src 'self'; script-src {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; object-src 'none'; frame-src 'none'; base-uri 'self'; form-action 'self'"


def protect(html: str) -> str:
    """The page with its policy. A script that is not the theme's is not named by it, and so never runs."""
    content = policy([script for script in INLINE.findall(html) if is_known(script)])
    return CHARSET.sub(lambda charset: f'{charset[0]}<meta http-equiv="Content-Security-Policy" content="{content}">', html, count=1)


def policy(scripts: Iterable[str]) -> str:
    """The policy of a page with these inline scripts, as text."""
    return RULES.format(scripts=" ".join(["'self'", *(f"'{one}'" for one in sorted({digest(script) for script in scripts}))]))


def is_known(script: str) -> bool:
    """Whether an inline script is one that the theme brings."""
    return any(pattern.fullmatch(script) for pattern in KNOWN)


def digest(script: str) -> str:
    """An inline script's hash as a policy names it."""
    return f"sha256-{base64.b64encode(hashlib.sha256(script.encode('utf-8')).digest()).decode()}"
