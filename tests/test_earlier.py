"""Earlier editions: each version's site stays at an address of its own, as it was, and leads to today's pages."""

from __future__ import annotations

import json
from pathlib import Path

from casebook.earlier import keep

PAGE = '<body><header id="pst-header"></header><img src="{up}pictures/a.png"><a href="{up}rows/a.zip"></a></body>'


def a_site(folder: Path, version: str, *pages: str) -> Path:
    for page in pages:
        (folder / page).parent.mkdir(parents=True, exist_ok=True)
        (folder / page).write_text(PAGE.format(up="../" * page.count("/")), "utf-8")
    (folder / "pictures").mkdir()
    (folder / "pictures" / "a.png").write_bytes(b"")
    (folder / "manifest.json").write_text(json.dumps({"record": version}), "utf-8")
    return folder


def test_every_version_stays_and_leads_to_today(tmp_path: Path) -> None:
    one = a_site(tmp_path / "one", "2026.11.23", "index.html", "a/gone.html", "a/b/kept.html")
    two = a_site(tmp_path / "two", "2026.11.24", "index.html", "a/b/kept.html")
    keep(one, two, {"title": "T", "html": {}})
    three = a_site(tmp_path / "three", "2026.11.25", "index.html", "a/b/kept.html")
    keep(two, three, {"title": "T", "html": {}})
    first = three / "editions" / "2026.11.23"
    kept, gone = (first / "a" / "b" / "kept.html").read_text("utf-8"), (first / "a" / "gone.html").read_text("utf-8")
    # Pictures are the site's own, which it keeps; what only that edition has, stays its own.
    assert 'src="../../../../pictures/a.png"' in kept and 'href="../../rows/a.zip"' in kept and not (first / "pictures").exists()
    assert 'href="../../../../a/b/kept.html"' in kept and 'href="../../../index.html"' in gone and "version 2026.11.23" in kept
    assert not (three / "editions" / "2026.11.24" / "editions").exists()
    listed = (three / "editions" / "index.html").read_text("utf-8")
    assert listed.index("2026.11.25") < listed.index('"2026.11.24/index.html"') < listed.index('"2026.11.23/index.html"')


def test_a_site_of_the_same_version_is_replaced(tmp_path: Path) -> None:
    old, new = (a_site(tmp_path / name, "2026.11.23", "index.html") for name in ("old", "new"))
    keep(old, new, {"title": "T", "html": {}})
    assert [file.name for file in (new / "editions").iterdir()] == ["index.html"]
    assert "There is none yet" in (new / "editions" / "index.html").read_text("utf-8")
    # The first build of all has no site to keep.
    first = a_site(tmp_path / "first", "2026.11.23", "index.html")
    keep(tmp_path / "nowhere", first, {"title": "T", "html": {}})
    assert (first / "editions" / "index.html").is_file()
