"""Refreshers against a server that replays documented shapes: right rows, the same rows again, and every fault said in a line."""

from __future__ import annotations

import copy
import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml

from casebook.data.record import Record
from casebook.errors import Problem
from casebook.project import Project
from casebook.refresh import folder, refresh
from casebook.refresh.fetch import Fetcher
from casebook.refresh.proposal import accept, agree
from tests.conftest import CONFIG, casebook, move_on
from tests.refresh.shapes import AWARDS, FACTS, SNAP, WORLD, award_page, release, spending
from tests.replay import Replay, Reply, replay

BUSY = Reply({"error": "slow down"}, 429, {"Retry-After": "0"})
FALLEN = Reply("<html>Internal Server Error</html>", 500)


def quiet(text: str) -> None:
    """Says nothing."""


@contextmanager
def source(project: Project, name: str, replies: dict[str, list[Reply]], **own: Any) -> Iterator[Replay]:
    """The project asking one source, which is this machine."""
    with replay(replies) as server:
        file = project.data / "refresh.yml"
        settings = yaml.safe_load(file.read_text("utf-8"))
        settings["sources"][name] |= {"address": server.address, "pause_seconds": 0, **own}
        file.write_text(yaml.safe_dump(settings), "utf-8")
        yield server


@contextmanager
def sec(project: Project, *replies: Reply) -> Iterator[Replay]:
    with source(project, "sec", {FACTS: list(replies)}, companies={"snap": 1564408}) as server:
        yield server


@contextmanager
def usaspending(project: Project, replies: dict[str, list[Reply]]) -> Iterator[Replay]:
    with source(project, "usaspending", replies, companies={"spacex": ["SPACE EXPLORATION TECHNOLOGIES CORP"]}) as server:
        yield server


@contextmanager
def usgs(project: Project, text: str = WORLD, find: Callable[[str], Any] = release) -> Iterator[Replay]:
    with source(project, "usgs", {}, years=[2027]) as server:
        server.replies |= {"/catalog/items": [Reply(find(server.address))], "/catalog/file/get/world": [Reply(text)]}
        yield server


def proposed(project: Project, name: str, kind: str, table: str) -> list[dict[str, str]]:
    with (folder(project, name) / kind / f"{table}.csv").open(encoding="utf-8", newline="") as text:
        return list(csv.DictReader(text))


def test_filings_become_rows_restatements_supersede_and_disagreements_stand_beside_ours(project: Project) -> None:
    with sec(project, Reply(SNAP)) as server:
        found = refresh(project, "sec", quiet)
    assert (found.known, len(found.new), len(found.supersedes), len(found.disagrees)) == (1, 1, 1, 1)
    (new,) = proposed(project, "sec", "new", "platform/financials")
    assert new["value"] == "7000000000" and new["published_on"] == "2028-02-05" and new["status"] == "audited"
    assert (new["period_start"], new["period_end"], new["period_type"]) == ("2027-01-01", "2027-12-31", "year")
    (later,) = proposed(project, "sec", "supersedes", "platform/financials")
    assert later["value"] == "7100000000" and later["supersedes"] == new["id"] and later["published_on"] == "2028-08-05"
    ours, theirs = proposed(project, "sec", "disagrees", "platform/financials")
    assert ours["id"] == "snap-revenue-2023" and theirs["value"] == "1"
    assert server.asked[0][3]["User-Agent"].startswith(f"{CONFIG['title']} (http")


def test_nothing_is_written_into_the_record_and_asking_again_gives_the_same(project: Project) -> None:
    before = {file: file.read_bytes() for file in project.data.rglob("*.csv")}
    with sec(project, Reply(SNAP, headers={"ETag": '"one"'})) as server:
        first = refresh(project, "sec", quiet)
        files = {file.name: file.read_bytes() for file in folder(project, "sec").rglob("*.csv")}
        assert refresh(project, "sec", quiet) == first and len(server.asked) == 1
        for kept in (project.work / "answers").rglob("*.json"):
            os.utime(kept, (0, 0))
        assert refresh(project, "sec", quiet) == first
        assert server.asked[-1][3]["If-None-Match"] == '"one"' and len(server.asked) == 2
    assert files == {file.name: file.read_bytes() for file in folder(project, "sec").rglob("*.csv")}
    assert before == {file: file.read_bytes() for file in project.data.rglob("*.csv")}


def test_a_person_accepts_and_then_there_is_nothing_new(project: Project) -> None:
    with sec(project, Reply(SNAP)):
        refresh(project, "sec", quiet)
        with pytest.raises(Problem, match="after the record's own day"):
            accept(project.data, folder(project, "sec"))
        move_on(project, "2029-03-01", "Filings.")
        assert accept(project.data, folder(project, "sec")) == 2
        record = Record(project.data)
        assert [row["value"] for row in record.rows("platform/financials", company="snap", period_end="2027-12-31")] == ["7100000000"]
        assert record.row("sources", "sec-0001564408-29-000010")["published_on"] == "2028-08-05"
        again = refresh(project, "sec", quiet)
        assert not again.new and not again.supersedes and again.known >= 2


