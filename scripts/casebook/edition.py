"""An edition: the book of today, or the record as known on a past day. Where it is made and published, and whether it stands.

Imports nothing heavy, so that a build with nothing to do is told at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from casebook import browser
from casebook.data.record import LATEST, parse_as_of
from casebook.project import Project, digest_files

BUILT_FROM = "built-from.txt"
# So begins the name of the folder in which an edition of a past day is made.
WORK = "edition-"


@dataclass(frozen=True)
class Edition:
    """The book (`latest`, made in place), or the made pages alone as known on a past day. Raises Problem where `as_of` is no day."""

    project: Project
    as_of: str = LATEST

    def __post_init__(self) -> None:
        if self.as_of != LATEST:
            parse_as_of(self.as_of)

    @classmethod
    def of_book(cls, folder: Path) -> Edition:
        """The edition whose book stands in this folder."""
        _, is_past, day = folder.parent.name.rpartition(WORK)
        return cls(Project.find(folder), day if is_past else LATEST)

    @property
    def book(self) -> Path:
        return self.project.book if self.as_of == LATEST else self.work / "book"

    @property
    def toc(self) -> Path:
        """The order of its pages."""
        return self.project.root / "_toc.yml" if self.as_of == LATEST else self.work / "_toc.yml"

    @property
    def work(self) -> Path:
        return self.project.work if self.as_of == LATEST else self.project.work / f"{WORK}{self.as_of}"

    @property
    def site(self) -> Path:
        return self.project.site if self.as_of == LATEST else self.project.root / "_editions" / self.as_of

    @property
    def folders(self) -> tuple[Path, Path]:
        """The two folders of which `site` is a link to one (see `swap`)."""
        folder = self.project.root / "_sites"
        return folder / f"{self.as_of}-a", folder / f"{self.as_of}-b"

    def is_built(self) -> bool:
        """Whether the published site was made of exactly what is there now."""
        mark = self.site / BUILT_FROM
        return mark.is_file() and mark.read_text("utf-8").strip() == self.inputs()

    def inputs(self) -> str:
        """What a site is made of: SHA-256 over record, notebooks, chapters, configuration, lock and this package; and whether pictures are drawn."""
        project, package = self.project, Path(__file__).parent
        files = [*_files(project.data, project.notebooks), *(file for file in _files(project.book) if file.suffix != ".ipynb")]
        settings = (project.root / "_config.yml", project.root / "_toc.yml", project.lock)
        digest = digest_files([*files, *(file for file in settings if file.is_file())], project.root)
        return f"{digest}{digest_files(package_files(), package)} {'with' if browser.find() else 'without'} pictures"


def package_files() -> list[Path]:
    """All files of this package."""
    return _files(Path(__file__).parent)


def _files(*folders: Path) -> list[Path]:
    return [f for folder in folders for f in folder.rglob("*") if f.is_file() and "__pycache__" not in f.parts and f.suffix != ".part"]
