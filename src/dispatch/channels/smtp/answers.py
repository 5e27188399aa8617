"""What a mail server's no means: for one mail, or for all of them."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dispatch.channels.smtp.about import About, Reading, names_limit, read_no
from dispatch.errors import (
    CredentialsRefused,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.model.text.plain_text import one_line, printable

LOGIN_NEEDED = frozenset({530, 534, 535, 538})
"""Replies about the account and not the mail (RFC 4954, 6)."""

CLOSING = 421
"""The server ends the connection with it, whatever it was asked (RFC 5321, 4.2.3)."""

OUT_OF_STEP = frozenset({500, 502, 503, 504, 521})
"""Replies about commands and their order (RFC 5321, 4.2.4) or the server as a whole (RFC 7504).
They say nothing about a sender, a recipient or a mail, whatever they answer."""

SYNTAX = 501
"""About the address in MAIL or RCPT, or the words of a mail; DATA has neither."""

UNREADABLE = -1
"""Stands for the code of a reply that has none."""

MOST_WORDS = 300
"""Characters of a server's own words that are shown."""

MOST_NAME = 200
"""Characters of the name that a server's queue gives to a mail."""

Hide = Callable[[str], str]
"""Takes the secrets out of a text."""

_CODE = re.compile(rb"([0-9]{3})(?:[ \t\r-]|\Z)")


@dataclass(frozen=True, slots=True)
class NotTaken:
    """The server's no to one command; `command` is its verb."""

    command: str
    code: int
    words: str

    def __str__(self) -> str:
        return f"'{self.words}'" if self.code == UNREADABLE else f"{self.code} {self.words}".strip()


def read_code(answer: bytes) -> int:
    r"""The three digits that each line of an answer begins with, UNREADABLE if one does not.

    >>> read_code(b"250 2.1.5 Ok"), read_code(b"250-a\r\n250\r"), read_code(b"250-a\n550 b")
    (250, 250, -1)
    >>> read_code(b"Ok"), read_code(b"2500 Ok"), read_code(b"")
    (-1, -1, -1)
    """
    first = answer[:3]
    for line in answer.split(b"\n"):
        code = _CODE.match(line)
        if code is None or code[1] != first:
            return UNREADABLE
    return int(first)


def not_taken(command: str, answer: bytes, hide: Hide = str) -> NotTaken:
    """The no as people read it: one line, not too long, without secrets."""
    code = read_code(answer)
    skipped = 0 if code == UNREADABLE else len("250 ")
    words = b" ".join(line[skipped:] for line in answer.split(b"\n"))
    return NotTaken(command, code, hide(one_line(words.decode("utf-8", "replace")))[:MOST_WORDS])


def accepted(answer: bytes, hide: Hide = str) -> Accepted:
    """The yes to a mail, with the name that the server's queue gave it, if it says so.

    >>> accepted(b"250 2.0.0 Ok: queued as 4F2A")
    Accepted(id='4F2A', address='', others=())
    """
    name = answer.partition(b"queued as ")[2].split(None, 1)
    if not name:
        return NAMELESS
    shown = name[0].decode("ascii", "replace")
    return Accepted(hide(shown if shown.isprintable() else printable(shown))[:MOST_NAME])


NAMELESS = Accepted()


def is_out_of_step(command: str, code: int) -> bool:
    """Whether a no shows that the server does not follow the talk, or wants no mail at all.

    >>> is_out_of_step("DATA", 503), is_out_of_step("DATA", 501), is_out_of_step("RCPT", 501)
    (True, True, False)
    """
    return code in OUT_OF_STEP or (code == SYNTAX and command == "DATA")


def explain(no: NotTaken, server: str) -> Refused | ProviderError:
    """What follows from the no for this mail; RateLimited and CredentialsRefused: for all mails."""
    if no.code in LOGIN_NEEDED:
        return CredentialsRefused(
            f"{server}: account not accepted ({no}) - check username and password"
        )
    if is_out_of_step(no.command, no.code) or no.code // 100 not in {4, 5}:
        return ProviderUnavailable(
            f"{server}: answer to {no.command} not understood ({no}) - tried again"
        )
    if no.code == CLOSING and not names_limit(no.words):
        return ProviderUnavailable(f"{server}: takes no mail now ({no}) - tried again")
    return _explain_reading(no, server)


def _explain_reading(no: NotTaken, server: str) -> Refused | ProviderError:
    reading = _read(no)
    for_good = no.code // 100 == 5
    if reading.about is About.RECIPIENT and for_good:
        return Refused(str(no), sure=reading.sure)
    if reading.about is About.RECIPIENT:
        return TryLater(f"{server}: not taken now ({no}) - it is tried again")
    if reading.about is About.ACCOUNT and for_good:
        # The next mail would be refused too, and so would everybody's.
        return CredentialsRefused(
            f"{server}: sender not accepted ({no}) - use one this account may send from,"
            " or ask who runs the server"
        )
    return RateLimited(
        f"{server}: takes no more for now ({no}) - it goes on by itself; where the account has such"
        " a limit, have it raised, or keep below it with 'pace:'"
    )


def explain_break(farewell: NotTaken | None, flaw: str, server: str) -> ProviderError:
    """What follows for a mail that the server cannot have, as its connection is gone.

    `farewell` is what it said at the end, and `flaw` what is wrong with the connection, if known.
    """
    if farewell is not None and farewell.command:
        said = explain(farewell, server)
        if isinstance(said, ProviderUnavailable | RateLimited):
            return said
    return ProviderUnavailable(
        f"{server}: {flaw or 'the line broke before the mail was sent'} - it is tried again"
    )


def wants_new_connection(no: NotTaken, *, ended: bool) -> bool:
    """Whether a no may mean that this connection has carried enough, or was idle for too long.

    Limits of a session do not always say so. After a whole mail, where `ended`, they have to: it is
    not sent again on a guess.
    """
    about = _read(no).about
    return about is About.SESSION or (about is About.MOMENT and no.code // 100 == 4 and not ended)


def _read(no: NotTaken) -> Reading:
    return read_no(no.command, no.code, no.words)