def test_obligations_stand_apart_from_ceilings(project: Project) -> None:
    with usaspending(project, copy.deepcopy(AWARDS)) as server:
        refresh(project, "usaspending", quiet)
    rows = {row["id"]: row for row in proposed(project, "usaspending", "new", "government/awards")}
    spent = rows["usaspending-spacex-obligation-fy2024-2028-11-24"]
    assert (spent["amount"], spent["event_date"], spent["fiscal_years"], spent["published_on"]) == (
        "3500000000.50",
        "2024-09-30",
        "2024",
        "2028-11-24",
    )
    ceilings = {id: row["amount"] for id, row in rows.items() if row["award_kind"] == "contract_ceiling"}
    assert sorted(ceilings.values()) == ["1800000000.00", "5900000000.00"]
    assert next(row for row in rows.values() if row["amount"] == "5900000000.00")["fiscal_years"] == "2025"
    assert server.counts["/api/v2/search/spending_by_award/"] == 2 and "/api/v2/awards/CONT_AWD_D/" not in server.counts


def test_a_later_answer_of_the_same_source_supersedes(project: Project) -> None:
    with usaspending(project, copy.deepcopy(AWARDS)) as server:
        refresh(project, "usaspending", quiet)
        move_on(project, "2028-11-24", "Filings.")
        accept(project.data, folder(project, "usaspending"))
        # The end of the question has moved with the record's day, so it is asked anew.
        server.replies["/api/v2/search/spending_over_time/"] = [
            Reply(spending("2024", 3600000000.0), headers={"Date": "Sat, 25 Nov 2028 08:00:00 GMT"})
        ]
        server.replies["/api/v2/search/spending_by_award/"] = [Reply(award_page())]
        refresh(project, "usaspending", quiet)
    (row,) = proposed(project, "usaspending", "supersedes", "government/awards")
    assert row["amount"] == "3600000000.00" and row["supersedes"] == "usaspending-spacex-obligation-fy2024-2028-11-24"


def test_the_geological_survey_is_read_as_it_writes(project: Project) -> None:
    with usgs(project):
        refresh(project, "usgs", quiet)
    rows = {row["id"]: row for row in proposed(project, "usgs", "new", "lithium/supply")}
    chile = rows["usgs-mcs2027-production-chl-2026"]
    assert (chile["value_t"], chile["is_estimated"], chile["edition"], chile["published_on"]) == ("60000", "true", "MCS 2027", "2027-01-31")
    assert rows["usgs-mcs2027-production-chl-2025"]["value_t"] == "49000"
    # W is withheld and a dash says nothing: neither is a number. Lead is not lithium.
    assert set(rows) == {
        "usgs-mcs2027-production-chl-2025",
        "usgs-mcs2027-production-chl-2026",
        "usgs-mcs2027-production-wld-2025",
        "usgs-mcs2027-reserves-chl-2026",
        "usgs-mcs2027-reserves-usa-2026",
        "usgs-mcs2027-reserves-wld-2026",
    }


@pytest.mark.parametrize(
    "faults", [[BUSY], [FALLEN, BUSY], [Reply(SNAP, cut=True)], [Reply('{"cik": 1, "facts"')]], ids=["429", "500", "cut", "half"]
)
def test_a_passing_fault_is_survived(project: Project, faults: list[Reply]) -> None:
    with sec(project, *faults, Reply(SNAP)) as server:
        assert len(refresh(project, "sec", quiet).new) == 1
        assert len(server.asked) == len(faults) + 1


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        (BUSY, "answered 429 .*5 times; nothing is proposed. Try again later"),
        (FALLEN, "answered 500 .*5 times"),
        (Reply(SNAP, cut=True), "no whole answer came .*5 times"),
        (Reply('{"cik": 1, "facts"'), "cut, or is not JSON, 5 times"),
        (Reply({}, 403), "refused us .*under contact"),
        (Reply({}, 404), "answered 404 .*Correct data/refresh.yml"),
        (
            Reply({"cik": 1, "entityName": "Snap", "facts": {"us-gaap": {"Revenues": {"units": {"USD": [{"value": 3}]}}}}}),
            "another shape than documented",
        ),
        (Reply([1, 2]), "another shape than documented"),
    ],
)
def test_a_lasting_fault_is_said_and_leaves_the_last_proposal(project: Project, fault: Reply, said: str) -> None:
    with sec(project, Reply(SNAP)):
        refresh(project, "sec", quiet)
    before = {file: file.read_bytes() for file in folder(project, "sec").rglob("*") if file.is_file()}
    with sec(project, fault), pytest.raises(Problem, match=said) as problem:
        refresh(project, "sec", quiet)
    assert len(problem.value.findings) == 1
    assert before == {file: file.read_bytes() for file in folder(project, "sec").rglob("*") if file.is_file()}
    assert not list(project.root.rglob("*.part"))


