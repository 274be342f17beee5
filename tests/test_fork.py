"""Another story: the tutorial followed word for word, and a fork under another name with no word of ours."""

from __future__ import annotations

import filecmp
import json
import os
import re
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import pytest
import yaml

from casebook.describe import add_table
from casebook.errors import Problem
from casebook.new import new
from casebook.project import Project
from tests.conftest import CONFIG, ROOT, casebook, lend_packages

TUTORIAL = ROOT / "book" / "methods" / "fork.md"
BLOCK = re.compile(r"^(`{3,4})(\w+)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
WORDS_OF_OURS = re.compile(r"x.?casebook|musk", re.IGNORECASE)


# What else the README, the chapters and the machine tell a story's people to type, and what needs no network.
DESK = [
    ".venv/bin/casebook plan",
    "make validate",
    "make due",
    "make refresh",
    "make diff BASE=main",
    "make validate BASE=main",
    ".venv/bin/casebook validate --fix",
    ".venv/bin/casebook build -j 8 --json pages.jsonl",
]


def shell(command: str, folder: Path, answers: str = "") -> str:
    # What is pushed to GitHub arrives in a folder of this machine.
    hosted = {
        "GIT_CONFIG_COUNT": "1",
        "GIT_CONFIG_KEY_0": f"url.{folder.parent / 'hosted'}.insteadOf",
        "GIT_CONFIG_VALUE_0": "https://github.com/you/trees",
    }
    people = {f"GIT_{who}_{what}": "you@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    given = os.environ | {"NO_COLOR": "1", "PYTHONPATH": str(folder / "scripts")} | hosted | people
    done = subprocess.run(["bash", "-e", "-c", command], cwd=folder, input=answers, capture_output=True, text=True, check=False, env=given)
    assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
    return done.stdout


def test_the_tutorial_works_word_for_word(tmp_path: Path) -> None:
    text = TUTORIAL.read_text("utf-8")
    blocks = [(match[2], match[3], re.findall(r"file `([^`]+)`", text[: match.start()])[-1:]) for match in BLOCK.finditer(text)]
    folder, said = tmp_path, ""
    for index, (kind, block, file) in enumerate(blocks):
        answers = blocks[index + 1][1] if index + 1 < len(blocks) and blocks[index + 1][0] == "output" else ""
        if kind == "text":
            (folder / file[0]).parent.mkdir(parents=True, exist_ok=True)
            (folder / file[0]).write_text(block, "utf-8")
        elif kind == "yaml":
            with (folder / file[0]).open("a", encoding="utf-8") as end:
                end.write("\n" + block)
        elif kind == "shell":
            for line in block.splitlines():
                if line.startswith("git clone"):
                    shell(f"git clone -q {ROOT} machine", folder)
                elif line.startswith("cd "):
                    folder = (folder / line[3:]).resolve()
                    lend_packages(folder)
                elif not (line == "make site" and folder.name == "machine"):  # the site of this repository is built by other tests
                    said += shell(line, folder, answers)
        elif kind == "console":
            shell("git init --quiet --bare hosted", tmp_path)
            for line in block.splitlines():
                shell(line, folder)
    assert "runs/lithium/country-PRT.ipynb" in said and "trees/count added: id (string), street (string), event_date (date), trees (integer)" in said
    page = (folder / "_site" / "trees" / "index.html").read_text("utf-8")
    assert re.search(r'class="casebook-number"[^>]*>120</button>', page) and re.search(r'class="casebook-number"[^>]*>44</button>', page)
    assert not filecmp.dircmp(folder / "scripts" / "casebook", tmp_path / "machine" / "scripts" / "casebook", ["__pycache__"]).diff_files
    shell(".venv/bin/ruff check . && .venv/bin/nbstripout --verify --keep-id notebooks/*/*.ipynb", folder)
    shell(".venv/bin/pytest -n 0", folder)
    assert shell("git ls-tree -r --name-only main", tmp_path / "hosted") == shell("git ls-files", folder)
    for command in DESK:
        shell(command, folder)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    served = subprocess.Popen(["make", "serve", f"PORT={port}"], cwd=folder, stdout=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert served.stdout and any(f"http://127.0.0.1:{port}/" in line for line in served.stdout)
    finally:
        os.killpg(served.pid, signal.SIGTERM)
        served.wait()


def test_a_new_story_has_no_word_of_ours(tmp_path: Path) -> None:
    new(ROOT, tmp_path / "story", "Who counts?", "A. Reporter", "https://github.com/someone/story")
    folder = tmp_path / "story"
    found = [
        file.relative_to(folder).as_posix()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix not in (".woff2", ".pyc") and WORDS_OF_OURS.search(file.read_text("utf-8"))
    ]
    # The licence of the machine names who wrote it.
    assert found == ["LICENSE"]
    assert yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))["title"] == "Who counts?"
    assert yaml.safe_load((folder / "_config.yml").read_text("utf-8"))["html"]["baseurl"] == "https://someone.github.io/story/"


@pytest.mark.parametrize(
    ("made", "repository", "said"),
    [("file", "https://github.com/a/b", "the folder is not empty"), ("", "github.com/a", "write the repository's web address")],
)
def test_a_story_is_not_put_upon_another(tmp_path: Path, made: str, repository: str, said: str) -> None:
    if made:
        (tmp_path / made).touch()
    with pytest.raises(Problem, match=said):
        new(ROOT, tmp_path, "Title", "Author", repository)
    assert [file.name for file in tmp_path.iterdir()] == ([made] if made else [])


def test_a_fork_under_another_name_is_its_own_everywhere(small: Project) -> None:
    config = yaml.safe_load((small.root / "_config.yml").read_text("utf-8"))
    config |= {"title": "A Book of Another Name", "author": "Paper of Another Name"}
    config["html"]["baseurl"] = "https://another-name.example.org/book/"
    config["repository"]["url"] = config["sphinx"]["config"]["html_theme_options"]["repository_url"] = "https://github.com/another-name/book"
    (small.root / "_config.yml").write_text(yaml.safe_dump(config), "utf-8")
    done = casebook(small, "build")
    assert done.returncode == 0, done.stderr
    site = small.site
    feed = (site / "feed.xml").read_text("utf-8")
    assert "<title>A Book of Another Name</title>" in feed and "https://another-name.example.org/book/" in feed
    page = (site / "platform" / "x-staff.html").read_text("utf-8")
    assert (
        "codespaces.new/another-name/book" in page
        and "Paper of Another Name: “" in page
        and 'src="https://another-name.example.org/book/exhibits/' in page.replace("&#34;", '"').replace("&quot;", '"')
    )
    assert "https://github.com/another-name/book/releases" in (site / "methods" / "changes.html").read_text("utf-8")
    ours = re.compile("|".join(re.escape(word) for word in (CONFIG["title"], CONFIG["repository"]["url"], CONFIG["html"]["baseurl"])))
    for file in [
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
        "methods/changes.html",
        "platform/x-staff.html",
        "index.html",
        "exhibits/x-staff.html",
        "manifest.json",
    ]:
        # The record's own sources may be ours: a desk is named where its rows are shown.
        assert not ours.search((site / file).read_text("utf-8")), file


class TestDescribe:
    TABLE = "id,tree,event_date,height,source_ids,published_on,supersedes,note\na-1,oak,2020-01-31,12.5,hc-src,2020-02-01,,\n"

    def put(self, project: Project, text: str) -> None:
        (project.data / "trees").mkdir()
        (project.data / "trees" / "tall.csv").write_text(text, "utf-8")

    def test_kinds_are_guessed_and_words_are_asked_for(self, project: Project) -> None:
        self.put(project, self.TABLE.replace("hc-src", "qz-hc-2013"))
        asked: list[str] = []
        kinds = add_table(project.data, "trees/tall", lambda question: asked.append(question) or "words")  # type: ignore[func-returns-value]
        assert kinds["height"] == "number" and kinds["event_date"] == "date" and kinds["source_ids"] == "list"
        assert asked == [
            "title of the table",
            "what the table holds",
            "what the column tree holds",
            "what the column event_date holds",
            "what the column height holds",
        ]

    @pytest.mark.parametrize(
        ("text", "said"),
        [("tree,height\noak,1\n", "the column 'id' is missing"), (TABLE, "no source has this id"), ("", "the file is empty")],
    )
    def test_a_table_that_would_break_the_record_is_not_described(self, project: Project, text: str, said: str) -> None:
        self.put(project, text)
        before = (project.data / "datapackage.json").read_bytes()
        with pytest.raises(Problem, match=said):
            add_table(project.data, "trees/tall", lambda question: "words")
        assert (project.data / "datapackage.json").read_bytes() == before

    def test_a_missing_or_known_table_is_said(self, project: Project) -> None:
        for table, said in (("trees/tall", "there is no such file"), ("ai/rounds", "describes ai/rounds already")):
            with pytest.raises(Problem, match=said):
                add_table(project.data, table, lambda question: "words")


def test_every_archive_file_is_whole() -> None:
    zenodo = json.loads((ROOT / ".zenodo.json").read_text("utf-8"))
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text("utf-8"))
    package = json.loads((ROOT / "data" / "datapackage.json").read_text("utf-8"))
    assert zenodo["title"] == citation["title"] and zenodo["license"] == citation["license"] == package["licenses"][0]["name"]
    # The record alone says which version it is: what would have to be changed with it, would be forgotten.
    assert not {"version", "date-released"} & set(citation)


def test_conda_binder_and_codespaces_install_the_lock() -> None:
    environment = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
    pip = next(part["pip"] for part in environment["dependencies"] if isinstance(part, dict))
    assert pip == ["--require-hashes", "-r requirements.lock"]
    assert (ROOT / "binder" / "requirements.txt").read_text("utf-8").split() == ["-r", "../requirements.lock"]
    codespace = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text("utf-8"))
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    assert set(re.findall(r"make (\w+)", codespace["postCreateCommand"])) <= targets
    assert shutil.which("sh") and os.access(ROOT / "binder" / "postBuild", os.X_OK)
