"""A server on this machine that answers as a public source would, with its faults."""

from __future__ import annotations

import http.server
import json
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

DATE = "Fri, 24 Nov 2028 08:00:00 GMT"


@dataclass
class Reply:
    """One answer; `cut`: the connection ends after half of the body."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: bool = False

    @property
    def content(self) -> bytes:
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass
class Replay:
    """What the server says by path (the last answer again and again), and what it was asked."""

    address: str = ""
    replies: dict[str, list[Reply]] = field(default_factory=dict)
    asked: list[tuple[str, str, Any, dict[str, str]]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))


@contextmanager
def replay(replies: dict[str, list[Reply]]) -> Iterator[Replay]:
    """Serve these replies, by path without the query."""
    told = Replay(replies=replies)

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            path = self.path.split("?")[0]
            length = int(self.headers.get("Content-Length") or 0)
            question = json.loads(self.rfile.read(length)) if length else None
            told.asked.append((self.command, self.path, question, dict(self.headers)))
            queue = told.replies.get(path, [Reply({"detail": "Not found."}, 404)])
            reply = queue[min(told.counts[path], len(queue) - 1)]
            told.counts[path] += 1
            tag = reply.headers.get("ETag")
            same = tag is not None and self.headers.get("If-None-Match") == tag
            self.send_response_only(304 if same else reply.status)
            for name, value in ({"Date": DATE} | reply.headers).items():
                self.send_header(name, value)
            content = b"" if same else reply.content
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content[: len(content) // 2] if reply.cut else content)
            self.close_connection = reply.cut

        do_GET = do_POST = answer

        def log_message(self, format: str, *args: Any) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        told.address = f"http://127.0.0.1:{server.server_port}"
        yield told
        server.shutdown()