def test_a_list_that_repeats_itself_is_not_taken_for_whole(project: Project) -> None:
    page = Reply(award_page(("CONT_AWD_A", 9e8), more=True))
    with usaspending(project, AWARDS | {"/api/v2/search/spending_by_award/": [page, page]}), pytest.raises(Problem, match="page 2 repeats"):
        refresh(project, "usaspending", quiet)
    assert not folder(project, "usaspending").exists()


def test_what_was_answered_before_a_fault_is_not_asked_again(project: Project) -> None:
    replies = AWARDS | {"/api/v2/awards/CONT_AWD_C/": [Reply({}, 404), Reply({}, 404), *AWARDS["/api/v2/awards/CONT_AWD_C/"]]}
    with usaspending(project, replies) as server:
        for _ in range(2):
            with pytest.raises(Problem, match="404"):
                refresh(project, "usaspending", quiet)
        assert len(refresh(project, "usaspending", quiet).new["government/awards"]) == 3
        assert server.counts["/api/v2/awards/CONT_AWD_A/"] == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WORLD.replace("UNIT_MEAS", "UNITS"), "UNIT_MEAS.* are wanted"),
        (WORLD.replace("Chile", "Chilie"), "'Chilie' is not a country we know; add it under places"),
        (WORLD.replace("metric tons", "carats"), "the unit is 'carats'"),
    ],
)
def test_a_table_of_another_shape_is_refused(project: Project, text: str, said: str) -> None:
    with usgs(project, text), pytest.raises(Problem, match=said):
        refresh(project, "usgs", quiet)


@pytest.mark.parametrize(
    ("items", "said"),
    [([], "no release has the title"), ([{"title": "Mineral Commodity Summaries 2027 Data Release"}], "no CSV file of world data")],
)
def test_a_release_that_is_not_there_is_said(project: Project, items: list[Any], said: str) -> None:
    with usgs(project, find=lambda address: {"items": items}), pytest.raises(Problem, match=said):
        refresh(project, "usgs", quiet)


def test_the_command_says_what_it_found_and_what_to_do(project: Project) -> None:
    with sec(project, Reply(SNAP)):
        done = casebook(project, "refresh", "sec")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip().endswith("in proposals/sec; read it, then: .venv/bin/casebook accept sec")
    done = casebook(project, "refresh", "moon")
    assert done.returncode == 1 and done.stderr.strip().startswith("moon: data/refresh.yml names no source 'moon'; use ")
    done = casebook(project, "accept", "usgs")
    assert done.returncode == 1 and "there is no such proposal" in done.stderr


def test_only_new_rows_leave_a_proposal(project: Project) -> None:
    known = copy.deepcopy(SNAP)
    known["facts"]["us-gaap"]["Revenues"]["units"]["USD"] = known["facts"]["us-gaap"]["Revenues"]["units"]["USD"][:2]
    with sec(project, Reply(SNAP)):
        refresh(project, "sec", quiet)
    with sec(project, Reply(known)):
        assert not refresh(project, "sec", quiet)
    assert not Path(folder(project, "sec")).exists()


@pytest.mark.parametrize(
    ("ours", "theirs", "same"),
    [
        ("5361000000", "5361398000", True),
        ("5361000000", "5361600000", False),
        ("5000000000", "5400000000", False),
        ("-15", "-15.0", True),
        ("15", "15.2", False),
        ("", "1", False),
        ("0", "1", False),
    ],
)
def test_a_rounded_figure_agrees_with_the_exact_one(ours: str, theirs: str, same: bool) -> None:
    assert agree(ours, theirs) is same


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("Türkiye", "text/csv"),
        ("\ufeffTürkiye", "text/csv"),
        ("Türkiye", "text/csv; charset=utf-8"),
        ("Türkiye".encode("latin-1"), "text/csv; charset=ISO-8859-1"),
    ],
)
def test_a_table_is_read_in_its_own_letters(tmp_path: Path, body: str | bytes, kind: str) -> None:
    with replay({"/table": [Reply(body, headers={"Content-Type": kind})]}) as server:
        assert Fetcher(tmp_path, "test", 0, quiet).get(f"{server.address}/table").text == "Türkiye"


@pytest.mark.parametrize("kind", ["text/csv", "text/csv; charset=klingon"])
def test_letters_that_cannot_be_read_are_never_guessed(tmp_path: Path, kind: str) -> None:
    reply = Reply("Türkiye".encode("latin-1"), headers={"Content-Type": kind})
    with replay({"/table": [reply]}) as server, pytest.raises(Problem, match="the answer is not in"):
        Fetcher(tmp_path, "test", 0, quiet).get(f"{server.address}/table")
