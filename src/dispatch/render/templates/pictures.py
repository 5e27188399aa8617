"""The pictures that go with a digest: those in its template's folder, and the logo.

They are frozen with the edition, as the template's files are.
"""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.brand import Brand
from dispatch.model.editions.picture import MOST_BYTES, MOST_TOGETHER, Picture, read_picture
from dispatch.model.text.suggestions import did_you_mean
from dispatch.regular_files import open_regular
from dispatch.render.templates.files import check_inside, place

LOGO = "brand.logo"
"""The name of the logo among the pictures; no file is called so, as it ends like none."""

MOST_FILES = 20

_ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".gif"})
_SITE = re.compile(r"[\w-]+(?:\.[\w-]+)*\.[A-Za-z]{2,24}(?::\d+)?/")
_SMALLER = "save it smaller, or have it fetched by an https address"


def load_pictures(workspace: Path, template: str, brand: Brand) -> Mapping[str, Picture]:
    """The pictures of a template by the names it has for them, and the logo if it is a file.

    Those in a folder of the template are named with it: `images/header.png`. Raises TemplateFailed
    where one cannot be read, is no picture, or is too large; so are too many.
    """
    folder = workspace / "templates"
    try:
        paths = sorted(_paths(folder / template, folder / template))
    except OSError as error:  # removed since somebody looked, or not for us
        reason = error.strerror or "cannot be read"
        raise TemplateFailed(f"{place(template)}: {reason} - put the folder back") from error
    if len(paths) > MOST_FILES:
        raise TemplateFailed(
            f"{place(template)}: {len(paths)} pictures - {MOST_FILES} is the limit"
        )
    pictures: dict[str, Picture] = {}
    for path in paths:
        name = path.relative_to(folder / template).as_posix()
        where = place(template, name)
        check_inside(path, folder, where)
        pictures[name] = _read(path, name, where, "move what is not used out of the folder")
    if brand.logo_is_file:
        pictures[LOGO] = load_logo(workspace, brand)
    together = sum(_size(picture) for picture in pictures.values())
    if together > MOST_TOGETHER:
        raise TemplateFailed(
            f"{place(template)}: {_kilobytes(together)} KB of pictures with the logo -"
            f" {MOST_TOGETHER // 1024} KB is the limit, as each mail carries them; {_SMALLER}"
        )
    return pictures


def load_logo(workspace: Path, brand: Brand) -> Picture:
    """The file that is the publisher's logo. Raises TemplateFailed."""
    path = workspace / brand.logo
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(workspace)):
        raise TemplateFailed(f"{brand.logo}: is a link to outside - put the file itself there")
    if not path.exists():
        raise TemplateFailed(f"{brand.logo}: no such file - {_meant(workspace, brand.logo)}")
    return _read(path, path.name, brand.logo)


def _meant(workspace: Path, logo: str) -> str:
    """Advice for a logo that is not there: about the first part of its path that is not."""
    if _SITE.match(logo):
        return f"write https://{logo} if it is on the web"
    folder, *parts = workspace, *Path(logo).parts
    for part in parts:
        if not (folder / part).is_dir():
            break
        folder /= part
    shown = [one for one in folder.iterdir() if not one.name.startswith(".")]
    if folder / part == workspace / logo:
        return did_you_mean(part, (one.name for one in shown if one.suffix.lower() in _ENDINGS))
    folders = [one.name for one in shown if one.is_dir()]
    return f"there is no folder '{part}'" + (f"; {did_you_mean(part, folders)}" if folders else "")


def _paths(folder: Path, home: Path) -> Iterator[Path]:
    """The pictures in a folder and below it; what is hidden, or is a link to a folder, is not."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir() and not path.is_symlink():
            yield from _paths(path, home)
        elif path.suffix.lower() in _ENDINGS:
            yield path


def _read(path: Path, name: str, where: str, otherwise: str = "") -> Picture:
    try:
        with open_regular(path) as file:
            data = file.read(MOST_BYTES + 1)
            size = os.fstat(file.fileno()).st_size
    except OSError as error:
        raise TemplateFailed(f"{where}: cannot be read ({error.strerror})") from error
    if len(data) > MOST_BYTES:
        advice = "; ".join(filter(None, (_SMALLER, otherwise)))
        raise TemplateFailed(
            f"{where}: {_kilobytes(size)} KB - {MOST_BYTES // 1024} KB is the limit, as each mail"
            f" carries it; {advice}"
        )
    try:
        return read_picture(name, data)
    except ValueError as error:
        raise TemplateFailed(f"{where}: {error}") from error


def _size(picture: Picture) -> int:
    return len(picture.data) * 3 // 4


def _kilobytes(size: int) -> int:
    return -(-size // 1024)  # rounded up, so that no figure is its own limit
