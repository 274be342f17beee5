"""The published site is a link to one of two folders: the next one is made ready in the other, and the link is replaced in one step."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

from casebook.edition import Edition


def spare(edition: Edition) -> Path:
    """The folder to make the next site in: the one of the two that the site's link does not lead to. It may not be there yet."""
    one, other = edition.folders
    return other if edition.site.resolve() == one.resolve() else one


def swap(staged: Path, edition: Edition) -> None:
    """Let the site's link lead to `staged`, one of the edition's two folders, and remove what it led to before.

    A reader, or a build that is killed, finds the old site or the new one, whole.
    """
    site, link = edition.site, edition.site.with_name(f"{edition.site.name}.new")
    site.parent.mkdir(parents=True, exist_ok=True)
    old = next(folder for folder in edition.folders if folder != staged)
    if site.is_dir() and not site.is_symlink():
        # A folder, as a release unpacks to: no system replaces a folder by a link, so once there is a moment without a site.
        shutil.rmtree(old, ignore_errors=True)
        site.rename(old)
    link.unlink(missing_ok=True)
    link.symlink_to(os.path.relpath(staged, site.parent))
    link.replace(site)
    # What cannot be removed now is removed by the next build, which is made there.
    shutil.rmtree(old, ignore_errors=True)
