"""One mistake is one line, even where it touches fifty-eight pages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest

from casebook import run as running
from casebook.data.record import Record
from casebook.edition import Edition
from casebook.errors import Problem
from casebook.inputs import checked
from casebook.plan import Step, plan
from casebook.project import Project

PAGES = 58


@pytest.fixture
def story(starter: Project) -> Project:
    """The example with a page of each of 58 towns, by number."""
    file = starter.data / "water" / "use.csv"
    head, first, *_ = file.read_text("utf-8").splitlines()
    rows = [f"u-{n},town-{n},{','.join(first.split(',')[2:])}" for n in range(PAGES - 1)]
    file.write_text("\n".join([head, first, *rows]) + "\n", "utf-8")
    return starter


def edit(name: str, old: str, new: str) -> Callable[[Project], None]:
    def change(story: Project) -> None:
        text = (story.root / name).read_text("utf-8")
        assert old in text
        (story.root / name).write_text(text.replace(old, new), "utf-8")

    return change


def cite(story: Project) -> None:
    """Put a cell of Markdown that cites an unknown source at the end of the notebook of towns."""
    book = json.loads((story.root / TOWN).read_text("utf-8"))
    book["cells"].append({"cell_type": "markdown", "id": "last", "metadata": {}, "source": "Water used {source}`easton`"})
    (story.root / TOWN).write_text(json.dumps(book), "utf-8")


TOWN, YML = "notebooks/water/town.ipynb", "notebooks/pages.yml"
MISTAKES: dict[str, tuple[Callable[[Project], object], str]] = {
    "a misspelt parameter": (edit(YML, "parameter: town}", "parameter: twon}\n"), f"{YML}: water/town/{{town}}: '{{town}}' is not a parameter"),
    "a parameter that the notebook lacks": (edit(TOWN, 'town = \\"easton\\"', 'twn = \\"easton\\"'), f"{TOWN}, page water/town/easton and 57 more: parameter 'town' is not in its"),
    "a default of another type": (edit(TOWN, 'town = \\"easton\\"', "town = 1"), f"{TOWN}, page water/town/easton and 57 more: parameter 'town' is text, and its default is a whole"),
    "an open bracket": (edit(TOWN, "import plotly", "(import plotly"), f"{TOWN}: cell 2, line 1: "),
    "a page without a title": (edit(TOWN, "heading(town.title()", "str(town.title()"), f"{TOWN}, page water/town/easton and 57 more: it has no title"),
    "a source that is not there": (cite, "and 57 more: no source has the id 'easton'"),
    "pages without a place": (edit("_toc.yml", "          - glob: water/town/*\n", ""), "_toc.yml: no entry takes in 58 pages of pages.yml (water/town/{town}); add '- glob: water/town/*'."),
    "names that are none": (edit(YML, "page: water/town/", "page: water/ville é/"), "'water/ville é/easton' is not a valid page name; use a-z"),
    "a folder of the site": (
        lambda story: [
            change(story) for change in (edit(YML, "page: water/town/", "page: data/town/"), edit("_toc.yml", "water/town/*", "data/town/*"))
        ],
        f"{YML}: data/town/{{town}}: 'data' is a name that the site gives",
    ),
}  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_before_the_run_is_one_line(story: Project, mistake: str) -> None:
    make, said = MISTAKES[mistake]
    assert len(checked(Edition(story)).steps) == PAGES + 2
    make(story)
    with pytest.raises(Problem) as refused:
        checked(Edition(Project(story.root)))
    (line,) = refused.value.findings
    assert said in line, line


@pytest.mark.parametrize(
    ("failure", "said"),
    [
        ("cell 3, line 1: NameError: name 'reed' is not defined", "cell 3, line 1: NameError: name 'reed' is not defined"),
        ("cell 3, line 7: KeyError: '{town}'", "cell 3, line 7: KeyError: 'easton'"),
        ("it must publish 'use-{town}' (notebooks/pages.yml) and did not.", "it must publish 'use-easton' (notebooks/pages.yml) and did not."),
    ],
)
def test_a_mistake_in_the_run_is_one_line(story: Project, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, failure: str, said: str) -> None:
    def fail(step: Step) -> tuple[dict[str, object], float]:
        raise Problem(f"page {step.page}: {failure.format(**step.page.parameters)}")

    @contextmanager
    def pool(*given: object) -> Iterator[ThreadPoolExecutor]:
        with ThreadPoolExecutor(4) as threads:
            yield threads

    monkeypatch.setattr(running, "make_page", fail)
    monkeypatch.setattr(running, "open_pool", pool)
    steps = [step for step in plan(story, Record(story.data), story.book) if step.page.notebook == "water/town"]
    log: list[str] = []
    with pytest.raises(Problem) as refused:
        running.run(story, steps, tmp_path, log=lambda **event: log.append(json.dumps(event)))
    first = "page water/town/easton (notebooks/water/town.ipynb as_of=latest town=easton) and 57 more: "
    assert refused.value.findings == (first + said,) and len(log) == PAGES


def test_a_cell_that_fails_is_counted_as_in_the_template(story: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """papermill counts from 0, with a cell of its own after the parameters."""
    step = next(step for step in plan(story, Record(story.data), story.book) if step.page.notebook == "water/town")

    class Failed(Exception):
        ename, evalue, traceback = "KeyError", "'x'\n", ["\x1b[0;31mKeyError\x1b[0m", "Cell \x1b[0;32mIn[2], line 7\x1b[0m"]

    for index, cell in ((0, 1), (2, 2), (3, 3)):
        failed = Failed()
        failed.cell_index = index  # type: ignore[attr-defined]
        assert running._failure(step.template, failed) == f"cell {cell}, line 7: KeyError: 'x'"  # type: ignore[arg-type]
