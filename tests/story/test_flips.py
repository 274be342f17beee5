"""Each scenario of claims/flips, laid over the record, moves its verdict as it says."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest

from casebook.project import Project
from casebook.verdicts import FLIPS_TABLE, VERDICTS, steps_by_claim
from casebook.what_if import apply, verdicts_if
from tests.conftest import RECORD, ROOT

SCALE = list(VERDICTS)
FLIPS = RECORD.rows(FLIPS_TABLE)
SCENARIOS = {flip["scenario"]: flip for flip in FLIPS}


def rounds() -> list[list[str]]:
    """Scenarios that can be tried at once: of each claim one, and none whose table another of them corrects."""
    found: list[list[str]] = []
    for name, flip in SCENARIOS.items():
        room = next((one for one in found if all(_apart(SCENARIOS[other], flip) for other in one)), None)
        if room is None:
            found.append(room := [])
        room.append(name)
    return found


def _apart(one: dict[str, str], other: dict[str, str]) -> bool:
    shared = {"company", "subject", "holder", "agency"}
    about = [{pair for pair in flip["cells"].split(";") if pair.partition("=")[0] in shared} for flip in (one, other)]
    return one["claim_id"] != other["claim_id"] and (one["table"] != other["table"] or about[0] != about[1])


@pytest.mark.parametrize("names", rounds(), ids=lambda names: names[0])
def test_a_scenario_moves_its_verdict_as_told(names: list[str], tmp_path: Path) -> None:
    found = verdicts_if(Project(ROOT), tmp_path, lambda data: apply(data, names))
    assert {name: found.get(SCENARIOS[name]["claim_id"]) for name in names} == {name: SCENARIOS[name]["verdict"] for name in names}


def test_every_computed_verdict_says_what_would_move_it_up_and_down() -> None:
    """Where the scale of its rule allows: the best step has no way up, the last none down."""
    stored = {row["claim_id"]: row["verdict"] for row in RECORD.rows("claims/verdicts")}
    directions = defaultdict(set)
    for flip in FLIPS:
        directions[flip["claim_id"]].add(flip["direction"])
    missing = []
    for claim, steps in steps_by_claim(RECORD, "latest").items():
        reachable = sorted({SCALE.index(step["verdict"]) for step in steps})
        now = SCALE.index(stored[claim])
        missing += [f"{claim} up" for _ in range(now > reachable[0] and "up" not in directions[claim])]
        missing += [f"{claim} down" for _ in range(now < reachable[-1] and "down" not in directions[claim])]
    assert missing == []


def test_directions_are_true() -> None:
    stored = {row["claim_id"]: row["verdict"] for row in RECORD.rows("claims/verdicts")}
    for flip in FLIPS:
        moved = SCALE.index(stored[flip["claim_id"]]) - SCALE.index(flip["verdict"])
        assert (moved > 0, moved < 0) == (flip["direction"] == "up", flip["direction"] == "down"), flip["id"]
