"""A new workspace, made of the sample files that come with dispatch."""

import shutil
from collections.abc import Mapping
from importlib.resources import files
from pathlib import Path

from dispatch.config.files.problems import FileProblem
from dispatch.config.people.subscribers import FOLDER
from dispatch.errors import BadInput
from dispatch.private_files import PRIVATE_FILE, PRIVATE_FOLDER

PARTS = ("schedules.yaml", "templates", "subscribers", "samples")

IGNORE = "/dispatch.db*\n/.dispatch-*\n/outbox/\n/preview/\n"


def check_free(folder: Path) -> None:
    """Raise BadInput if there is something in the folder that a new workspace would write over."""
    taken = [name for name in PARTS if (folder / name).exists()]
    if taken or (folder.exists() and not folder.is_dir()):
        what = f"has {taken[0]} already" if taken else "is not a folder"
        raise BadInput([FileProblem(str(folder), None, "", what, "choose another folder")])


def new_workspace(folder: Path, own: Mapping[str, str] | None = None) -> None:
    """Fill a folder, which is made where it is not there; raises BadInput if it is in use.

    `own` are files that take the place of samples, path to text; with them there are no sample
    feeds and no sample people.
    """
    check_free(folder)
    samples = _samples()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("templates",) if own else PARTS:
            source = samples / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            else:
                shutil.copyfile(source, folder / name)
        for name, text in (own or {}).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        _keep_private(folder / FOLDER)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text(IGNORE, encoding="utf-8")
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise BadInput([FileProblem(str(folder), None, "", problem, "choose another")]) from error


def _keep_private(people: Path) -> None:
    """From the start, so that nobody has to think of it once real people are in there."""
    people.chmod(PRIVATE_FOLDER)
    for path in people.iterdir():
        path.chmod(PRIVATE_FILE)


def _samples() -> Path:
    """Where the samples lie: in the installed package, or around a checkout's `src/`."""
    package = Path(str(files("dispatch")))
    installed = package / "workspace"
    return installed if installed.is_dir() else package.parents[1]
