"""What a reader takes away of the book: rows as CSV, figures as JSON, pictures, and pages to embed."""

from __future__ import annotations

import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from casebook import csp, pictures
from casebook.data.record import split
from casebook.files import as_csv
from casebook.frame import ASSETS, Book, frame, frozen_name, render
from casebook.plan import Step, made_page, reads_of
from casebook.reviews import address

# Folders whose files never change once published, so what was embedded or linked yesterday stands tomorrow.
IMMUTABLE_FOLDERS = ("frozen", "pictures")


def write(book: Book, steps: Sequence[Step], site: Path) -> None:
    """Put into a staged site, for each chart, map and table: figure, rows, pictures, and pages to embed, live and frozen."""
    for folder in ("exhibits", *IMMUTABLE_FOLDERS):
        (site / folder).mkdir()
    style = Markup((ASSETS / "embed.css").read_text("utf-8"))  # noqa: S704 our own style sheet
    for exhibit in book.framed():
        id = exhibit["id"]
        if figure := book.figures.get(id):
            (site / "exhibits" / f"{id}.json").write_text(json.dumps(figure, ensure_ascii=False, separators=(",", ":")), "utf-8")
            for name in pictures.names(book.picture_key(id)):
                if (drawn := pictures.folder(book.project) / name).is_file():
                    shutil.copyfile(drawn, site / "pictures" / name)
        for file in (f"exhibits/{id}.html", f"frozen/{frozen_name(book, exhibit)}"):
            is_frozen = file.startswith("frozen")
            shown = frame(book, exhibit, "../", first=True, embedded="frozen" if is_frozen else "live")
            page = render(
                "embed.html",
                exhibit=exhibit,
                frame=shown,
                style=style,
                page=book.page_of[id],
                script=not is_frozen,
                policy=csp.FROZEN if is_frozen else csp.policy([]),
                config=book.config,
            )
            (site / file).write_text(page, "utf-8")
        about = {
            "exhibit": id,
            "title": exhibit["title"],
            "subtitle": exhibit.get("subtitle", ""),
            "address": f"{address(book.config, book.page_of[id] + '.html')}#{id}",
            "notebook": book.made_by[id]["notebook"],
            "parameters": book.made_by[id]["parameters"],
        }
        zip_rows(book, exhibit["rows"], exhibit["as_of"], about, site / "exhibits" / f"{id}.zip")
    for step in steps:
        ids: dict[str, set[str]] = {}
        for read in reads_of(made_page(book.folder, step.page.name)):
            for table, found in read["rows"].items():
                ids.setdefault(table, set()).update(found)
        about = {
            "page": step.page.name,
            "address": address(book.config, f"{step.page.name}.html"),
            "notebook": step.page.notebook,
            "parameters": step.page.parameters,
        }
        zip_rows(book, ids, step.page.parameters["as_of"], about, site / "rows" / f"{step.page.name}.zip")


def keep(old: Path, site: Path) -> None:
    """Carry the frozen pages and pictures of the standing site `old` on into the staged `site`."""
    for folder in IMMUTABLE_FOLDERS:
        for file in sorted((old / folder).glob("*")):
            if not (site / folder / file.name).exists():
                shutil.copyfile(file, site / folder / file.name)


def zip_rows(book: Book, rows: Mapping[str, Sequence[str] | set[str]], as_of: str, about: Mapping[str, Any], file: Path) -> None:
    """Write rows (ids by table) with their sources: a CSV a table, metadata as JSON, and a README with the citation."""
    record = book.record
    ids = {table: set(wanted) for table, wanted in rows.items()}
    ids.setdefault("sources", set()).update(
        source for table, wanted in rows.items() for row in wanted for source in split(record.row(table, row).get("source_ids", ""))
    )
    known_on = record.known_on(as_of)
    held = {table: record.named(table, wanted, as_of) for table, wanted in sorted(ids.items())}
    tables = {
        table: {"path": f"{table}.csv", "title": record.tables[table]["title"], "rows": len(found), "fields": list(record.fields(table).values())}
        for table, found in held.items()
    }
    package = record.package
    metadata = {**about, "known_on": known_on, "version": package["version"], "license": "CC BY 4.0", "tables": tables}
    citation = (
        f"{book.config['author']}: “{about.get('title', about.get('page'))}”, in {book.config['title']}, as known on {known_on}. {about['address']}"
    )
    file.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for table, found in held.items():
            _put(archive, f"{table}.csv", as_csv(record.fields(table), found))
        _put(archive, "metadata.json", json.dumps(metadata, ensure_ascii=False, indent=1) + "\n")
        _put(archive, "README.txt", render("readme.txt", citation=citation, tables=tables, about=about))


def _put(archive: zipfile.ZipFile, name: str, text: str) -> None:
    # A fixed date, so that the same rows give the same bytes.
    archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), text, zipfile.ZIP_DEFLATED)
