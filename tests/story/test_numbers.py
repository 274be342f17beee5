"""Numbers of the landing page and the chapters, typed by hand from what was published, and not from the record.

Each was looked up in a public copy of the document that is named beside it. A correction of one is made here too.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.site.reading import page, words

TYPED = [
    # The platform
    ("platform/index", "c17-first-purchase", "31 January 2022", "Financial Times, 6 April 2022, on the Schedule 13D"),
    ("platform/index", "stake-musk", "9.2%", "Schedule 13G of 4 April 2022: 73,486,938 of 800,641,166 shares"),
    ("platform/index", "stake-vanguard", "10.3%", "The Wall Street Journal, 14 April 2022: 82.4 million shares, 10.3%"),
    ("platform/index", "x-purchase-price", "$44bn", "Reuters, 28 March 2025, on the purchase of 2022"),
    ("index", "x-revenue-2021", "$5.08bn", "Twitter, results of the fiscal year 2021, 10 February 2022"),
    ("platform/index", "c20-ebitda", "$682m", "The Wall Street Journal, 6 February 2025 (via Teslarati)"),
    ("index", "x-loans-2025", "97 cents", "The Wall Street Journal, 6 February 2025 (via Teslarati)"),
    ("platform/index", "x-mark-low", "79%", "Business Insider, November 2024, on Fidelity's mark: nearly 79%"),
    ("platform/index", "x-merger-equity", "$33bn", "Reuters, 28 March 2025, quoting Mr Musk"),
    ("platform/index", "x-merger-enterprise", "$45bn", "Reuters, 28 March 2025, quoting Mr Musk"),
    ("platform/index", "x-staff-2023", "1,500", "BBC interview of 11 April 2023 (via CNN and Business Standard)"),
    # AI
    ("index", "xai-merger-price", "$80bn", "Reuters, 28 March 2025, quoting Mr Musk"),
    ("ai/index", "x-debt-into-xai", "$12bn", "Reuters, 28 March 2025: $45B less $12B debt"),
    ("ai/index", "xai-price-before", "$50bn", "The Wall Street Journal, 21 November 2024 (via Mint)"),
    ("ai/index", "c40-raised", "$6bn", "Bloomberg, 5 December 2024, on the filing with the SEC"),
    ("ai/index", "spacex-price-for-xai", "$250bn", "Reuters, 3 February 2026"),
    # Government
    ("government/index", "c24-donations", "$288m", "The Washington Post, 31 January 2025, on filings with the FEC"),
    ("government/index", "gov-xai-ceiling", "$200m", "Release of the Pentagon's CDAO, 14 July 2025"),
    ("government/index", "gov-xai-onegov", "$0.42", "General Services Administration and xAI, 25 September 2025"),
    ("government/index", "gov-musk-total", "$38bn", "The Washington Post, 26 February 2025"),
    ("government/index", "gov-launch-spacex", "$5.9bn", "Space Systems Command, 4 April 2025"),
    ("government/index", "gov-launch-ula", "$5.4bn", "Space Systems Command, 4 April 2025"),
    ("government/index", "starlink-refused", "$886m", "FCC, 10 August 2022: $885,509,638.40"),
    # Lithium
    ("lithium/index", "bolivia-resources", "23 million t", "Associated Press, 20 July 2023: from 21 to 23 million tons"),
    ("lithium/index", "bolivia-acisa-cancelled", "2 November 2019", "Reuters, 3 November 2019 (a Sunday): taken on Saturday"),
    ("lithium/index", "c11-reported", "68,000", "teleSUR, 18 November 2019"),
    ("lithium/index", "accounts-coordinated", "1,435", "DFRLab, 26 November 2019"),
    ("lithium/index", "accounts-spike", "23,900", "eldiario.es, November 2019 (English copy)"),
]


@pytest.mark.parametrize(("chapter", "id", "typed", "source"), TYPED, ids=[id for _, id, _, _ in TYPED])
def test_a_number_is_what_its_source_says(site: Path, chapter: str, id: str, typed: str, source: str) -> None:
    printed = page(site / f"{chapter}.html").xpath(f"//button[@popovertarget='card-{id}']")
    assert {words(button) for button in printed} == {typed}, source
