"""Jupyter Book's command, begun by this package: a Problem met inside Sphinx comes out in its own words."""

from __future__ import annotations

import sys

from casebook.errors import Problem

# Begins a line of ours among all that Sphinx says.
OURS = "casebook: "


def main() -> None:
    """Run the command with the arguments of this process. Raises what it raises, but for a Problem, which is printed."""
    # Here, because the process that builds needs only the name above.
    from jupyter_book.cli.main import main as jupyter_book

    try:
        jupyter_book()
    except RuntimeError as error:
        problem = cause(error)
        if problem is None:
            raise
        sys.exit("\n".join(f"{OURS}{finding}" for finding in problem.findings))


def cause(error: BaseException | None) -> Problem | None:
    """The Problem that led to an error of Jupyter Book's: Sphinx keeps what a handler raised as `orig_exc`."""
    while error is not None and not isinstance(error, Problem):
        error = getattr(error, "orig_exc", None) or error.__cause__
    return error


if __name__ == "__main__":
    main()
