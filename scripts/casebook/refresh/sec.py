"""Figures of filings: "company facts" of the U.S. Securities and Exchange Commission's EDGAR.

Interface: https://www.sec.gov/search-filings/edgar-application-programming-interfaces (data.sec.gov/api/xbrl/companyfacts).
A figure stands there once for every filing that states it; the first to state it gives `published_on`, and a
later one with another figure restates it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from casebook.data.record import Record
from casebook.refresh.fetch import Fetcher
from casebook.refresh.proposal import Found

SAME = ("company", "period_end", "period_type", "metric", "geography", "value_kind")
# Days from first to last, so that fiscal years of 52 and 53 weeks count too.
PERIODS = {"quarter": (80, 100), "half": (170, 190), "nine_months": (260, 285), "year": (350, 380)}
ANNUAL = ("10-K", "20-F", "40-F")
FACT = {
    "type": "object",
    "required": ["end", "val", "accn", "form", "filed"],
    "properties": {
        "start": {"type": "string"},
        "end": {"type": "string"},
        "val": {"type": "number"},
        "accn": {"type": "string"},
        "form": {"type": "string"},
        "filed": {"type": "string"},
    },
}
SHAPE = {
    "type": "object",
    "required": ["cik", "entityName", "facts"],
    "properties": {
        "entityName": {"type": "string"},
        "facts": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": {
                    "type": "object",
                    "required": ["units"],
                    "properties": {"units": {"type": "object", "additionalProperties": {"type": "array", "items": FACT}}},
                },
            },
        },
    },
}


def found(fetch: Fetcher, settings: dict[str, Any], record: Record) -> Iterator[Found]:
    """Every figure of `settings["companies"]` (entity: CIK) for `settings["metrics"]` (metric: concepts, the first that has the period)."""
    for company, cik in settings["companies"].items():
        answer = fetch.get_json(f"{settings['address']}/api/xbrl/companyfacts/CIK{cik:010}.json")
        content = answer.json(SHAPE)
        for metric, concepts in settings["metrics"].items():
            taken: set[tuple[str, str]] = set()
            for concept in concepts:
                taxonomy, name = concept.split("/")
                facts = content["facts"].get(taxonomy, {}).get(name, {"units": {}})["units"].get("USD", [])
                periods = {(kind, fact["end"]) for fact in facts if (kind := period_type(fact))} - taken
                for period in sorted(periods):
                    of_period = [fact for fact in facts if (period_type(fact), fact["end"]) == period]
                    yield from _restatements(company, metric, period, of_period, settings, content["entityName"], cik, answer.day)
                taken |= periods


def period_type(fact: dict[str, Any]) -> str:
    """What kind of period a fact covers; empty for one of no usual length."""
    if "start" not in fact:
        return "instant"
    days = (date.fromisoformat(fact["end"]) - date.fromisoformat(fact["start"])).days + 1
    return next((kind for kind, (least, most) in PERIODS.items() if least <= days <= most), "")


def _restatements(
    company: str, metric: str, period: tuple[str, str], facts: list[dict[str, Any]], settings: dict[str, Any], name: str, cik: int, day: str
) -> Iterator[Found]:
    """The figure as first filed, and each later one that differs from the one before."""
    before: float | None = None
    kind, end = period
    for fact in sorted(facts, key=lambda fact: (fact["filed"], fact["accn"])):
        if fact["val"] == before:
            continue
        row = {
            "id": f"sec-{company}-{metric}-{kind}-{end}".replace("_", "-") + (f"-filed-{fact['filed']}" if before is not None else ""),
            "company": company,
            "period_start": fact.get("start", ""),
            "period_end": end,
            "period_type": kind,
            "metric": metric,
            "geography": "world",
            "value_kind": "level",
            "nature": "outcome",
            "value": f"{fact['val']:.15g}",
            "unit": "USD",
            "status": "audited" if kind == "year" and fact["form"].startswith(ANNUAL) else "reported-official",
            "published_on": fact["filed"],
        }
        source = {
            "id": f"sec-{fact['accn']}",
            "publisher": name,
            "title": f"{name}: {fact['form']} filed {fact['filed']}",
            "url": f"https://www.sec.gov/Archives/edgar/data/{cik}/{fact['accn'].replace('-', '')}/",
            "kind": "filing",
            "language": "en",
            "read_at": "original",
            "dated_by": "page",
            "accessed_on": day,
            "published_on": fact["filed"],
        }
        yield Found(settings["table"], row, source, SAME, "value")
        before = fact["val"]
