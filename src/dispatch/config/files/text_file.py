"""A text of the workspace as it stands on the disk, byte for byte, and how it is known again."""

import hashlib
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from dispatch.config.files.problems import FileProblem
from dispatch.errors import BadInput, NotFound
from dispatch.regular_files import open_regular, why_unread
from dispatch.yaml_text import MAX_BYTES


@dataclass(frozen=True, slots=True)
class TextFile:
    """`name` is its path below the workspace, with slashes; `text` has its breaks and its mark.

    `fingerprint` is empty where there is no file, and its text is empty then.
    """

    name: str
    text: str
    fingerprint: str

    @property
    def is_there(self) -> bool:
        """Whether there is such a file."""
        return bool(self.fingerprint)


def fingerprint_of(text: str) -> str:
    """By what a text is known again."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_text_file(folder: Path, name: str) -> TextFile:
    """A text below a folder, or an empty one where no file is.

    Raises NotFound for a name that leads out of it, and BadInput where it cannot be read as text.
    """
    path = path_of(folder, name)
    try:
        with open_regular(path) as file:
            content = file.read(MAX_BYTES + 1)
    except (FileNotFoundError, NotADirectoryError):
        return TextFile(name, "", "")
    except OSError as error:
        raise _bad(name, *why_unread(error)) from error
    check_text(name, content)
    text = content.decode("utf-8")
    return TextFile(name, text, fingerprint_of(text))


def path_of(folder: Path, name: str) -> Path:
    """Where a file is; raises NotFound for a name that is none."""
    parts = PurePosixPath(name).parts
    if not parts or "\\" in name or "\0" in name or {"..", "/", "."} & {*parts}:
        raise NotFound(f"{name!a}: no file of the workspace - name one in its folder")
    return folder.joinpath(*parts)


def check_text(name: str, content: bytes) -> None:
    """Raise BadInput for what is no text, or too much of it."""
    if len(content) > MAX_BYTES:
        raise _bad(name, "is larger than 1 MB", "is it the right file?")
    if b"\0" in content:
        raise _bad(name, "contains a character that is no text", "remove it")
    try:
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise _bad(name, "is not UTF-8 text", "save the file with the encoding UTF-8") from None


def _bad(name: str, problem: str, advice: str) -> BadInput:
    return BadInput([FileProblem(name, None, "", problem, advice)])
