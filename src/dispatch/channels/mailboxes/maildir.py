"""A mailbox as a folder, one file for each mail (https://cr.yp.to/proto/maildir.html)."""

from collections.abc import Collection, Iterator
from pathlib import Path

from dispatch.channels.mailboxes.mailbox import MOST_BYTES, MOST_MAILS, Portion
from dispatch.errors import MailboxUnavailable
from dispatch.model.text.plain_text import one_line

SEEN, UNSEEN = ":2,S", ":2,"
"""What mail programs show as read, and as new."""


class Maildir:
    """Reads what is in `new`, and moves it to `cur`."""

    validity = 0

    def __init__(self, folder: Path) -> None:
        """Raises MailboxUnavailable where it is no Maildir."""
        self._folder = folder
        self.trouble = ""
        if not (folder / "new").is_dir():
            problem = "is no Maildir" if folder.exists() else "is not there"
            raise MailboxUnavailable(
                f"maildir {folder}: {problem} - write the folder that has new/ and cur/ in it"
            )
        self._names: Iterator[str] = iter(())
        self._listed = False

    def take(self, last: int) -> Portion | None:  # noqa: ARG002 - the folder says it itself
        """The next mails in `new`, the oldest first."""
        if not self._listed:
            self._listed = True
            self._names = iter(self._list())
        mails: list[tuple[str, bytes]] = []
        for name in self._names:
            if (raw := self._read(name)) is not None:
                mails.append((name, raw))
            if len(mails) >= MOST_MAILS:
                break
        return Portion(mails) if mails else None

    def mark(self, portion: Portion, understood: Collection[str]) -> None:
        """Move them to `cur`; those that told nothing are new to mail programs all the same."""
        stays: list[MailboxUnavailable] = []
        for name, _ in portion.mails:
            flags = SEEN if name in understood else UNSEEN
            try:
                (self._folder / "cur").mkdir(exist_ok=True)
                self._move(name, name.partition(":")[0] + flags)
            except OSError as error:
                stays.append(self._unavailable(error, f"new/{name}", "moved to cur/"))
        if stays and len(stays) == len(portion.mails) > 1:
            raise stays[0]
        if stays:
            self.trouble = str(stays[0])

    def close(self) -> None:
        """Nothing is open."""

    def _list(self) -> list[str]:
        try:
            names = (one.name for one in (self._folder / "new").iterdir())
            return sorted(one for one in names if not one.startswith("."))
        except OSError as error:
            raise self._unavailable(error) from error

    def _read(self, name: str) -> bytes | None:
        path = self._folder / "new" / name
        try:
            if not path.is_file():
                return None
            with path.open("rb") as file:
                return file.read(MOST_BYTES)
        except FileNotFoundError:  # somebody has taken it
            return None
        except OSError as error:
            self.trouble = str(self._unavailable(error, f"new/{name}"))
            return None

    def _move(self, name: str, to: str) -> None:
        try:
            (self._folder / "new" / name).rename(self._folder / "cur" / to)
        except FileNotFoundError:
            return

    def _unavailable(
        self, error: OSError, what: str = "", done: str = "read"
    ) -> MailboxUnavailable:
        place = one_line(f"{self._folder}/{what}" if what else str(self._folder))
        return MailboxUnavailable(
            f"maildir {place}: cannot be {done} ({error.strerror or error})"
            " - let the account that runs dispatch read and move its files"
        )
