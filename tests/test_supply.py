"""The lock: every pin has hashes, and what is installed is what is pinned (`make supply` looks further)."""

from __future__ import annotations

import re
from importlib.metadata import distributions

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


@pytest.mark.parametrize("name", ["requirements", "supply"])
def test_every_pin_has_hashes_and_none_names_an_index(name: str) -> None:
    lock = (ROOT / f"{name}.lock").read_text("utf-8")
    blocks = re.split(r"\n(?=\S)", lock.strip())
    assert len(blocks) > 40 and all("==" in block and "--hash=sha256:" in block for block in blocks if not block.startswith("#"))
    assert not re.search(r"https?://|--index|--find-links|@ file", lock)
    asked = [line for line in (ROOT / f"{name}.in").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all(re.search(rf"^{Requirement(line).name.lower()}==", lock, re.MULTILINE) for line in asked)


def test_what_is_installed_is_the_lock() -> None:
    pins = [Requirement(line.rstrip(" \\")) for line in re.findall(r"^[A-Za-z0-9].*", LOCK, re.MULTILINE)]
    wanted = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins if not pin.marker or pin.marker.evaluate()}
    installed = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    assert len(wanted) > 100 and {name: installed.get(name) for name in wanted} == wanted
    # It offers jsonschema a grammar of IRIs that takes a second to load, whenever anything loads jsonschema.
    assert "rfc3987-syntax" not in wanted
    assert set(installed) - {pin.name for pin in pins} <= {"casebook", "pip"}
