"""Awards of the United States: obligations by fiscal year, and, apart from them, the ceilings of single awards.

Interface: https://api.usaspending.gov/docs/endpoints (search/spending_over_time, search/spending_by_award, awards/<id>).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.refresh.fetch import Fetcher
from casebook.refresh.proposal import Found

PUBLISHER = "USAspending.gov"
SAME = ("company", "award_kind", "fiscal_years", "programme")
FIRST_DAY = "2007-10-01"  # the service holds awards from fiscal year 2008 on
CONTRACTS = ["A", "B", "C", "D"]
PAGE = 100
OVER_TIME = {
    "type": "object",
    "required": ["results"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["aggregated_amount", "time_period"],
                "properties": {
                    "aggregated_amount": {"type": "number"},
                    "time_period": {"type": "object", "required": ["fiscal_year"], "properties": {"fiscal_year": {"type": "string"}}},
                },
            },
        }
    },
}
BY_AWARD = {
    "type": "object",
    "required": ["results", "page_metadata"],
    "properties": {
        "results": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["generated_internal_id", "Award Amount"],
                "properties": {"generated_internal_id": {"type": "string"}, "Award Amount": {"type": "number"}},
            },
        },
        "page_metadata": {"type": "object", "required": ["hasNext"], "properties": {"hasNext": {"type": "boolean"}}},
    },
}
AWARD = {
    "type": "object",
    "required": ["piid", "date_signed", "base_and_all_options", "awarding_agency"],
    "properties": {
        "piid": {"type": "string"},
        "date_signed": {"type": "string"},
        "description": {"type": ["string", "null"]},
        "base_and_all_options": {"type": ["number", "null"]},
        "awarding_agency": {
            "type": "object",
            "required": ["toptier_agency"],
            "properties": {"toptier_agency": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}}},
        },
    },
}


def found(fetch: Fetcher, settings: dict[str, Any], record: Record) -> Iterator[Found]:
    """Obligations by fiscal year of `settings["companies"]` (entity: names of recipients), and ceilings of awards of `ceilings_of_awards_over` dollars."""
    last = record.known_on("latest")
    for company, names in settings["companies"].items():
        filters = {"recipient_search_text": names, "time_period": [{"start_date": FIRST_DAY, "end_date": last}], "award_type_codes": CONTRACTS}
        yield from _obligations(fetch, settings, company, filters)
        yield from _ceilings(fetch, settings, company, filters)


def _obligations(fetch: Fetcher, settings: dict[str, Any], company: str, filters: dict[str, Any]) -> Iterator[Found]:
    question = {"group": "fiscal_year", "subawards": False, "filters": filters}
    answer = fetch.post_json(f"{settings['address']}/api/v2/search/spending_over_time/", question)
    for result in answer.json(OVER_TIME)["results"]:
        year = result["time_period"]["fiscal_year"]
        # A year that still runs is known up to the day of the answer.
        end, precision = min((f"{year}-09-30", "year"), (answer.day, "day"))
        if not result["aggregated_amount"]:
            continue
        row = {
            "id": f"usaspending-{company}-obligation-fy{year}-{answer.day}",
            "agency": "United States, all agencies",
            "company": company,
            "programme": "All prime contracts on USAspending.gov",
            "award_id": f"{company}-all-contracts-{year}",
            "award_kind": "obligation",
            "fiscal_years": year,
            "event_date": end,
            "date_precision": precision,
            "amount": f"{result['aggregated_amount']:.2f}",
            "currency": "USD",
            "status": "reported-official",
            "published_on": answer.day,
            "note": f"Recipients searched for: {', '.join(filters['recipient_search_text'])}; contracts only",
        }
        yield Found(
            settings["table"], row, _source(company, answer.day, "obligations by fiscal year", "https://www.usaspending.gov/search"), SAME, "amount"
        )


def _ceilings(fetch: Fetcher, settings: dict[str, Any], company: str, filters: dict[str, Any]) -> Iterator[Found]:
    for id in _awards(fetch, settings, filters):
        answer = fetch.get_json(f"{settings['address']}/api/v2/awards/{id}/")
        award = answer.json(AWARD)
        if not award["base_and_all_options"]:
            continue
        signed = date.fromisoformat(award["date_signed"])
        row = {
            "id": f"usaspending-{company}-ceiling-{award['piid'].lower()}-{answer.day}",
            "agency": award["awarding_agency"]["toptier_agency"]["name"],
            "company": company,
            "programme": f"{award['piid']}: {(award['description'] or 'no description').strip()}"[:200],
            "award_id": award["piid"].lower(),
            "award_kind": "contract_ceiling",
            "fiscal_years": str(signed.year + (signed.month >= 10)),
            "event_date": award["date_signed"],
            "date_precision": "day",
            "amount": f"{award['base_and_all_options']:.2f}",
            "currency": "USD",
            "status": "reported-official",
            "published_on": answer.day,
            "note": "Base and all options: what may be spent, not what was",
        }
        address = f"https://www.usaspending.gov/award/{id}/"
        yield Found(
            settings["table"], row, _source(f"{company}-{award['piid'].lower()}", answer.day, f"award {award['piid']}", address), SAME, "amount"
        )


def _awards(fetch: Fetcher, settings: dict[str, Any], filters: dict[str, Any]) -> list[str]:
    """Ids of the awards over the limit, the largest first. Raises Problem where a page only repeats others."""
    ids: list[str] = []
    page = 1
    while True:
        question = {
            "filters": filters,
            "fields": ["Award ID", "Recipient Name", "Award Amount", "generated_internal_id"],
            "sort": "Award Amount",
            "order": "desc",
            "limit": PAGE,
            "page": page,
            "subawards": False,
        }
        address = f"{settings['address']}/api/v2/search/spending_by_award/"
        content = fetch.post_json(address, question).json(BY_AWARD)
        large = [award for award in content["results"] if award["Award Amount"] >= settings["ceilings_of_awards_over"]]
        fresh = [award["generated_internal_id"] for award in large if award["generated_internal_id"] not in ids]
        if large and not fresh:
            raise Problem(f"{address}: page {page} repeats the pages before it, so the list is not whole; nothing is proposed. Try again later.")
        ids += dict.fromkeys(fresh)
        if len(large) < len(content["results"]) or not content["page_metadata"]["hasNext"]:
            return ids
        page += 1


def _source(what: str, day: str, title: str, address: str) -> dict[str, str]:
    return {
        "id": f"usaspending-{what}-{day}",
        "publisher": PUBLISHER,
        "title": f"USAspending.gov: {title}, as answered on {day}",
        "url": address,
        "kind": "official",
        "language": "en",
        "read_at": "original",
        "dated_by": "page",
        "accessed_on": day,
        "published_on": day,
    }
