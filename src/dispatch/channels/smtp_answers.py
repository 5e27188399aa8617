"""What a mail server's no means: for one mail, or for all of them."""

from dataclasses import dataclass

from dispatch.errors import (
    CredentialsRefused,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.message import Accepted, Refused

TOO_LARGE = 552
"""Said of one mail, although at MAIL (RFC 1870, 6.1)."""

LOGIN_NEEDED = frozenset({530, 534, 535, 538})
"""Replies about the account and not the mail (RFC 4954, 6)."""

CLOSING = 421
"""The server ends the connection with it, whatever it was asked (RFC 5321, 4.2.3)."""

UNREADABLE = -1
"""Stands for the code of a reply that has none."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The server's no to one command; `command` is its verb."""

    command: str
    code: int
    words: str

    def __str__(self) -> str:
        return f"{self.code} {self.words}"


def read_code(line: bytes) -> int:
    """The three digits that a reply begins with, UNREADABLE if it does not.

    >>> read_code(b"250 2.1.5 Ok"), read_code(b"Ok")
    (250, -1)
    """
    digits = line[:3]
    return int(digits) if len(digits) == 3 and digits.isdigit() else UNREADABLE


def not_taken(command: str, code: int, words: bytes) -> NotTaken:
    """The no as people read it: one line, not too long."""
    return NotTaken(command, code, " ".join(words.decode("utf-8", "replace").split())[:300])


def accepted(words: bytes) -> Accepted:
    """The yes to a mail, with the name that the server's queue gave it, if it says so.

    >>> accepted(b"250 2.0.0 Ok: queued as 4F2A")
    Accepted(id='4F2A')
    """
    name = words.partition(b"queued as ")[2].split(None, 1)
    return Accepted(name[0].decode("ascii", "replace")) if name else NAMELESS


NAMELESS = Accepted()


def explain(no: NotTaken, server: str) -> Refused | ProviderError:
    """What follows from the no for this mail; RateLimited and CredentialsRefused: for all mails."""
    if no.code in LOGIN_NEEDED:
        return CredentialsRefused(
            f"{server}: account not accepted ({no}) - check username and password"
        )
    if no.code // 100 == 5 and no.command == "MAIL" and no.code != TOO_LARGE:
        # Said of the sender: the next mail would be refused too, and so would everybody's.
        return CredentialsRefused(
            f"{server}: sender not accepted ({no}) - use one this account may send from"
        )
    if no.code // 100 == 5:
        return Refused(str(no))
    if no.code == CLOSING or no.code // 100 != 4:
        return ProviderUnavailable(f"{server}: takes no mail now ({no}) - tried again")
    if no.command == "MAIL":  # said of the sender, so it holds for everybody
        return RateLimited(f"{server}: takes no mail now ({no}) - sending goes on later")
    return TryLater(f"{server}: not taken now ({no}) - it is tried again")
