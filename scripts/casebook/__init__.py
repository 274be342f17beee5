"""The machine of a casebook. Notebooks know only the names below."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.data.read import country, disputes, fact, facts, printed, read
    from casebook.exhibits import chart, claim, map_, number, one, say, table
    from casebook.scopes import scope, sift

__all__ = ["chart", "claim", "country", "disputes", "fact", "facts", "map_", "number", "one", "printed", "read", "say", "scope", "sift", "table"]

_HOMES = dict.fromkeys(("country", "disputes", "fact", "facts", "printed", "read"), "data.read") | dict.fromkeys(("scope", "sift"), "scopes")


def __getattr__(name: str) -> Any:
    """Import the face on first use, so that a command with nothing to run never loads pandas."""
    if name not in __all__:
        raise AttributeError(name)
    return getattr(import_module(f"casebook.{_HOMES.get(name, 'exhibits')}"), name)
