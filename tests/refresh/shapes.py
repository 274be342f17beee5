"""Answers in the shapes that the interfaces document: few rows, all kinds."""

from __future__ import annotations

from typing import Any

from tests.replay import Reply

FACTS = "/api/xbrl/companyfacts/CIK0001564408.json"


def fact(end: str, value: float, filed: str, accession: str, start: str = "", form: str = "10-K") -> dict[str, Any]:
    """A fact as EDGAR gives it, with the keys that we do not read."""
    about = {"end": end, "val": value, "accn": accession, "fy": int(filed[:4]) - 1, "fp": "FY", "form": form, "filed": filed}
    return ({"start": start} if start else {}) | about | {"frame": f"CY{end[:4]}"}


def company_facts(*facts: dict[str, Any], concept: str = "Revenues") -> dict[str, Any]:
    units = {"USD": list(facts)}
    return {"cik": 1564408, "entityName": "Snap Inc", "facts": {"us-gaap": {concept: {"label": concept, "description": "", "units": units}}}}


# A year that the record has, one that it has with another figure, and one that was restated a year later.
SNAP = company_facts(
    fact("2024-12-31", 5361398000, "2025-02-05", "0001564408-25-000010", "2024-01-01"),
    fact("2024-12-31", 5361398000, "2026-02-05", "0001564408-26-000010", "2024-01-01"),
    fact("2027-12-31", 7000000000, "2028-02-05", "0001564408-28-000010", "2027-01-01"),
    fact("2027-12-31", 7100000000, "2028-08-05", "0001564408-29-000010", "2027-01-01"),
    fact("2027-12-31", 7100000000, "2028-08-05", "0001564408-29-000010", "2027-12-01"),
    fact("2023-12-31", 1, "2024-02-05", "0001564408-24-000010", "2023-01-01"),
)


def spending(year: str, amount: float) -> dict[str, Any]:
    return {"group": "fiscal_year", "results": [{"aggregated_amount": amount, "time_period": {"fiscal_year": year}}], "messages": []}


def award_page(*awards: tuple[str, float], more: bool = False) -> dict[str, Any]:
    results = [{"internal_id": 1, "generated_internal_id": id, "Award ID": id, "Award Amount": amount} for id, amount in awards]
    return {"limit": 100, "results": results, "page_metadata": {"page": 1, "hasNext": more, "last_record_unique_id": 1}, "messages": []}


def award(piid: str, ceiling: float | None) -> dict[str, Any]:
    agency = {"id": 1, "toptier_agency": {"name": "Department of Defense", "code": "097"}}
    about = {"category": "contract", "description": "LAUNCH SERVICES", "total_obligation": 1.0, "date_signed": "2024-10-18"}
    return {"id": 1, "piid": piid, "base_and_all_options": ceiling, "awarding_agency": agency, **about}


AWARDS = {
    "/api/v2/search/spending_over_time/": [Reply(spending("2024", 3500000000.5))],
    "/api/v2/search/spending_by_award/": [
        Reply(award_page(("CONT_AWD_A", 9e8), ("CONT_AWD_B", 8e8), more=True)),
        Reply(award_page(("CONT_AWD_B", 8e8), ("CONT_AWD_C", 7e8), ("CONT_AWD_D", 5.0))),
    ],
    "/api/v2/awards/CONT_AWD_A/": [Reply(award("A1", 5900000000.0))],
    "/api/v2/awards/CONT_AWD_B/": [Reply(award("B1", None))],
    "/api/v2/awards/CONT_AWD_C/": [Reply(award("C1", 1800000000.0))],
}

WORLD = (
    "\ufeffSOURCE,COMMODITY,COUNTRY,TYPE,UNIT_MEAS,PROD_2025,PROD_EST_ 2026,PROD_NOTES,RESERVES_2026,RESERVE_NOTES\n"
    'MCS2027,Lithium,Chile,"Mine production",metric tons,"49,000",60000,,9300000,\n'
    'MCS2027,Lithium,United States,"Mine production",metric tons,W,W,Withheld,1800000,\n'
    'MCS2027,Lithium,World total (rounded),"Mine production",metric tons,240000,-,,30000000,\n'
    'MCS2027,Lead,Chile,"Mine production",thousand metric tons,1,1,,1,\n'
)


def release(address: str, year: int = 2027) -> dict[str, Any]:
    files = [{"name": f"MCS{year}_World_Data.csv", "url": f"{address}/catalog/file/get/world"}, {"name": "readme.txt", "url": f"{address}/x"}]
    dates = [{"type": "Publication", "dateString": f"{year}-01-31", "label": "Publication Date"}]
    return {
        "total": 1,
        "items": [{"id": "a", "title": f"U.S. Geological Survey Mineral Commodity Summaries {year} Data Release", "files": files, "dates": dates}],
    }
