"""Another story: the machine without our data, chapters and verdicts, and a small example in their place."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from casebook.errors import Problem
from casebook.frame import ASSETS

# What every story stands on; the example story is among it, so that another can be made from this one.
MACHINE = (
    ".ci",
    ".devcontainer",
    ".gitattributes",
    ".github",
    ".gitignore",
    "LICENSE",
    "Makefile",
    "SECURITY.md",
    "binder",
    "environment.yml",
    "pyproject.toml",
    "requirements.in",
    "requirements.lock",
    "scripts",
    "supply.in",
    "supply.lock",
)
# Of the machine, what was made, and what measures it beside other ways.
NOT_COPIED = shutil.ignore_patterns("__pycache__", "*.egg-info", "bench")


def new(machine: Path, to: Path, title: str, author: str, repository: str) -> None:
    """Make the folder `to`: the example story under its own title, and the machine of the casebook at `machine`.

    `repository`: its web address, such as https://github.com/you/story. Raises Problem, with nothing made, where `to` is
    a file or not empty, or the address is none.
    """
    if to.exists() and not to.is_dir():
        raise Problem(f"{to}: it is a file; name a new folder.")
    if to.exists() and any(to.iterdir()):
        raise Problem(f"{to}: the folder is not empty; name a new one.")
    if not re.fullmatch(r"https://[^/\s]+/[^/\s]+/[^/\s]+", repository):
        raise Problem(f"{repository}: write the repository's web address, such as https://github.com/you/story.")
    own = {"title": title, "author": author, "repository": repository, "owner": repository.split("/")[3], "name": repository.split("/")[4]}
    with TemporaryDirectory(prefix="casebook-") as scratch:
        story = Path(shutil.copytree(ASSETS / "starter", Path(scratch) / "story", ignore=NOT_COPIED))
        _write_own(machine, story, own)
        for name in MACHINE:
            if (machine / name).is_dir():
                shutil.copytree(machine / name, story / name, ignore=NOT_COPIED)
            elif (machine / name).is_file():
                shutil.copy(machine / name, story / name)
        shutil.copytree(story, to, dirs_exist_ok=True)


def _write_own(machine: Path, story: Path, own: dict[str, str]) -> None:
    """Title, author and addresses of the story, wherever they stand."""
    _config(machine / "_config.yml", story / "_config.yml", own)
    for file in (story / "README.md", story / "CITATION.cff", story / "LICENSE-DATA"):
        file.write_text(filled(file.read_text("utf-8"), own), "utf-8")
    package = story / "data" / "datapackage.json"
    content = json.loads(package.read_text("utf-8")) | {"title": f"{own['title']}: the record"}
    content["name"] = re.sub(r"[^a-z0-9]+", "-", own["title"].lower()).strip("-") or own["name"].lower()
    content["contributors"] = [{"title": own["author"], "roles": ["author"]}]
    package.write_text(json.dumps(content, ensure_ascii=False, indent=2) + "\n", "utf-8")


def filled(text: str, own: dict[str, str]) -> str:
    """A text of the starter with `[[title]]`, `[[author]]`, `[[repository]]`, `[[owner]]` and `[[name]]` filled in."""
    return re.sub(r"\[\[(\w+)\]\]", lambda field: own[field[1]], text)


def _config(ours: Path, to: Path, own: dict[str, str]) -> None:
    config = yaml.safe_load(ours.read_text("utf-8"))
    config |= {"title": own["title"], "author": own["author"]}
    config["html"]["baseurl"] = f"https://{own['owner'].lower()}.github.io/{own['name']}/"
    config["repository"]["url"] = config["sphinx"]["config"]["html_theme_options"]["repository_url"] = own["repository"]
    head = "# What the book is: title, author, public address and repository.\n"
    to.write_text(head + yaml.safe_dump(config, sort_keys=False, allow_unicode=True), "utf-8")
