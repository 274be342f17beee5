"""What makes a page stale."""

from __future__ import annotations

import ast
from pathlib import Path

from casebook import plan

PACKAGE = Path(plan.__file__).parent


def imported(file: Path) -> set[str]:
    """Files of the package that a module of it imports when it is loaded."""
    found = {node.module for node in ast.parse(file.read_text("utf-8")).body if isinstance(node, ast.ImportFrom) and node.module}
    names = {name.removeprefix("casebook.").replace(".", "/") + ".py" for name in found if name.startswith("casebook.")}
    return {name for name in names if (PACKAGE / name).is_file()}


def test_whatever_code_a_notebook_reaches_makes_it_stale() -> None:
    # How a page is run (`run`) counts too; what that imports to do so does not change a page.
    reached = set(plan.NOTEBOOK_MODULES) - {"run.py"}
    for name in reached:
        assert imported(PACKAGE / name) <= reached, name
