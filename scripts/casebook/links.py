"""Do the addresses of the sources still answer?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

import requests
from tqdm import tqdm

from casebook.data.record import Row

AT_ONCE = 8
SECONDS = 20
AGENT = "Mozilla/5.0 (compatible; casebook link check)"
# The page is there, and will not be read by a machine.
WALLS = {401, 402, 403, 405, 406, 429, 451, 503}


def dead(sources: Iterable[Row]) -> Iterator[str]:
    """A line for each source whose address does not answer, in order of id."""
    rows = sorted((row for row in sources if row["url"].startswith("http")), key=lambda row: row["id"])
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # disable=None: no bar where the output is not a terminal.
        for row, why in zip(rows, tqdm(pool.map(lambda row: fault(row["url"]), rows), total=len(rows), desc="links", disable=None), strict=True):
            if why:
                yield f"data/sources.csv, row of '{row['id']}', column url: {row['url']}: {why}."


def fault(address: str) -> str:
    """Why an address does not answer; empty where it does."""
    try:
        # Many servers answer GET only. The body is not read.
        with requests.get(address, headers={"User-Agent": AGENT}, timeout=SECONDS, stream=True) as answer:
            return "" if answer.ok or answer.status_code in WALLS else f"the server answered {answer.status_code} {answer.reason}"
    except requests.RequestException as error:
        return f"no answer ({type(error).__name__})"
