"""What machines read of our findings: schema.org ClaimReview for each claim, Dataset for the record."""

from __future__ import annotations

from typing import Any

from casebook.data.record import Record, Row, split
from casebook.verdicts import VERDICTS

# Only verdicts that claim knowledge carry a number (the scale of the method page).
RATING = {"contradicted": 1, "unsupported": 2, "partly": 3, "mostly-supported": 4, "supported": 5}


def claim_review(record: Record, config: dict[str, Any], claim: Row, verdict: Row, page: str) -> dict[str, Any]:
    """One `ClaimReview`. The claim's first source is where it was made, any other repeats it."""
    origin, *copies = (record.row("sources", id) for id in split(claim["source_ids"]))
    rating: dict[str, Any] = {"@type": "Rating", "alternateName": VERDICTS[verdict["verdict"]]}
    if verdict["verdict"] in RATING:
        rating |= {"ratingValue": RATING[verdict["verdict"]], "worstRating": 1, "bestRating": 5}
    return {
        "@context": "https://schema.org",
        "@type": "ClaimReview",
        "url": address(config, f"{page}.html"),
        "claimReviewed": claim["claim_en"],
        "datePublished": verdict["decided_on"],
        "inLanguage": "en",
        "author": {"@type": "Organization", "name": config["author"], "url": address(config, "index.html")},
        "itemReviewed": {
            "@type": "Claim",
            "author": {"@type": "Organization", "name": origin["publisher"]},
            "datePublished": claim["published_on"],
            "firstAppearance": _work(origin),
            "appearance": [_work(copy) for copy in copies],
        },
        "reviewRating": rating,
        "reviewBody": verdict["basis"],
        "citation": [source["url"] for id in split(verdict["source_ids"]) if (source := record.row("sources", id))["url"]],
    }


def dataset(record: Record, config: dict[str, Any]) -> dict[str, Any]:
    """The record as a `Dataset`, with a part for each table."""
    package = record.package
    licence = package["licenses"][0]["path"]
    creator = {"@type": "Organization", "name": config["author"]}
    parts = [
        {
            "@type": "Dataset",
            "name": table["title"],
            "description": table["description"],
            "license": licence,
            "creator": creator,
            "variableMeasured": list(record.fields(name)),
        }
        for name, table in record.tables.items()
    ]
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "name": package["title"],
        "description": package["description"],
        "version": package["version"],
        "datePublished": package["created"][:10],
        "license": licence,
        "creator": creator,
        "url": address(config, "methods/dictionary.html"),
        "hasPart": parts,
    }


def _work(source: Row) -> dict[str, Any]:
    work = {"@type": "CreativeWork", "name": source["title"], "publisher": {"@type": "Organization", "name": source["publisher"]}}
    return work | ({"url": source["url"]} if source["url"] else {})


def address(config: dict[str, Any], page: str) -> str:
    """Public address of a page: `html.baseurl` of _config.yml, or the page alone where there is none."""
    base = config.get("html", {}).get("baseurl", "")
    return f"{base.rstrip('/')}/{page}" if base else page
