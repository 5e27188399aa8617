"""Where mail servers send back what they cannot deliver, and how that is read."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

SEPARATOR = "+"
"""Between a mailbox and what is said to it (RFC 5233); mail servers deliver both to the mailbox."""

Security = Literal["tls", "starttls", "none"]


@dataclass(frozen=True, slots=True)
class ImapPlan:
    """An account at a mail server; `password` is a reference such as `env:NAME`."""

    host: str
    port: int
    security: Security
    username: str
    password: str
    folder: str = "INBOX"
    ca_file: str = ""

    def __str__(self) -> str:
        return f"{self.username}@{self.host}:{self.port}/{self.folder}"


@dataclass(frozen=True, slots=True)
class BounceMailbox:
    """The mailbox: `address` is where it gets its mail.

    It is read `every` so often, by IMAP, or else from a Maildir, whose path begins at the
    workspace's folder.
    """

    address: str
    every: timedelta
    imap: ImapPlan | None = None
    maildir: str = ""

    @property
    def place(self) -> str:
        """Which mailbox it is, as people and the database name it."""
        return f"imap {self.imap}" if self.imap else f"maildir {self.maildir}"
