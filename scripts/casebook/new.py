"""Another story: the machine without our data, chapters and verdicts, and a small example in their place."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import yaml

from casebook.errors import Problem
from casebook.frame import ASSETS

# What a story brings of its own, or has no use for.
LEFT = ("data", "notebooks", "book", "tests", "docs", "proposals", "scripts/bench", "scripts/casebook/assets/starter")
LEFT_FILES = ("README.md", "LICENSE-DATA", "CITATION.cff", ".zenodo.json", "_config.yml", "_toc.yml")


def new(machine: Path, to: Path, title: str, author: str, repository: str) -> None:
    """Make the folder `to`: the example story under its own title, and the machine of the clone at `machine`.

    `repository`: its web address, such as https://github.com/you/story. Raises Problem where `to` is not empty, or
    `machine` is no clone.
    """
    if to.exists() and any(to.iterdir()):
        raise Problem(f"{to}: the folder is not empty; name a new one.")
    if not re.fullmatch(r"https://[^/\s]+/[^/\s]+/[^/\s]+", repository):
        raise Problem(f"{repository}: write the repository's web address, such as https://github.com/you/story.")
    for name in tracked(machine):
        if not name.startswith(tuple(f"{folder}/" for folder in LEFT)) and name not in LEFT_FILES and (machine / name).is_file():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(machine / name, to / name)
    shutil.copytree(ASSETS / "starter", to, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(machine / "book" / "favicon.svg", to / "book" / "favicon.svg")
    own = {"title": title, "author": author, "repository": repository, "owner": repository.split("/")[3], "name": repository.split("/")[4]}
    _config(machine / "_config.yml", to / "_config.yml", own)
    for file in (to / "README.md", to / "CITATION.cff", to / "LICENSE-DATA"):
        file.write_text(filled(file.read_text("utf-8"), own), "utf-8")
    package = to / "data" / "datapackage.json"
    content = json.loads(package.read_text("utf-8")) | {"name": re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-"), "title": f"{title}: the record"}
    content["contributors"] = [{"title": author, "roles": ["author"]}]
    package.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def filled(text: str, own: dict[str, str]) -> str:
    """A text of the starter with `[[title]]`, `[[author]]`, `[[repository]]`, `[[owner]]` and `[[name]]` filled in."""
    return re.sub(r"\[\[(\w+)\]\]", lambda field: own[field[1]], text)


def tracked(machine: Path) -> list[str]:
    """Files of a clone that git knows. Raises Problem where it is none."""
    done = subprocess.run(["git", "ls-files", "-z"], cwd=machine, capture_output=True, text=True, check=False)
    if done.returncode or not done.stdout:
        raise Problem(f"{machine}: not a git clone; run this command in a clone of the repository.")
    return done.stdout.rstrip("\0").split("\0")


def _config(ours: Path, to: Path, own: dict[str, str]) -> None:
    config = yaml.safe_load(ours.read_text("utf-8"))
    config |= {"title": own["title"], "author": own["author"]}
    config["html"]["baseurl"] = f"https://{own['owner'].lower()}.github.io/{own['name']}/"
    config["repository"]["url"] = config["sphinx"]["config"]["html_theme_options"]["repository_url"] = own["repository"]
    head = "# What the book is: title, author, public address and repository.\n"
    to.write_text(head + yaml.safe_dump(config, sort_keys=False, allow_unicode=True), "utf-8")
