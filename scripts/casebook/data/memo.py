"""What a query gave of a file: remembered by the file's own digest, so that an unchanged table is never parsed again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from casebook.data.facts import answer, tables_behind
from casebook.data.record import Record, digest
from casebook.files import load_sealed, save_sealed


class Memo:
    """Digests of queries, kept in a JSON file. A cut or foreign file is as good as none."""

    def __init__(self, file: Path, record: Record) -> None:
        self.file, self.record = file, record
        self._files: dict[str, str] = {}
        self._kept: dict[str, str] = load_sealed(file)
        self._used: dict[str, str] = {}

    def digest(self, read: Mapping[str, Any]) -> str:
        """Digest of the rows that answer a recorded read. Raises Problem as asking does."""
        asked = {name: read[name] for name in ("table", "column", "as_of", "where") if name in read}
        query = json.dumps([[self._of_file(table) for table in tables_behind(self.record, read)], asked], sort_keys=True)
        if query not in self._used:
            self._used[query] = self._kept.get(query) or digest(answer(self.record, asked))
        return self._used[query]

    def save(self) -> None:
        """Keep what was asked this time, and only that."""
        if self._used != self._kept:
            save_sealed(self.file, self._used)

    def _of_file(self, table: str) -> str:
        """What the rows of a table depend on: its file, its descriptor, and the code that reads it."""
        if table not in self._files:
            path = self.record.folder / self.record.tables[table]["path"] if table in self.record.tables else None
            parts = [path.read_bytes() if path and path.is_file() else b"", json.dumps(self.record.tables.get(table)).encode(), READER]
            self._files[table] = hashlib.sha256(b"\0".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()
        return self._files[table]


READER = b"".join(Path(__file__).with_name(name).read_bytes() for name in ("record.py", "tables.py", "filters.py", "facts.py"))
