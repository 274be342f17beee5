"""plotly.js: npm's bundles only where they are what was pinned."""

import json
from pathlib import Path

import pytest

from casebook import bundles
from casebook.project import Project


def fake_npm(folder: Path, script: str) -> None:
    npm = folder / "npm"
    npm.write_text(f"#!/bin/sh\n{script}\n")
    npm.chmod(0o755)


@pytest.mark.parametrize("script", ["exit 1", "echo tampered > package.tgz", "exec sleep 60"], ids=["no registry", "tampered", "hangs"])
def test_the_whole_file_where_npm_does_not_bring_what_was_pinned(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    fake_npm(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    monkeypatch.setattr(bundles, "SECONDS", 1)
    static = tmp_path / "static"
    static.mkdir()
    assert bundles.write(Project(tmp_path), static) == []
    assert sorted(file.name for file in static.iterdir()) == ["casebook-charts.js", "plotly.min.js"]
    told = json.loads((static / "casebook-charts.js").read_text("utf-8").removeprefix("window.casebookCharts = ").rstrip(";\n"))
    assert told["bundles"] == {"full": "plotly.min.js"} and set(told["themes"]) == {"light", "dark"}


def test_the_pins_are_of_the_plotly_that_is_locked() -> None:
    import plotly

    text = (Path(plotly.__file__).parent / "package_data" / "plotly.min.js").read_text("utf-8")[:200]
    assert f"v{json.loads(bundles.PINS.read_text('utf-8'))['version']}\n" in text, (
        "plotly moved: pin the npm bundles of the same version (assets/bundles.json)"
    )
