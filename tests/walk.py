"""A walk of random edits over the starter's book, built after each, and held against a build from nothing."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from casebook.edition import Edition
from casebook.frame import ASSETS
from casebook.project import Project
from casebook.publish import build
from tests import edits
from tests.conftest import ROOT
from tests.faults import CARRIED

# What a person edits of a story; the rest is made.
OWN = ("data", "notebooks", "book", "_config.yml", "_toc.yml", "requirements.lock")
MAP = """from casebook import figures, map_, read

said = read("claims/rules", as_of, step=2)
said["iso3"] = figures.countries()[0]
fig = figures.world_map(said.groupby("iso3").size(), "count", figures.ids_by(said, "iso3"))
map_(fig, id="where", title="Where", alt="One country.", rows=said, units={"z": "count"})
"""


Edit = Callable[[Path, random.Random], None]


class Walk:
    """A story under `folder` that is edited and built again and again; `seed` says which edits."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.lot, self.root, self.first = random.Random(seed), folder / "story", folder / "first"
        shutil.copytree(ASSETS / "starter", self.root)
        for file in ("_config.yml", "requirements.lock", "book/favicon.svg"):
            shutil.copy(ROOT / file, self.root / file)
        with_a_map(self.root)
        copy(self.root, self.first)
        self.done: list[str] = []
        self.at_first = self.made()

    def edit(self, times: int, among: Sequence[Edit]) -> None:
        """Edit the story so many times."""
        for change in self.lot.choices(among, k=times):
            self.done.append(change.__name__)
            change(self.root, self.lot)

    def undo(self) -> None:
        """Bring back what was there at first, with its times; what came since goes, but for what was made."""
        self.done.append("undo")
        for name in OWN:
            for file in [file for file in (self.root / name).rglob("*") if file.is_file() and not (name == "book" and file.suffix == ".ipynb")]:
                file.unlink()
        shutil.copytree(self.first, self.root, dirs_exist_ok=True)

    def made(self) -> dict[str, str]:
        """The site after a build of what is there now, as digests of its files."""
        return site_of(self.root)

    def from_nothing(self) -> dict[str, str]:
        """The same of a build in a folder that holds nothing but what a person edits."""
        clean = self.root.with_name("clean")
        shutil.rmtree(clean, ignore_errors=True)
        copy(self.root, clean)
        return site_of(clean)


def differences(made: Mapping[str, str], clean: Mapping[str, str]) -> set[str]:
    """Names of the files that are not the same in both, but for those that a site carries on from the sites before it."""
    own = {name for name in made if name.split("/")[0] not in CARRIED}
    return {name for name in own | clean.keys() if made.get(name) != clean.get(name)}


def site_of(root: Path) -> dict[str, str]:
    """Build a story; digests of the files of its site, by name."""
    edition = Edition(Project(root))
    build(edition, say=lambda line: None)
    files = sorted(file for file in edition.site.rglob("*") if file.is_file())
    return {file.relative_to(edition.site).as_posix(): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


def with_a_map(root: Path) -> None:
    """Give the starter's book a page of a map, whose text does not say of which day it is."""
    edits.content(root, "notebooks/pages.yml", lambda pages: pages.append({"page": "water/where", "notebook": "water/where", "exhibits": ["where"]}))
    edits.text(
        root, "_toc.yml", lambda old: old.replace("          - file: water/use\n", "          - file: water/use\n          - file: water/where\n")
    )
    use = json.loads((root / "notebooks" / "water" / "use.ipynb").read_text("utf-8"))
    use["cells"] = use["cells"][:3]
    use["cells"][0]["source"], use["cells"][2]["source"] = ["# A country\n"], MAP.splitlines(True)
    (root / "notebooks" / "water" / "where.ipynb").write_text(json.dumps(use, indent=1), "utf-8")
    edits.shapes(root, random.Random(1))


def copy(root: Path, to: Path) -> None:
    """Copy what a person edits, with its times, as an unpacked archive has it."""
    to.mkdir(parents=True)
    for name in OWN:
        if (root / name).is_dir():
            shutil.copytree(root / name, to / name, ignore=shutil.ignore_patterns("*.ipynb") if name == "book" else None)
        else:
            shutil.copy2(root / name, to / name)
