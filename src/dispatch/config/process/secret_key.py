"""The keys that sign the links in mails: the first is made once, and kept in the workspace."""

import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.config.files.problems import FileProblem
from dispatch.config.process.endings_file import FILE as ENDINGS
from dispatch.config.process.endings_file import EndingsFile
from dispatch.config.process.known_database import KnownDatabase
from dispatch.errors import BadInput
from dispatch.private_files import create_private

if TYPE_CHECKING:
    from pydantic import SecretStr

FILE = ".dispatch-secret"
SHORTEST = 16
MOST = 61
"""Keys: a token has one letter for the place of its key (pipeline/messages/tokens.py)."""


def kept_secret_keys(folder: Path, state: Path | None = None) -> "tuple[SecretStr, ...]":
    """The workspace's keys, one a line and the newest last; made (mode 600) if there is none yet.

    Two processes that start together get the same one. Raises BadInput where it
    cannot be read or written, or is lost, as `check_not_lost` says.
    """
    from pydantic import SecretStr  # noqa: PLC0415

    path = folder / FILE
    check_not_lost(folder, state or folder)
    try:
        if not path.exists():
            create_private(path, f"{secrets.token_urlsafe(32)}\n".encode())
        lines = path.read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problem = f"cannot be used ({getattr(error, 'strerror', None) or 'it is not text'})"
        advice = "make the workspace's folder writable, or set DISPATCH_SECRET_KEY"
        raise BadInput([FileProblem(FILE, None, "", problem, advice)]) from error
    keys = [line.strip() for line in lines if line.strip()]
    if not keys or any(len(key) < SHORTEST for key in keys):
        advice = "restore it from a backup; without it, links in mails already sent stop working"
        raise BadInput([FileProblem(FILE, None, "", "is empty or cut off", advice)])
    return tuple(map(SecretStr, keys))


def check_not_lost(folder: Path, state: Path) -> None:
    """Raise BadInput where the file is gone, and links or endings were signed with what it had.

    `state` is the folder with what the workspace remembers. A new key would end all those links,
    and nobody who has left could be found any more.
    """
    if (folder / FILE).exists():
        return
    if not _has_sent(state) and not EndingsFile(state / ENDINGS).size():
        return
    problem = "is gone, and this workspace has signed links with it"
    advice = "put it back from a backup, or set DISPATCH_SECRET_KEY: a new key would end the links "
    advice += "in all mails, and lose who has left"
    raise BadInput([FileProblem(FILE, None, "", problem, advice)])


def _has_sent(state: Path) -> bool:
    try:
        known = KnownDatabase(state).read()
    except BadInput:
        return True  # it may have: what was known cannot be read
    return known is not None and known.age > 0
