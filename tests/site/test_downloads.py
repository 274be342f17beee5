"""What a reader takes away: every download holds the rows that it and the page announce."""

from __future__ import annotations

import json
import re
from pathlib import Path

from casebook.data.record import LATEST, split
from casebook.plan import made_page, reads_of
from tests.conftest import RECORD, ROOT
from tests.site.reading import download, exhibits, words


def test_every_download_holds_the_rows_that_it_announces(site: Path) -> None:
    for file in sorted([*(site / "exhibits").glob("*.zip"), *(site / "rows").rglob("*.zip")]):
        found = download(file)
        assert {table: len(rows) for table, rows in found.rows.items()} == {table: about["rows"] for table, about in found.about["tables"].items()}, (
            file
        )
        for table, rows in found.rows.items():
            assert re.search(rf"- {table}\.csv: .+, {len(rows)} rows?\n", found.readme), (file, table)
        named = {id for table, rows in found.rows.items() if table != "sources" for row in rows for id in split(row.get("source_ids", ""))}
        public = {id for id in named if RECORD.row("sources", id)["published_on"] <= found.about["known_on"]}
        assert public <= {row["id"] for row in found.rows["sources"]}, file


def test_the_download_of_an_exhibit_holds_every_row_it_rests_on(site: Path) -> None:
    published = json.loads((site / "exhibits.json").read_text("utf-8"))
    framed = [exhibit for exhibit in published if (site / "exhibits" / f"{exhibit['id']}.zip").is_file()]
    assert len(framed) > 100
    for exhibit in framed:
        found = download(site / "exhibits" / f"{exhibit['id']}.zip").rows
        for table, ids in exhibit["rows"].items():
            assert [row["id"] for row in found[table]] == ids, (exhibit["id"], table)
            if exhibit["as_of"] == LATEST:
                assert found[table] == [RECORD.row(table, id) for id in ids]


def test_the_download_of_a_page_holds_every_row_it_read(site: Path) -> None:
    for file in sorted((site / "rows").rglob("*.zip")):
        read: dict[str, set[str]] = {}
        for one in reads_of(made_page(ROOT / "book", file.relative_to(site / "rows").with_suffix("").as_posix())):
            for table, ids in one["rows"].items():
                read.setdefault(table, set()).update(ids)
        found = download(file).rows
        assert {table: {row["id"] for row in found[table]} for table in read if table != "sources"} == {
            table: ids for table, ids in read.items() if table != "sources"
        }, file


def test_under_an_exhibit_stand_as_many_rows_as_its_foot_says(site: Path) -> None:
    for id, figure in exhibits(site):
        foot = re.match(r"(\d+) rows? from (\d+) sources?", words(figure.xpath(".//p[@class='foot']")[0]))
        assert foot, id
        shown = figure.xpath(".//details[summary='Data']//tbody/tr")
        assert len(shown) == int(foot[1]), id
