"""World production and reserves of a mineral: Mineral Commodity Summaries of the U.S. Geological Survey, as released on ScienceBase.

Interface: https://www.sciencebase.gov/catalog/items?format=json. The release of a year has a CSV file of world data with a
row for each country: production of two years, the later estimated, and reserves.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.refresh.fetch import Answer, Fetcher
from casebook.refresh.proposal import Found

PUBLISHER = "U.S. Geological Survey"
SAME = ("country_iso3", "year", "measure", "edition")
TONNES = {"metric tons": 1, "metric tons, lithium content": 1, "thousand metric tons": 1000}
COLUMN = re.compile(r"(PROD|PROD_EST|RESERVES)_\s*(\d{4})")
ITEMS = {
    "type": "object",
    "required": ["items"],
    "properties": {
        "items": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["title"],
                "properties": {
                    "title": {"type": "string"},
                    "files": {"type": "array", "items": {"type": "object", "required": ["name", "url"]}},
                    "dates": {"type": "array", "items": {"type": "object", "required": ["type", "dateString"]}},
                },
            },
        }
    },
}


def found(fetch: Fetcher, settings: dict[str, Any], record: Record) -> Iterator[Found]:
    """Rows of `settings["commodity"]` in the editions of `settings["years"]`."""
    places = {name: code for code, name in record.countries.items()} | settings["places"]
    for year in settings["years"]:
        title = f"Mineral Commodity Summaries {year} Data Release"
        search = fetch.get_json(f"{settings['address']}/catalog/items?q={quote(title)}&format=json&fields=title,files,dates,link")
        releases = [item for item in search.json(ITEMS)["items"] if title.lower() in item["title"].lower()]
        if not releases:
            raise Problem(f"{search.address}: no release has the title '{title}'; correct the years in data/refresh.yml, or wait until it appears.")
        release = releases[0]
        files = [file for file in release.get("files", []) if re.search(r"world.*\.csv$", file["name"], re.IGNORECASE)]
        if not files:
            raise Problem(f"{search.address}: the release '{title}' has no CSV file of world data; read it by hand, or fix the refresher.")
        published = next((day["dateString"] for day in release.get("dates", []) if day["type"] == "Publication"), "")
        if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", published):
            raise Problem(f"{search.address}: the release '{title}' has no day of publication; add its rows by hand.")
        answer = fetch.get(files[0]["url"])
        yield from _rows(answer, settings, places, year, published, title)


def _rows(answer: Answer, settings: dict[str, Any], places: dict[str, str], year: int, published: str, title: str) -> Iterator[Found]:
    reader = csv.DictReader(io.StringIO(answer.text.lstrip("\ufeff"), newline=""))
    columns = {name: match for name in reader.fieldnames or [] if (match := COLUMN.fullmatch(name.strip()))}
    if not columns or not {"COMMODITY", "COUNTRY", "UNIT_MEAS"} <= set(reader.fieldnames or []):
        raise Problem(
            f"{answer.address}: the columns are {', '.join(reader.fieldnames or [])[:200]}; COMMODITY, COUNTRY, UNIT_MEAS and PROD_... are wanted. Fix the refresher."
        )
    source = {
        "id": f"usgs-mcs{year}-release",
        "publisher": PUBLISHER,
        "title": title,
        "url": answer.address,
        "kind": "dataset",
        "language": "en",
        "read_at": "original",
        "dated_by": "page",
        "accessed_on": answer.day,
        "published_on": published,
    }
    for line in reader:
        if line["COMMODITY"].strip().lower() != settings["commodity"].lower():
            continue
        place, unit = re.sub(r"\s*\(.*\)|\d+$", "", line["COUNTRY"]).strip(), line["UNIT_MEAS"].strip().lower()
        if place not in places:
            raise Problem(f"{answer.address}: '{place}' is not a country we know; add it under places in data/refresh.yml.")
        if unit not in TONNES:
            raise Problem(f"{answer.address}: the unit is '{line['UNIT_MEAS']}' where tonnes are wanted; fix the refresher.")
        for name, match in columns.items():
            text = (line[name] or "").replace(",", "").strip()
            # W is withheld; a dash is zero, an empty cell says nothing.
            if not re.fullmatch(r"\d+(\.\d+)?", text):
                continue
            measure = "reserves" if match[1] == "RESERVES" else "production"
            row = {
                "id": f"usgs-mcs{year}-{measure}-{places[place].lower()}-{match[2]}",
                "country_iso3": places[place],
                "year": match[2],
                "measure": measure,
                "value_t": f"{float(text) * TONNES[unit]:.15g}",
                "edition": f"MCS {year}",
                "is_estimated": str(match[1] == "PROD_EST").lower(),
                "status": "reported-official",
                "published_on": published,
            }
            yield Found(settings["table"], row, source, SAME, "value_t")
