"""Warm kernels: each page its own process, nothing leaks, plain kernels give the same page."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest

from casebook.errors import Problem
from casebook.pages import Page
from casebook.plan import Step
from casebook.project import Project
from casebook.run import run
from casebook.warm import can_fork
from tests.conftest import ROOT

pytestmark = pytest.mark.skipif(not can_fork(), reason="no fork server on this system")


def step(name: str, code: str) -> Step:
    cells = [nbformat.v4.new_code_cell('as_of = "latest"', metadata={"tags": ["parameters"]}), nbformat.v4.new_code_cell(code)]
    page = Page(name, "t/t", {"as_of": "latest"})
    return Step(page, "stale", "never made", nbformat.v4.new_notebook(cells=cells), {"page": name})


@pytest.fixture
def say(tmp_path: Path) -> Callable[..., list[str]]:
    """Run code, each piece a page, one after another; return what each printed."""

    def run_all(*codes: str) -> list[str]:
        steps = [step(f"p{i}", code) for i, code in enumerate(codes)]
        run(Project(ROOT), steps, tmp_path, jobs=1)
        made = [json.loads((tmp_path / f"p{i}.ipynb").read_text()) for i in range(len(codes))]
        return ["".join(o.get("text", "") for c in m["cells"] for o in c.get("outputs", [])).strip() for m in made]

    return run_all


def test_no_state_leaks_from_page_to_page(say: Callable[..., list[str]]) -> None:
    leave = "import os, builtins, pandas as pd\nbuiltins.leak = 1\npd.leak = 1\nos.environ['LEAK'] = '1'\nos.chdir('/')\nopen('/dev/null')\nprint(os.getpid())"
    look = "import os, builtins, pandas as pd\nprint(hasattr(builtins, 'leak'), hasattr(pd, 'leak'), 'LEAK' in os.environ, os.getcwd(), os.getpid())"
    first, second = say(leave, look)
    *leaks, folder, pid = second.split()
    assert leaks == ["False"] * 3 and folder == str(ROOT) and pid != first


def test_random_numbers_differ_between_pages(say: Callable[..., list[str]]) -> None:
    draw = "import random, numpy\nprint(random.random(), numpy.random.rand())"
    first, second = say(draw, draw)
    assert not set(first.split()) & set(second.split())


def test_the_kernels_are_warm_and_start_from_one_parent(say: Callable[..., list[str]]) -> None:
    ask = "import os, sys\nprint(os.getppid(), 'geopandas' in sys.modules and 'plotly' in sys.modules)"
    first, second = say(ask, ask)
    assert first == second and first.endswith("True")


def test_a_kernel_that_dies_takes_nothing_with_it(tmp_path: Path) -> None:
    steps = [step("dies", "import os\nos._exit(9)"), step("lives", "print('here')")]
    with pytest.raises(Problem, match="page dies"):
        run(Project(ROOT), steps, tmp_path)
    assert (tmp_path / "lives.ipynb").is_file() and not (tmp_path / "dies.ipynb").exists()


def test_plain_kernels_give_the_same_page(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "import plotly.graph_objects as go\nfrom casebook import chart, read\nrows = read('platform/staff', as_of, month='2022-12')\nfig = go.Figure(go.Bar(x=[1], y=[2]))\nchart(fig, id='a', title='A', alt='x', rows=rows, units={'x': 'count', 'y': 'count'})"
    run(Project(ROOT), [step("warm", code)], tmp_path)
    monkeypatch.setenv("CASEBOOK_PLAIN_KERNELS", "1")
    run(Project(ROOT), [step("plain", code)], tmp_path)
    warm, plain = ((tmp_path / f"{name}.ipynb").read_text().replace(f'"{name}"', "") for name in ("warm", "plain"))
    assert warm == plain


def test_a_plain_kernel_does_not_decide_for_those_after_it(say: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch) -> None:
    ask = "import sys\nprint('geopandas' in sys.modules)"
    answers = []
    for plain in ("1", "", "1", ""):
        monkeypatch.setenv("CASEBOOK_PLAIN_KERNELS", plain)
        answers += say(ask)
    assert answers == ["False", "True", "False", "True"]


def test_kernels_do_not_outlive_the_run(say: Callable[..., list[str]]) -> None:
    (pid,) = say("import os\nprint(os.getpid())")
    deadline = time.monotonic() + 5
    while Path(f"/proc/{pid}").exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()
