"""Static pictures: drawn once by content, the same bytes each time, light and dark."""

import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from casebook import pictures
from casebook.data.shapes import SHAPES_ADDRESS
from casebook.project import Project
from tests.conftest import ROOT

CHART = {"data": [{"type": "scatter", "x": [1, 2], "y": [3, 4], "name": "a"}, {"type": "bar", "x": [1], "y": [2]}], "layout": {"height": 300}}
MAP = {"data": [{"type": "choropleth", "locations": ["CHL"], "z": [1], "geojson": SHAPES_ADDRESS}], "layout": {}}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    (tmp_path / "data" / "geo").mkdir(parents=True)
    (tmp_path / "data" / "geo" / "countries.geojson").write_bytes((ROOT / "data" / "geo" / "countries.geojson").read_bytes())
    return Project(tmp_path)


def drawn(project: Project) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in pictures.folder(project).iterdir()}


def test_a_figure_is_drawn_once_and_always_the_same(project: Project) -> None:
    figures = {pictures.key(figure, "A title"): (figure, "A title") for figure in (CHART, MAP)}
    pictures.draw(project, figures)
    first = drawn(project)
    assert set(first) == {name for key in figures for name in [*pictures.names(key), f"{key}.json"]}
    before = {file: file.stat().st_mtime_ns for file in pictures.folder(project).iterdir()}
    pictures.draw(project, figures)
    assert before == {file: file.stat().st_mtime_ns for file in pictures.folder(project).iterdir()}
    for file in before:
        file.unlink()
    pictures.draw(project, figures)
    assert drawn(project) == first
    for name, content in first.items():
        if name.endswith(".svg"):
            assert not re.search(rb"\d\.\d{4}", b"".join(re.findall(rb' d="[^"]*"', content)))
            assert b"http" not in content.replace(b"http://www.w3.org/", b"")


def test_the_key_follows_all_that_the_look_depends_on() -> None:
    again = json.loads(json.dumps(CHART))
    assert pictures.key(CHART, "t") == pictures.key(again, "t")
    again["data"][0]["y"][0] = 5
    assert len({pictures.key(CHART, "t"), pictures.key(CHART, "u"), pictures.key(again, "t")}) == 3
    assert pictures.key(MAP, "t", "shapes") != pictures.key(MAP, "t", "other shapes")
    assert pictures.key(CHART, "t", "shapes") == pictures.key(CHART, "t", "other shapes")


def test_a_figure_that_cannot_be_drawn_is_named(project: Project) -> None:
    broken = {"data": CHART["data"], "layout": {"height": 0}}
    figures = {pictures.key(figure, title): (figure, title) for figure, title in ((broken, "Broken one"), (CHART, "Whole"))}
    with pytest.raises(pictures.Problem, match=r"^picture of 'Broken one': the browser could not draw it "):
        pictures.draw(project, figures)
    # The page goes on drawing.
    assert pictures.is_drawn(project, pictures.key(CHART, "Whole"))


def test_a_figure_that_never_comes_is_not_waited_for(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures, "SECONDS", 1)
    monkeypatch.setattr(pictures, "TO_IMAGE", "() => new Promise(() => {})")
    with pytest.raises(pictures.Problem, match=r"picture of 'Late one'.*Timeout 1000ms"):
        pictures.draw(project, {"late": (CHART, "Late one")})


def test_dark_inks_replace_light_ones() -> None:
    light = '<path style="stroke: rgb(223, 227, 232)"/><text style="fill: rgb(43, 47, 54)"/>'
    assert pictures.in_dark(light) == '<path style="stroke: rgb(58, 64, 72)"/><text style="fill: rgb(214, 218, 224)"/>'


@pytest.mark.parametrize("spoil", [lambda content: content[:-20], lambda content: content.replace(b"1", b"7", 1)], ids=["cut", "flipped"])
def test_a_damaged_picture_is_drawn_again(project: Project, spoil: Callable[[bytes], bytes]) -> None:
    figures = {pictures.key(CHART, "A title"): (CHART, "A title")}
    pictures.draw(project, figures)
    first = drawn(project)
    file = pictures.folder(project) / sorted(name for name in first if name.endswith(".svg"))[0]
    file.write_bytes(spoil(file.read_bytes()))
    assert drawn(project) != first
    pictures.draw(project, figures)
    assert drawn(project) == first
