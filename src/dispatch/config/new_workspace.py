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
from dispatch.errors import BadInput, DispatchError, NotFound
from dispatch.os_errors import OF_A_DISK, in_words
from dispatch.private_files import PRIVATE_FILE, PRIVATE_FOLDER

FILE = "schedules.yaml"

SCHEMA = "schedules.schema.json"
"""What `dispatch schema` prints, beside the file; after an upgrade one may write it anew."""

TEMPLATES = "templates"

PARTS = (FILE, TEMPLATES, "subscribers", "samples")

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
        for name in (TEMPLATES,) if own else PARTS:
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
        raise _refused(folder, error, ", or choose another folder") from error


def add_template(folder: Path, name: str) -> Path:
    """Copy a template that comes with dispatch into a workspace that has none by its name.

    Such as those that are newer than the workspace. Raises NotFound for a name that none has, and
    BadInput where there is something by that name already: it may be somebody's work.
    """
    come_along = sorted(one.name for one in (samples() / TEMPLATES).glob("[!.]*/"))
    if name not in come_along:
        raise NotFound(f"template {name}: does not come with dispatch - {', '.join(come_along)} do")
    if not (folder / FILE).is_file():  # its words may be wrong: a template may be what they lack
        advice = "go to the folder of your workspace, or make a new one with 'dispatch init'"
        raise BadInput([FileProblem(FILE, None, "", f"there is no such file in {folder}", advice)])
    target = folder / TEMPLATES / name
    where = f"{TEMPLATES}/{name}"
    if target.exists():
        advice = "move it away, or keep it"
        raise BadInput([FileProblem(where, None, "", "is there already", advice)])
    half = target.with_name(f".{name}.new")  # beside it: whoever looks meanwhile sees all or none
    try:
        target.parent.mkdir(exist_ok=True)
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(samples() / TEMPLATES / name, half)
        half.rename(target)
    except OSError as error:
        _take_back([half])
        raise _refused(Path(where), error) from error
    return target


def _refused(what: Path, error: OSError, otherwise: str = "") -> DispatchError:
    """What kept files from being copied, as a sentence."""
    first = _first(error)
    problem, advice = in_words(first)
    said = FileProblem(str(what), None, "", problem, f"{advice}{otherwise}")
    return DispatchError(str(said)) if first.errno in OF_A_DISK else BadInput([said])


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
