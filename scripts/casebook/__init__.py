"""The machine of a casebook. Notebooks know only the names below."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.data.read import country, disputes, fact, facts, printed, read
    from casebook.exhibits import chart, claim, map_, number, one, table

# jsonschema, which nbformat loads, offers to check IRIs by it, which nothing asks for; its grammar takes 0.8 s whenever it is loaded.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

__all__ = ["chart", "claim", "country", "disputes", "fact", "facts", "map_", "number", "one", "printed", "read", "table"]


def __getattr__(name: str) -> Any:
    """Import the face on first use, so that a command with nothing to run never loads pandas."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(
        import_module("casebook.data.read" if name in ("country", "disputes", "fact", "facts", "printed", "read") else "casebook.exhibits"), name
    )
