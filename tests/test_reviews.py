"""What machines read of our findings."""

from __future__ import annotations

import json
import re
from pathlib import Path

from casebook.reviews import RATING
from tests.conftest import CONFIG, RECORD

BASE = CONFIG["html"]["baseurl"]


def test_claims_json_holds_a_review_of_every_claim(site: Path) -> None:
    reviews = json.loads((site / "claims.json").read_text())
    assert len(reviews) == len(RECORD.rows("claims/claims"))
    for review in reviews:
        assert review["@type"] == "ClaimReview" and review["itemReviewed"]["@type"] == "Claim"
        assert review["claimReviewed"] and review["reviewBody"] and review["datePublished"]
        assert review["url"].startswith(BASE) and (site / review["url"].removeprefix(BASE)).is_file()


def test_only_a_verdict_that_claims_knowledge_is_graded(site: Path) -> None:
    for review in json.loads((site / "claims.json").read_text()):
        rating = review["reviewRating"]
        graded = rating["alternateName"].lower().replace(" supported", "").replace(" ", "-") not in ("unproven", "not-checkable")
        assert ("ratingValue" in rating) == graded
    assert set(RATING.values()) == {1, 2, 3, 4, 5}


def test_the_page_of_a_claim_carries_its_review_and_the_dictionary_the_data_set(site: Path) -> None:
    def found(page: str) -> list[dict[str, object]]:
        return [json.loads(text) for text in re.findall(r'<script type="application/ld\+json">(.*?)</script>', (site / page).read_text(), re.DOTALL)]

    (review,) = found("claims/claim/c17.html")
    assert review["reviewRating"] == {"@type": "Rating", "alternateName": "Contradicted", "ratingValue": 1, "worstRating": 1, "bestRating": 5}
    # One review, wherever it is read.
    assert all(found(entry["url"].removeprefix(BASE)) == [entry] for entry in json.loads((site / "claims.json").read_text()))
    (dataset,) = found("methods/dictionary.html")
    assert dataset["@type"] == "Dataset" and len(dataset["hasPart"]) == len(RECORD.tables)  # type: ignore[arg-type]
