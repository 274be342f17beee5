"""Rows that a desk might add to the record."""

from tests.conftest import TOMORROW

SOURCE = {
    "id": f"example-{TOMORROW}",
    "publisher": "Example Press",
    "title": "xAI raises again",
    "url": "https://example.org/xai",
    "kind": "news",
    "language": "en",
    "read_at": "original",
    "dated_by": "page",
    "accessed_on": TOMORROW,
    "published_on": TOMORROW,
}
ROUND = {
    "id": "xai-example",
    "company": "xai",
    "round": "Series Rehearsal",
    "round_id": "series-rehearsal",
    "kind": "primary",
    "event_date": "2026-11-01",
    "date_precision": "day",
    "amount": "5000000000",
    "post_money": "300000000000",
    "currency": "USD",
    "is_related_party": "false",
    "status": "reported-press",
    "source_ids": "reuters-2026-02-02-spacex",
    "published_on": "2026-11-02",
}
