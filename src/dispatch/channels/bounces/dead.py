"""Whether a failure says that nothing sent to an address will ever arrive.

A full mailbox, a verdict on the mail or its sender, a server that is away: none of these is a dead
address, however final the report is. Where nothing speaks for a death, it is none: a soft bounce
that comes again and again ends in the same suppression, and a wrong one is not taken back.
"""

import re
from dataclasses import dataclass

from dispatch.channels.bounces.words import (
    DISABLED,
    EDGE,
    FOR_NOW,
    FULL,
    JUDGED,
    NO_DOMAIN,
    NOBODY,
    OF_SENDER,
    QUOTED_FIELDS,
    SIZE,
    STOCK,
)
from dispatch.channels.smtp.about import About, names_limit, read_no
from dispatch.channels.smtp.words import BOX_FULL, plain
from dispatch.channels.smtp.words import FULL as QUOTA
from dispatch.channels.smtp.words import NOBODY as NOBODY_AT_RCPT
from dispatch.model.text.plain_text import single_spaced

_ENHANCED = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.]|\.\d)")
_REPLY = re.compile(r"(?<![\d.])([45]\d\d)(?=[ \-:#]|$)")

GENERIC = "5.0.0"

_NOBODY_THERE = frozenset({(1, 1), (1, 2), (1, 3), (1, 6), (1, 10), (2, 1), (4, 310)})
"""IANA's: no such mailbox, system or domain, no address, moved, no mail at all, disabled; and
Exchange Online's for a domain that does not exist."""

_UNDECIDED = frozenset({(0, 0), (1, 0), (1, 4), (1, 9), (2, 0), (3, 0), (5, 0), (5, 1), (5, 4)})
"""Numbers that servers give to all they have no other for."""

_SOMETHING_WITH_THE_ADDRESS = (1, 0)

_WAYS = 4
"""The subject of numbers about routes: a domain that is gone is among them."""


@dataclass(frozen=True, slots=True)
class Failure:
    """What is known of a failure: the enhanced code, the reply's, and what was said."""

    status: str
    code: int
    words: str


def failure(status: str, words: str) -> Failure:
    """A failure by the report's status and the server's words, of which the latter knows more.

    >>> failure("5.0.0", "smtp; 550-5.7.1 likely unsolicited mail").status
    '5.7.1'
    >>> failure("5.0.350", "550 5.0.350 Remote server returned an error -> 550 5.1.1 no").status
    '5.1.1'
    """
    told = words[:500].rpartition("->")[2]  # Exchange Online puts its own answer in front
    said = [found[0] for found in _ENHANCED.finditer(told)]
    own = _ENHANCED.search(status)
    specific = [one for one in said if not one.endswith(".0.0")]
    best = (specific or ([own[0]] if own else []) or said or [""])[0]
    if own and own[0][0] == best[0] and not own[0].endswith(".0.0") and not specific:
        best = own[0]
    reply = _REPLY.search(_ENHANCED.sub(" ", told)) or _REPLY.match(status)
    return Failure(best, int(reply[1]) if reply else 0, words)


def is_dead(failed: Failure) -> bool:
    """Whether it tells that nobody is there.

    >>> is_dead(failure("5.1.1", "550 5.1.1 User unknown"))
    True
    >>> is_dead(failure("5.2.2", "552 5.2.2 Mailbox full"))
    False
    >>> is_dead(failure("5.0.0", "554 Message rejected: listed at bl.example"))
    False
    """
    for_now = failed.status[:1] in {"2", "4"} or failed.code // 100 == 4
    words = failed.words if failed.status in failed.words else f"{failed.status} {failed.words}"
    if for_now or read_no("RCPT", failed.code or 550, words).about is not About.RECIPIENT:
        return False
    said = plain(failed.words)
    return not OF_SENDER.search(said) and _is_nobody(_number(failed.status), failed.words, said)


def _is_nobody(number: tuple[int, int], words: str, said: str) -> bool:
    """By the number where it tells, else by the words, of which `said` has no names."""
    if number in _NOBODY_THERE:
        return _is_gone(said) or not (_is_otherwise(said) or names_limit(words))
    if number[0] == _WAYS:
        gone = NO_DOMAIN.search(said) and not FOR_NOW.search(said)
        return EDGE in words.lower() or bool(gone)
    if number not in _UNDECIDED or _is_otherwise(said):
        return False
    return number == _SOMETHING_WITH_THE_ADDRESS or _is_gone(said) or gives_no_reason(said)


def gives_no_reason(words: str) -> bool:
    """Whether nothing is said but that it failed, in words that many servers have in common.

    >>> gives_no_reason("Delivery to the following recipients failed permanently:")
    True
    >>> gives_no_reason("554 No Resent-From field given")
    False
    """
    said = single_spaced(QUOTED_FIELDS.sub(" ", plain(words)))
    return not re.search(r"[^\W\d_]", STOCK.sub(" ", said))


def tells_why(words: str) -> bool:
    """Whether some words hold what the reason of a failure can be read from."""
    failed, said = failure("", words), plain(words)
    return bool(failed.status or failed.code) or _is_gone(said) or _is_otherwise(said)


def _is_gone(said: str) -> bool:
    return any(one.search(said) for one in (NOBODY, DISABLED, NO_DOMAIN, NOBODY_AT_RCPT))


def _is_otherwise(said: str) -> bool:
    return any(one.search(said) for one in (JUDGED, FULL, BOX_FULL, QUOTA, SIZE, FOR_NOW))


def _number(status: str) -> tuple[int, int]:
    found = _ENHANCED.fullmatch(status)
    return (int(found[2]), int(found[3])) if found else (0, 0)
