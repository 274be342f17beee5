"""The lock: every pin has hashes, and what is installed is what is pinned (`make supply` looks further)."""

from __future__ import annotations

import re
from importlib.metadata import distributions

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def test_every_pin_has_hashes_and_none_names_an_index() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) > 100 and all("==" in block and "--hash=sha256:" in block for block in blocks if not block.startswith("#"))
    assert not re.search(r"https?://|--index|--find-links|@ file", LOCK)


def test_what_is_installed_is_the_lock() -> None:
    pins = [Requirement(line.rstrip(" \\")) for line in re.findall(r"^[A-Za-z0-9].*", LOCK, re.MULTILINE)]
    wanted = {pin.name: str(pin.specifier).removeprefix("==") for pin in pins if not pin.marker or pin.marker.evaluate()}
    installed = {canonicalize_name(one.metadata["Name"]): one.version for one in distributions()}
    assert len(wanted) > 100 and {name: installed.get(name) for name in wanted} == wanted
    assert set(installed) - {pin.name for pin in pins} <= {"casebook", "pip"}
