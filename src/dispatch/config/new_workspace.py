"""A new workspace, made of the sample files that come with dispatch."""

import json
import shutil
from importlib.resources import files
from pathlib import Path

from dispatch.config.files.problems import FileProblem
from dispatch.config.people.subscribers import FOLDER
from dispatch.errors import BadInput
from dispatch.private_files import PRIVATE_FILE, PRIVATE_FOLDER

FILE = "schedules.yaml"

SCHEMA = "schedules.schema.json"
"""What `dispatch schema` prints, beside the file; after an upgrade one may write it anew."""

PARTS = (FILE, "templates", "subscribers", "samples")

IGNORE = "/dispatch.db*\n/.dispatch-*\n/outbox/\n/preview/\n"


def new_workspace(folder: Path) -> None:
    """Fill a folder, which is made where it is not there; raises BadInput if it is in use."""
    taken = [name for name in PARTS if (folder / name).exists()]
    if taken or (folder.exists() and not folder.is_dir()):
        what = f"has {taken[0]} already" if taken else "is not a folder"
        raise BadInput([FileProblem(str(folder), None, "", what, "choose another folder")])
    samples = _samples()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in PARTS:
            source = samples / name
            if source.is_dir():
                shutil.copytree(source, folder / name)
            else:
                shutil.copyfile(source, folder / name)
        _add_schema(folder)
        _keep_private(folder / FOLDER)
        ignore = folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text(IGNORE, encoding="utf-8")
    except OSError as error:
        problem = f"cannot be written: {error.strerror}"
        raise BadInput([FileProblem(str(folder), None, "", problem, "choose another")]) from error


def _add_schema(folder: Path) -> None:
    """Have editors that know YAML complete and check the file, without any setting of theirs."""
    from dispatch.config.schedules.json_schema import json_schema  # noqa: PLC0415 - takes 100 ms

    schema = json.dumps(json_schema(), ensure_ascii=False, indent=2)
    (folder / SCHEMA).write_text(schema + "\n", encoding="utf-8")
    file = folder / FILE
    text = file.read_text(encoding="utf-8")
    file.write_text(f"# yaml-language-server: $schema={SCHEMA}\n{text}", encoding="utf-8")


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
