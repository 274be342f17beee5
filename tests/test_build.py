"""From a change to a published site, on a small book: what runs, what stops the build, and what then stands."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import pytest
import yaml

from casebook.data.record import Record
from casebook.plan import plan
from casebook.project import Project
from tests.conftest import ROOT, casebook, edit_row

STAFF_NUMBERS = nbformat.read(ROOT / "notebooks/platform/x_staff.ipynb", 4).cells[-1].source


def states(project: Project) -> dict[str, str]:
    return {step.page.name: f"{step.state}: {step.why}" for step in plan(project, Record(project.data), project.book)}


def notebook(project: Project, name: str, change: Callable[[nbformat.NotebookNode], None]) -> None:
    file = project.notebooks / f"{name}.ipynb"
    template = nbformat.read(file, 4)
    change(template)
    nbformat.write(template, file)


def snapshot(site: Path) -> dict[str, bytes]:
    return {str(f.relative_to(site)): f.read_bytes() for f in site.rglob("*") if f.is_file()}


def test_a_second_build_runs_nothing(small: Project) -> None:
    assert set(states(small).values()) == {"fresh: nothing changed"}
    done = casebook(small, "build")
    assert done.returncode == 0 and "nothing changed" in done.stdout, done.stdout + done.stderr


def test_a_row_makes_stale_the_pages_that_read_it_and_no_other(small: Project) -> None:
    edit_row(small.data / "platform/staff.csv", "hc-2025-08-musk", lambda row: row.update(headcount="1201"))
    now = states(small)
    assert now["platform/x-staff"] == "stale: rows of platform/staff: changed" and now["government/channels"].startswith("fresh")


def test_a_comment_changes_text_and_runs_nothing(small: Project) -> None:
    notebook(small, "platform/x_staff", lambda t: t.cells[2].update(source="# a reason\n" + t.cells[2].source))
    assert states(small)["platform/x-staff"] == "reworded: text changed"
    before = json.loads((small.book / "platform/x-staff.ipynb").read_text())
    assert casebook(small, "build").returncode == 0
    after = json.loads((small.book / "platform/x-staff.ipynb").read_text())
    assert [c.get("outputs") for c in before["cells"]] == [c.get("outputs") for c in after["cells"]]
    assert "# a reason" in str(after) and states(small)["platform/x-staff"].startswith("fresh")


def test_code_makes_its_pages_stale(small: Project) -> None:
    notebook(small, "platform/x_staff", lambda t: t.cells[2].update(source=t.cells[2].source + "\nx = 1"))
    assert states(small)["platform/x-staff"] == "stale: the notebook's code changed"


def test_a_corrected_row_reaches_the_site(small: Project) -> None:
    edit_row(small.data / "platform/staff.csv", "hc-2023-04-11-musk", lambda row: row.update(headcount="2250"))
    done = casebook(small, "build")
    assert done.returncode == 0, done.stderr
    assert "2 pages, 1 to make" in done.stdout and ">70%</button>" in (small.site / "index.html").read_text()


def test_a_page_that_left_the_plan_leaves_the_site(small: Project) -> None:
    pages = small.notebooks / "pages.yml"
    pages.write_text(yaml.safe_dump([e for e in yaml.safe_load(pages.read_text()) if e["page"] != "government/channels"]))
    toc = small.root / "_toc.yml"
    toc.write_text(toc.read_text().replace("  - file: government/channels\n", ""))
    done = casebook(small, "build")
    assert done.returncode == 0, done.stderr
    assert not (small.site / "government/channels.html").exists() and (small.site / "platform/x-staff.html").exists()


def test_a_page_that_failed_to_leave_leaves_with_the_next_build(small: Project) -> None:
    """The page is gone from the plan while another fails: no sidebar may keep it afterwards."""
    pages, toc = small.notebooks / "pages.yml", small.root / "_toc.yml"
    pages.write_text(yaml.safe_dump([e for e in yaml.safe_load(pages.read_text()) if e["page"] != "government/channels"]))
    toc.write_text(toc.read_text().replace("  - file: government/channels\n", ""))
    notebook(small, "platform/x_staff", lambda t: t.cells[-1].update(source="1 / 0"))
    assert casebook(small, "build").returncode == 1
    notebook(small, "platform/x_staff", lambda t: t.cells[-1].update(source=STAFF_NUMBERS))
    done = casebook(small, "build")
    assert done.returncode == 0, done.stderr
    assert not (small.site / "government/channels.html").exists()
    assert "government/channels.html" not in (small.site / "index.html").read_text()


def test_a_renamed_source_reaches_the_pages_that_cite_it(small: Project) -> None:
    edit_row(small.data / "sources.csv", "qz-hc-2013", lambda row: row.update(title="Renamed by its editors"))
    done = casebook(small, "build")
    assert done.returncode == 0 and "0 to make" in done.stdout, done.stdout + done.stderr
    assert "Renamed by its editors" in (small.site / "platform/x-staff.html").read_text()


MISTAKES: dict[str, tuple[Callable[[Project], object], list[str]]] = {
    "a notebook that raises": (
        lambda p: notebook(p, "platform/x_staff", lambda t: t.cells[-1].update(source="1 / 0")),
        ["page platform/x-staff (notebooks/platform/x_staff.ipynb as_of=latest): cell 5, line 1: ZeroDivisionError: division by zero"],
    ),
    "a chart that was not published": (
        lambda p: notebook(p, "platform/x_staff", lambda t: t.cells[3].update(source=t.cells[3].source.partition("chart(\n")[0])),
        ["page platform/x-staff", "it must publish 'x-staff'"],
    ),
    "words that no longer hold": (
        lambda p: edit_row(p.data / "platform/staff.csv", "hc-2023-04-11-musk", lambda row: row.update(headcount="7400")),
        ["book/index.md:3", "holds 'x-staff-cut > 0.5' is false now", "rewrite the sentence beside it: Staff fell by"],
    ),
    "a link that leads nowhere": (
        lambda p: (p.book / "index.md").write_text((p.book / "index.md").read_text() + '\n<a href="nowhere.html">x</a>\n'),
        ["index.html: the link 'nowhere.html' leads nowhere."],
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_said_in_one_line_and_the_site_stands(small: Project, mistake: str) -> None:
    spoil, says = MISTAKES[mistake]
    before = snapshot(small.site)
    spoil(small)
    done = casebook(small, "build")
    assert done.returncode == 1 and "Traceback" not in done.stderr, done.stdout + done.stderr
    lines = done.stderr.strip().splitlines()
    assert len(lines) == 1 and all(part in lines[0] for part in says), lines
    assert snapshot(small.site) == before


def test_other_pages_run_when_one_fails(small: Project) -> None:
    notebook(small, "platform/x_staff", lambda t: t.cells[-1].update(source="1 / 0"))
    (small.book / "government/channels.ipynb").unlink()
    assert casebook(small, "build").returncode == 1
    assert (small.book / "government/channels.ipynb").is_file()
    assert states(small)["government/channels"].startswith("fresh")


def test_a_frozen_embed_keeps_its_value_when_the_data_changes(small: Project) -> None:
    frozen = {file.name: file.read_bytes() for file in (small.site / "frozen").glob("x-staff-*.html")}
    live = (small.site / "exhibits" / "x-staff.json").read_bytes()
    pictures = {file.name for file in (small.site / "pictures").iterdir()}
    assert len(frozen) == 1
    edit_row(small.data / "platform" / "staff.csv", "hc-2025-08-musk", lambda row: row.update(headcount="1201"))
    done = casebook(small, "build")
    assert done.returncode == 0, done.stderr
    assert (small.site / "exhibits" / "x-staff.json").read_bytes() != live
    kept = {file.name: file.read_bytes() for file in (small.site / "frozen").glob("x-staff-*.html")}
    assert len(kept) == 2 and frozen.items() <= kept.items()
    assert pictures < {file.name for file in (small.site / "pictures").iterdir()}


def test_what_an_earlier_build_left_is_read_before_it_goes_out_again(small: Project) -> None:
    page = next((small.site / "frozen").glob("*.html"))
    page.with_name("left-0.html").write_text(page.read_text("utf-8").replace("</main>", "<p onclick=hit()>x</p></main>"), "utf-8")
    (small.site / "pictures" / "left.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg"><script>hit()</script></svg>', "utf-8")
    before = snapshot(small.site)
    edit_row(small.data / "platform" / "staff.csv", "hc-2025-08-musk", lambda row: row.update(headcount="1201"))
    done = casebook(small, "build")
    lines = done.stderr.strip().splitlines()
    assert done.returncode == 1 and [line.partition(":")[0] for line in lines] == ["frozen/left-0.html", "pictures/left.svg"], lines
    assert snapshot(small.site) == before


def test_pictures_go_with_the_browser_and_come_back_with_it(small: Project) -> None:
    drawn = snapshot(small.site)
    done = casebook(small, "build", CASEBOOK_BROWSER="none")
    assert done.returncode == 0 and "pictures: none, as CASEBOOK_BROWSER says" in done.stdout, done.stdout + done.stderr
    page = (small.site / "platform" / "x-staff.html").read_text("utf-8")
    assert "is-undrawn" in page and "<noscript>" in page and "<picture" not in page
    shutil.rmtree(small.work / "pictures")
    done = casebook(small, "build")
    assert done.returncode == 0 and "nothing changed" not in done.stdout, done.stdout + done.stderr
    assert snapshot(small.site) == drawn


def test_two_builds_at_once_come_one_after_the_other(small: Project) -> None:
    edit_row(small.data / "platform" / "staff.csv", "hc-2025-08-musk", lambda row: row.update(headcount="1201"))
    with ThreadPoolExecutor(2) as both:
        done = list(both.map(lambda _: casebook(small, "build"), range(2)))
    assert [one.returncode for one in done] == [0, 0], done[0].stderr + done[1].stderr
    assert sum("another build is under way" in one.stdout and "nothing changed" in one.stdout for one in done) == 1
    assert set(states(small).values()) == {"fresh: nothing changed"}
