"""The log of a build: an event for each page, as it is done."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from casebook.errors import Problem

Log = Callable[..., None]


def no_log(**event: object) -> None:
    """The log that nobody asked for."""


@contextmanager
def json_log(file: Path | None) -> Iterator[Log]:
    """A log that writes each event as a JSON line into a file, which begins empty; without a file, `no_log`.

    Raises Problem where the file cannot be written.
    """
    if file is None:
        yield no_log
        return
    try:
        lines = file.open("w", encoding="utf-8")
    except OSError as error:
        raise Problem(f"--json {file}: {error.strerror}; name a file in a folder that is there.") from None
    with lines:
        yield lambda **event: print(json.dumps(event, ensure_ascii=False), file=lines, flush=True)
