"""One notebook with parameters of one's own; the book stays as it is."""

from __future__ import annotations

import json

import pytest

from casebook.project import Project
from tests.conftest import casebook


def test_a_notebook_runs_with_parameters_of_ones_own(project: Project) -> None:
    done = casebook(project, "run", "ai/company", "company=mistral-ai", "as_of=2025-06-30")
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "runs/ai/company-mistral-ai-2025-06-30.ipynb"
    made = json.loads((project.root / done.stdout.strip()).read_text("utf-8"))
    assert made["metadata"]["papermill"]["parameters"] == {"as_of": "2025-06-30", "company": "mistral-ai"}
    outputs = [output for cell in made["cells"] for output in cell.get("outputs", [])]
    shown = [output["data"]["text/html"] for output in outputs if "text/html" in output.get("data", {})]
    assert "Plotly.newPlot" in shown[0] and "<table>" in shown[1]
    assert not list(project.book.rglob("*.ipynb"))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ai/nothing"], "there is no notebook 'ai/nothing' under notebooks/; "),
        (["ai/company", "company"], "'company' is not a parameter; write name=value"),
        (["ai/company", "colour=red"], "parameter 'colour' is not in its parameters cell"),
        (["ai/company", "as_of=someday"], "as_of is 'someday'; write a day as YYYY-MM-DD"),
        (["ai/valuations", "companies=xai"], "parameter 'companies' is text, and its default is a list; write a list"),
        (["ai/company", "company=nobody"], "nobody"),
    ],
)
def test_a_slip_is_said_in_a_line(project: Project, arguments: list[str], said: str) -> None:
    done = casebook(project, "run", *arguments)
    assert done.returncode == 1 and said in done.stderr and "Traceback" not in done.stderr
    assert not (project.root / "runs").exists()
