"""A new workspace, made of the sample files that come with dispatch."""

import errno
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from importlib.resources import files
from pathlib import Path

from dispatch.config.files.problems import FileProblem
from dispatch.config.people.subscribers import FOLDER
from dispatch.errors import BadInput, DispatchError
from dispatch.os_errors import OF_A_DISK, in_words
from dispatch.private_files import PRIVATE_FILE, PRIVATE_FOLDER

FILE = "schedules.yaml"

SCHEMA = "schedules.schema.json"
"""What `dispatch schema` prints, beside the file; after an upgrade one may write it anew."""

PARTS = (FILE, "templates", "subscribers", "samples")

_ERRORS = (*OF_A_DISK, errno.EACCES)

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
    feeds and no sample people. Raises DispatchError where the disk is full, or may only be read.
    """
    check_free(folder)
    source_folder = samples()
    made = not folder.exists()
    ignore = folder / ".gitignore"
    new = [folder / name for name in (*PARTS, SCHEMA)] + ([] if ignore.exists() else [ignore])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("templates",) if own else PARTS:
            source = source_folder / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            else:
                shutil.copyfile(source, folder / name)
        for name, text in (own or {}).items():
            path = folder / name
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        _add_schema(folder)
        _keep_private(folder / FOLDER)
        if not ignore.exists():
            ignore.write_text(IGNORE, encoding="utf-8")
    except OSError as error:
        _take_back(new)
        if made:
            with suppress(OSError):
                folder.rmdir()
        first = _first(error)
        problem, advice = in_words(first)
        said = FileProblem(str(folder), None, "", problem, f"{advice}, or choose another folder")
        if first.errno in OF_A_DISK:
            raise DispatchError(str(said)) from error
        raise BadInput([said]) from error


def _first(error: OSError) -> OSError:
    """The first of the errors that were met while a folder was copied."""
    if isinstance(error, shutil.Error) and error.args:
        [(_, target, said), *_] = error.args[0]
        number = next((one for one in _ERRORS if os.strerror(one) in said), 0)
        return OSError(number, said, target)
    return error


def _take_back(new: Sequence[Path]) -> None:
    """Leave nothing of a workspace that could not be finished, so that another try begins anew."""
    for path in new:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _add_schema(folder: Path) -> None:
    """Have editors that know YAML complete and check the file, without any setting of theirs."""
    (folder / SCHEMA).write_text(_schema(), encoding="utf-8")
    file = folder / FILE
    text = file.read_text(encoding="utf-8")
    file.write_text(f"# yaml-language-server: $schema={SCHEMA}\n{text}", encoding="utf-8")


@cache
def _schema() -> str:
    from dispatch.config.schedules.json_schema import json_schema  # noqa: PLC0415 - takes 100 ms

    return json.dumps(json_schema(), ensure_ascii=False, indent=2) + "\n"


def _keep_private(people: Path) -> None:
    """From the start, so that nobody has to think of it once real people are in there."""
    people.chmod(PRIVATE_FOLDER)
    for path in people.iterdir():
        path.chmod(PRIVATE_FILE)


def samples() -> Path:
    """Where the sample workspace lies: in the installed package, or around a checkout's `src/`."""
    package = Path(str(files("dispatch")))
    installed = package / "workspace"
    return installed if installed.is_dir() else package.parents[1]
