"""The site as an RO-Crate (Research Object Crate 1.1, https://w3id.org/ro/crate/1.1): record, notebooks, pages, and the runs that made them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from casebook.data.record import Record
from casebook.plan import Step
from casebook.reviews import address

FILE = "ro-crate-metadata.json"
CONTEXT = "https://w3id.org/ro/crate/1.1/context"
PROFILE = "https://w3id.org/ro/crate/1.1"


def crate(record: Record, config: dict[str, Any], steps: Sequence[Step]) -> dict[str, Any]:
    """The crate's metadata: a flat list of entities (JSON-LD) that name each other by id."""
    package, repository = record.package, config.get("repository", {}).get("url", "")
    author: dict[str, Any] = {"@id": "#author", "@type": "Organization", "name": config["author"]}
    licence = {"@id": package["licenses"][0]["path"], "@type": "CreativeWork", "name": package["licenses"][0]["title"]}
    engine = {"@id": "#papermill", "@type": "SoftwareApplication", "name": "papermill", "url": "https://papermill.readthedocs.io/"}
    tables = [
        {
            "@id": f"data/{table['path']}",
            "@type": "File",
            "name": table["title"],
            "description": table["description"],
            "encodingFormat": "text/csv",
        }
        for table in record.tables.values()
    ]
    templates = [
        {
            "@id": f"{repository}/blob/{config['repository']['branch']}/notebooks/{name}.ipynb" if repository else f"#notebooks/{name}.ipynb",
            "@type": ["SoftwareSourceCode", "CreativeWork"],
            "name": f"notebooks/{name}.ipynb",
            "programmingLanguage": "Python",
        }
        for name in sorted({step.page.notebook for step in steps})
    ]
    template_id = {entity["name"]: entity["@id"] for entity in templates}
    pages = [{"@id": f"{step.page.name}.html", "@type": "File", "name": step.page.name, "encodingFormat": "text/html"} for step in steps]
    runs = [
        {
            "@id": f"#run-{step.page.name}",
            "@type": "CreateAction",
            "name": f"{step.page.notebook} with {json.dumps(step.page.parameters, ensure_ascii=False, sort_keys=True)}",
            "instrument": [{"@id": template_id[f"notebooks/{step.page.notebook}.ipynb"]}, {"@id": "#papermill"}],
            "object": {"@id": "data/datapackage.json"},
            "result": {"@id": f"{step.page.name}.html"},
        }
        for step in steps
    ]
    descriptor = {"@id": "data/datapackage.json", "@type": "File", "name": package["title"], "encodingFormat": "application/json"}
    manifest = {"@id": "manifest.json", "@type": "File", "name": "What every page was made of, as digests", "encodingFormat": "application/json"}
    parts = [descriptor, manifest, *tables, *pages]
    root = {
        "@id": "./",
        "@type": "Dataset",
        "name": config["title"],
        "description": package["description"],
        "datePublished": record.known_on("latest"),
        "version": package["version"],
        "license": {"@id": licence["@id"]},
        "author": {"@id": "#author"},
        "hasPart": [{"@id": part["@id"]} for part in parts],
        "mentions": [{"@id": run["@id"]} for run in runs],
        **({"url": address(config, "index.html")} if config.get("html", {}).get("baseurl") else {}),
    }
    about = {"@id": FILE, "@type": "CreativeWork", "conformsTo": {"@id": PROFILE}, "about": {"@id": "./"}}
    return {"@context": CONTEXT, "@graph": [about, root, author, licence, engine, *parts, *templates, *runs]}


def write(record: Record, config: dict[str, Any], steps: Sequence[Step], site: Path) -> None:
    """Put the metadata into a staged site."""
    (site / FILE).write_text(json.dumps(crate(record, config, steps), ensure_ascii=False, indent=1) + "\n", "utf-8")
