"""The files of one template, read from a workspace as sources that an edition can freeze."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from dispatch.errors import TemplateFailed
from dispatch.model.text.suggestions import did_you_mean

MOST_BYTES = 256 * 1024
"""For one file; a digest above 102 KB is cut off by some mail programs anyway."""

MOST_FILES = 50

MOST_NAME = 255
"""Bytes of a name, as file systems have them: a longer one is an error to them, and not absent."""

SUBJECT = "subject.txt"
PREHEADER = "preheader.txt"
DIGEST_MJML = "digest.mjml"
DIGEST_TEXT = "digest.txt"
SNIPPET = "snippet.txt"
MAIL_MJML = "mail.mjml"
MAIL_TEXT = "mail.txt"
WORDS = "words.yaml"


_NAME = re.compile(r"\w[\w-]{,62}")  # no file system takes 256 bytes, whatever the letters
_ENDINGS = frozenset({".mjml", ".txt"})


def load_template(folder: Path, name: str) -> Mapping[str, str]:
    """The files of the template `name` in a workspace's `templates` folder: file name to source.

    Taken are `words.yaml` and all that ends in `.mjml` or `.txt`, hidden files left out; a byte
    order mark and Windows line ends are removed. Raises TemplateFailed, also for a link that leads
    out of that folder.
    """
    if not _NAME.fullmatch(name):
        raise TemplateFailed(f"template '{name}': not a name - use letters, digits, '-' and '_'")
    home = folder / name
    if len(os.fsencode(name)) > MOST_NAME or not home.is_dir():
        others = (path.name for path in folder.glob("[!.]*/"))
        raise TemplateFailed(
            f"{place(name)}: there is no such folder - {did_you_mean(name, others)}"
        )
    check_inside(home, folder, place(name))
    paths = sorted(path for path in home.iterdir() if _belongs(path))
    for path in paths:
        check_inside(path, folder, place(name, path.name))
    if len(paths) > MOST_FILES:
        raise TemplateFailed(f"{place(name)}: {len(paths)} files - {MOST_FILES} is the limit")
    return {path.name: _read(path, place(name, path.name)) for path in paths}


def check_inside(path: Path, folder: Path, where: str) -> None:
    """Raise TemplateFailed for a link that leads out of the folder with all templates.

    Whoever may write templates is not to read, and send, any file that dispatch can read.
    """
    if not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder)):
        advice = "put the file itself there"
        raise TemplateFailed(f"{where}: is a link to outside of the templates' folder - {advice}")


def place(template: str, file: str = "", line: int | None = None) -> str:
    """How messages say where something is.

    >>> place("weekly", "digest.mjml", 12)
    'templates/weekly/digest.mjml:12'
    """
    where = f"templates/{template}/{file}" if file else f"templates/{template}"
    return f"{where}:{line}" if line else where


def snippet_file(sources: Mapping[str, str], channel: str, provider: str) -> str:
    """The file that makes snippets for a channel: its own, or else its provider's, where there is.

    >>> snippet_file({"snippet.bluesky.txt": "", "snippet.txt": ""}, "our_sky", "bluesky")
    'snippet.bluesky.txt'
    """
    own = (f"snippet.{name}.txt" for name in (channel, provider))
    return next((file for file in own if file in sources), SNIPPET)


def shows_parts(sources: Mapping[str, str]) -> bool:
    """Whether a digest of this template has a place for what the team writes among the posts."""
    return any("edition.parts" in sources[file] for file in sources if file.endswith(".mjml"))


def _belongs(path: Path) -> bool:
    if path.name.startswith(".") or not path.is_file():
        return False
    return path.name == WORDS or path.suffix in _ENDINGS


def _read(path: Path, where: str) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise TemplateFailed(f"{where}: cannot be read ({error.strerror})") from error
    if len(data) > MOST_BYTES:
        raise TemplateFailed(f"{where}: larger than {MOST_BYTES // 1024} KB - make it smaller")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise TemplateFailed(f"{where}:{line}: not UTF-8 - save the file as UTF-8") from error
    return text.replace("\r\n", "\n")
