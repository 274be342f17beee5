"""What the machine stands on: every pin has hashes, every licence is one we can keep to, and there is a bill of materials."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

from casebook.manifest import PIN
from tests.conftest import ROOT

LOCK = (ROOT / "requirements.lock").read_text("utf-8")


def run(*command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([str(Path(sys.executable).with_name(command[0])), *command[1:]], cwd=ROOT, capture_output=True, text=True, check=False)


def test_every_pin_has_hashes_and_none_names_an_index() -> None:
    blocks = re.split(r"\n(?=\S)", LOCK.strip())
    assert len(blocks) > 100 and all("==" in block and "--hash=sha256:" in block for block in blocks if not block.startswith("#"))
    assert not re.search(r"https?://|--index|--find-links|@ file", LOCK)


def test_what_is_installed_is_what_is_pinned() -> None:
    pins = {re.sub(r"[-_.]+", "-", name).lower(): version for name, version in PIN.findall(LOCK)}
    several = {name for name in pins if len(re.findall(rf"^{re.escape(name)}==", LOCK, re.MULTILINE)) > 1}
    installed = {re.sub(r"[-_.]+", "-", one.metadata["Name"]).lower(): one.version for one in distributions()}
    assert {name: version for name, version in installed.items() if name in pins and name not in several and pins[name] != version} == {}
    assert set(installed) - set(pins) <= {"casebook", "pip"}


def test_every_licence_is_on_the_list() -> None:
    done = run("pip-licenses", "--format=json")
    assert done.returncode == 0, done.stderr
    assert len(json.loads(done.stdout)) > 100


def test_the_bill_of_materials_names_every_pin() -> None:
    done = run("cyclonedx-py", "requirements", "requirements.lock", "--output-reproducible")
    assert done.returncode == 0, done.stderr
    components = {component["name"].lower() for component in json.loads(done.stdout)["components"]}
    assert {name.lower() for name, _ in PIN.findall(LOCK)} <= components
