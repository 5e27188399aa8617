"""Secrets are named in files, never written; here the name becomes the value."""

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.config.files.problems import InvalidValueError

if TYPE_CHECKING:
    from pydantic import SecretStr

MAX_BYTES = 64_000  # a certificate chain fits; a wrong file usually does not

OURS = frozenset(
    {
        "DISPATCH_SECRET_KEY",
        "DISPATCH_OLD_SECRET_KEYS",
        "DISPATCH_TOKEN_KEY",
        "DISPATCH_DATABASE_URL",
    }
)
"""With these one is the workspace. Whoever connects a channel says to whom its secret is shown."""


def resolve(reference: str, *, folder: Path, environ: Mapping[str, str]) -> "SecretStr":
    """The value that `env:NAME` or `file:PATH` names; a path begins at the workspace's folder.

    Line ends after the value are not part of it; nothing else is taken away.
    Raises InvalidValueError, which never shows what was written.
    """
    from pydantic import SecretStr  # noqa: PLC0415 - only where a channel has a secret

    kind, colon, name = reference.strip().partition(":")
    if not colon or kind not in {"env", "file"} or not name:
        raise InvalidValueError(
            "secrets are named, never written",
            "put it in an environment variable and write its name, such as env:SMTP_PASSWORD",
        )
    return SecretStr(_from_file(name, folder) if kind == "file" else _from_env(name, environ))


def _from_env(name: str, environ: Mapping[str, str]) -> str:
    if not name.isidentifier():
        # Perhaps somebody wrote the secret itself behind env:, so it is not shown.
        raise InvalidValueError(
            "what follows env: is not a variable's name", "write it such as env:SMTP_PASSWORD"
        )
    if name.upper() in OURS:
        raise InvalidValueError(
            f"{name} is dispatch's own, and goes to nobody", "name the variable of this secret"
        )
    value = environ.get(name)
    if value is None:
        raise InvalidValueError(
            f"the environment variable {name} is not set", "set it before you start dispatch"
        )
    if not value.strip():
        raise InvalidValueError(f"the environment variable {name} is empty", "set it to the secret")
    return value.rstrip("\r\n")


def _from_file(name: str, folder: Path) -> str:
    try:
        with (folder / name).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except FileNotFoundError:
        raise InvalidValueError(f"there is no file {name}", "check the path after file:") from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else "no such path"
        raise InvalidValueError(
            f"the file {name} cannot be read ({reason})", "check the path and its permissions"
        ) from error
    if len(content) > MAX_BYTES:
        raise InvalidValueError(f"the file {name} is too large for a secret", "check the path")
    try:
        value = content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InvalidValueError(f"the file {name} is not text", "check the path") from None
    if not value.strip():
        raise InvalidValueError(f"the file {name} is empty", "write the secret into it")
    return value
