"""A folder instead of the world: every mail as a real .eml file, every snippet as JSON.

The embedded default: it needs no server, account or network.
"""

import hashlib
import json
import os
import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from pydantic import BaseModel, Field

from dispatch.plugin import (
    Accepted,
    Capabilities,
    Carries,
    Clock,
    Mail,
    Outcome,
    OutcomeUnknown,
    ProviderUnavailable,
    SocialMessage,
    WorkspacePath,
)
from dispatch.private_files import make_private_folder, open_private, sync_folder

if TYPE_CHECKING:
    import httpx

Kept = Mail | SocialMessage

_ASIDE = "~"
"""Stands in no name of a message."""


class OutboxOptions(BaseModel, extra="forbid", frozen=True, validate_default=True):
    """What schedules.yaml says under `options:`."""

    folder: WorkspacePath = Field(
        default=Path("outbox"), description="the folder to write to, seen from the workspace"
    )


class Outbox:
    """Keeps mails in the Maildir `mail/`, which mail programs open, and snippets in `social/`.

    A file's name follows from its message alone. A message whose file is still there, moved to
    `cur/` by a mail program or not, is not written again; one that somebody took out of the
    outbox between two attempts is. Files and folders are private: mails hold readers' own links.
    """

    Options: ClassVar[type[BaseModel]] = OutboxOptions
    capabilities: ClassVar[Capabilities] = Capabilities(
        carries=frozenset({Carries.EMAIL, Carries.SOCIAL}),
        batch=100,
        takes_mail=True,
        warnings=True,
        stays_here=True,
        idempotent_for=timedelta(days=365),
        source="https://cr.yp.to/proto/maildir.html",
        evidence="live",
    )

    def __init__(self, options: OutboxOptions, http: "httpx.Client", clock: Clock) -> None:  # noqa: ARG002
        self._folder = options.folder
        self._clock = clock

    def send(self, batch: Sequence[Kept]) -> Sequence[Outcome]:
        """Write all of the batch aside first, then move it into view: all of it, or nothing."""
        with self._explained():
            self._make_folders()
            there, left = self._read_names(), self._left_behind()
            moves: dict[Path, Path] = {}
            try:
                outcomes = [self._stage(message, there, left, moves) for message in batch]
            except OSError:
                for aside in moves:
                    aside.unlink(missing_ok=True)
                raise
        self._show(moves)
        return outcomes

    def check(self) -> str:
        """The folder, after trying to write there."""
        with self._explained():
            self._make_folders()
            trial = self._aside("check")
            open_private(trial).close()
            trial.unlink()
        return f"folder {self._folder}"

    def _stage(
        self,
        message: Kept,
        there: set[str],
        left: dict[str, list[Path]],
        moves: dict[Path, Path],
    ) -> Outcome:
        name = _name(message)
        place = "social" if isinstance(message, SocialMessage) else "mail/new"
        final = self._folder / place / name
        if name not in there and not final.exists():
            there.add(name)
            data = self._bytes(message)
            for old in left.pop(name, ()):
                old.unlink(missing_ok=True)
            aside = self._aside(name)
            moves[aside] = final
            with open_private(aside) as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())  # "accepted" has to survive a power cut
        return Accepted(name)

    def _bytes(self, message: Kept) -> bytes:
        if isinstance(message, Mail):
            return message.data
        image = message.image
        fields = {
            "id": message.id,
            "accepted_at": self._clock().isoformat(timespec="seconds"),
            "text": message.text,
            "link": message.link,
            "title": message.title,
            "language": message.language,
            "image": {"url": image.url, "alt": image.alt} if image else None,
            "topics": list(message.topics),
        }
        return json.dumps(fields, ensure_ascii=False, indent=2).encode() + b"\n"

    def _show(self, moves: dict[Path, Path]) -> None:
        try:
            for aside, place in moves.items():
                aside.replace(place)
            for folder in {place.parent for place in moves.values()}:
                sync_folder(folder)
        except OSError as error:
            raise OutcomeUnknown(
                f"outbox: stopped while moving mails into {self._folder} ({error.strerror})"
                " - a later try adds the missing ones only"
            ) from error

    def _make_folders(self) -> None:
        for part in ("mail/tmp", "mail/new", "mail/cur", "social"):
            make_private_folder(self._folder / part)

    def _aside(self, name: str) -> Path:
        """Where a message is written until it is whole, under a name that nobody can guess."""
        return self._folder / "mail" / "tmp" / f"{name}{_ASIDE}{secrets.token_hex(8)}"

    def _left_behind(self) -> dict[str, list[Path]]:
        """What was being written when a process died, by the message's name."""
        found: dict[str, list[Path]] = {}
        for path in (self._folder / "mail" / "tmp").iterdir():
            found.setdefault(path.name.partition(_ASIDE)[0], []).append(path)
        return found

    def _read_names(self) -> set[str]:
        """The names of mails that were read: in `cur/`, with flags added after a colon."""
        return {file.name.partition(":")[0] for file in (self._folder / "mail/cur").iterdir()}

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ProviderUnavailable(
                f"outbox: cannot write to {self._folder} ({error.strerror})"
                " - check the free space and who may write there"
            ) from error


def _name(message: Kept) -> str:
    """The file's name: who it is for, for people, and a hash, so that no two are the same."""
    digest = hashlib.sha256(message.id.encode()).hexdigest()[:24]
    if isinstance(message, SocialMessage):
        return f"{digest}.json"
    reader = re.sub(r"[^a-z0-9@+-]+", "_", message.recipient.lower())[:60].strip("_")
    return f"{reader}.{digest}.eml"
