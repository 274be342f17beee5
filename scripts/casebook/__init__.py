"""The machine of a casebook. Notebooks know only the names below."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from casebook.data.read import country, disputes, entity, fact, facts, printed, read
    from casebook.exhibits import chart, claim, map_, number, one, say, table
    from casebook.passages import dated, heading, include, spelt, words
    from casebook.scopes import scope, sift

_HOMES = {
    "data.read": ("country", "disputes", "entity", "fact", "facts", "printed", "read"),
    "exhibits": ("chart", "claim", "map_", "number", "one", "say", "table"),
    "passages": ("dated", "heading", "include", "spelt", "words"),
    "scopes": ("scope", "sift"),
}
__all__ = [
    "chart", "claim", "country", "dated", "disputes", "entity", "fact", "facts", "heading", "include", "map_", "number", "one", "printed",
    "read", "say", "scope", "sift", "spelt", "table", "words",
]  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import the face on first use, so that a command with nothing to run never loads pandas."""
    if name not in __all__:
        raise AttributeError(name)
    home = next(home for home, names in _HOMES.items() if name in names)
    return getattr(import_module(f"casebook.{home}"), name)
