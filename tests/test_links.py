"""An address that does not answer is named; a wall or a slow door is not taken for a dead one."""

from casebook.links import dead
from tests.replay import Reply, replay


def test_dead_addresses_are_named_by_their_source() -> None:
    replies = {"/here": [Reply("ok")], "/moved": [Reply("", 301, {"Location": "/here"})], "/wall": [Reply("", 403)], "/gone": [Reply("", 410)]}
    with replay(replies) as server:
        rows = [{"id": name, "url": f"{server.address}/{name}"} for name in ("here", "moved", "wall", "gone")]
        rows += [{"id": "nowhere", "url": "http://127.0.0.1:9/"}, {"id": "book", "url": ""}]
        found = list(dead(rows))
    assert [line.split("'")[1] for line in found] == ["gone", "nowhere"]
    assert "the server answered 410" in found[0] and "no answer" in found[1]
