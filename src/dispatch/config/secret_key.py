"""The keys that sign the links in mails: the first is made once, and kept in the workspace."""

import contextlib
import os
import secrets
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.config.problems import FileProblem
from dispatch.errors import BadInput

if TYPE_CHECKING:
    from pydantic import SecretStr

FILE = ".dispatch-secret"
SHORTEST = 16


def kept_secret_keys(folder: Path) -> "tuple[SecretStr, ...]":
    """The workspace's keys, one a line and the newest last; made (mode 600) if there is none yet.

    Two processes that start together get the same one. Raises BadInput where it
    cannot be read or written.
    """
    from pydantic import SecretStr  # noqa: PLC0415

    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
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


def _make(path: Path) -> None:
    # A link appears with its whole content or not at all, and never replaces another's.
    draft = path.with_name(f"{FILE}.{secrets.token_hex(8)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(draft, path)
    finally:
        draft.unlink()
