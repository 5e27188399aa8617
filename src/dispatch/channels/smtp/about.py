"""Whom a mail server's no is about: this recipient, the account, the session, or the moment.

Decided by the enhanced code (RFC 3463, and IANA's registry of them), then by the words, then by the
command.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from dispatch.channels.smtp.words import (
    ACCOUNT,
    ACCOUNT_NAMED,
    BOX_FULL,
    FULL,
    LIMIT,
    NOBODY,
    ON_THE_WAY,
    PERIOD,
    RECIPIENTS_HALF,
    RECIPIENTS_RULE,
    RESTRICTED,
    SENDERS_HALF,
    SENDING,
    SESSION,
    SESSIONS_TOGETHER,
    SIZE,
    VERDICT,
    plain,
)


class About(StrEnum):
    """What has to change before the same mail is taken.

    RECIPIENT: this address, or this one mail. ACCOUNT: what the sender or the login may do; a
    person has to see to that. SESSION: the connection has carried its share, and a new one will
    do. MOMENT: how much may go now; a limit, a quota or a full disk passes by itself.
    """

    RECIPIENT = "recipient"
    ACCOUNT = "account"
    SESSION = "session"
    MOMENT = "moment"


@dataclass(frozen=True, slots=True)
class Reading:
    """Whom a no is about; not `sure`: one alone is read like this, and several are not."""

    about: About
    sure: bool = True


RECIPIENTS = Reading(About.RECIPIENT)
PERHAPS_RECIPIENTS = Reading(About.RECIPIENT, sure=False)
ACCOUNTS = Reading(About.ACCOUNT)
SESSIONS = Reading(About.SESSION)
MOMENTS = Reading(About.MOMENT)

Status = tuple[int, int]
"""Subject and detail of an enhanced code: (1, 1) is x.1.1."""

NO_STORAGE = 452
TOO_MUCH = 552
"""A mailbox is full, or a mail too large; the latter also at MAIL (RFC 1870, 6.1)."""

RECIPIENTS_SUBJECTS = frozenset({1, 2})
NO_SUBJECTS = frozenset({0, 3})
SECURITY = 7

OTHER_ADDRESS: Status = (1, 0)
"""Of the sender or of the recipient (RFC 3463, 3.2)."""

TOO_MANY_RECIPIENTS: Status = (5, 3)
OTHER_SECURITY: Status = (7, 0)
TOO_LARGE: frozenset[Status] = frozenset({(2, 3), (3, 4)})

# x.1.7 and x.1.8 are the sender's address, though they begin with x.1. The others are Exchange
# Online's: login or connector (5.7.57 to 5.7.64), banned senders and addresses of ours (5.7.5xx),
# and the tenant (5.7.7xx), but for 5.7.703, which is a list of recipients.
NOT_ALLOWED: frozenset[Status] = frozenset(
    {(1, 7), (1, 8), (7, 57), (7, 60), (7, 61), (7, 64), (7, 501), (7, 502), (7, 503), (7, 508),
     (7, 511), *((SECURITY, detail) for detail in range(700, 751) if detail != 703)}
)  # fmt: skip

# Lists that take mail from some people only; from 5.7.12 on in Exchange's numbers.
RESTRICTIONS: frozenset[Status] = frozenset(
    {(7, 2), (7, 12), (7, 13), *((SECURITY, detail) for detail in range(120, 140))}
)

# IANA: a system that is full or takes nothing now, congestion, a flood of mails. Exchange Online:
# the recipients of a day (5.1.90), a sender that is slowed down (5.2.250 to 5.2.255).
NOT_NOW: frozenset[Status] = frozenset(
    {(3, 1), (3, 2), (4, 5), (7, 28), (1, 90), *((2, detail) for detail in range(250, 256))}
)

# In front, or behind "#", as qmail has it; an address of four numbers is none.
_STATUS = re.compile(r"(?:^\W{0,2}|#)[245]\.(\d{1,3})\.(\d{1,3})(?![\w.])")
_ANSWER = re.compile(r"([45]\d\d) (.*)", re.DOTALL)


def read_no(command: str, code: int, words: str) -> Reading:
    """Whom a no (4xx or 5xx) is about; `words` are what follows the code, in one line.

    `command` is the verb that it answers, or anything else where that is not known.

    >>> read_no("RCPT", 550, "5.4.5 Daily user sending limit exceeded.").about.value
    'moment'
    >>> read_no("RCPT", 552, "5.2.2 mailbox over quota").about.value
    'recipient'
    >>> read_no("RCPT", 554, "5.7.1 Access denied")
    Reading(about=<About.RECIPIENT: 'recipient'>, sure=False)
    """
    every = words.lower()
    found = _STATUS.search(every)
    status = (int(found[1]), int(found[2])) if found else None
    said = plain(words)
    return (
        _by_exception(status, every, said)
        or _by_mail(command, code, status, said)
        or _by_mailbox(command, code, status, said)
        or _by_limit(code, status, said)
        or _by_account(command, status, every, said)
        or (RECIPIENTS if NOBODY.search(said) else PERHAPS_RECIPIENTS)
    )


def read_reason(reason: str) -> Reading:
    """Whom a refusal is about that was stored with this reason, by what is known today.

    >>> read_reason("550 5.4.5 Daily user sending limit exceeded.").about.value
    'moment'
    >>> read_reason("address: not one that mail can be sent to").about.value
    'recipient'
    """
    answer = _ANSWER.match(reason)
    return read_no("", int(answer[1]), answer[2]) if answer else RECIPIENTS


def names_limit(words: str) -> bool:
    """Whether an answer says itself that something is used up, or comes too fast."""
    return LIMIT.search(plain(words)) is not None


def _by_exception(status: Status | None, every: str, said: str) -> Reading | None:
    """What is documented otherwise than the rest of its kind."""
    if RECIPIENTS_HALF.search(every):
        return RECIPIENTS
    if status in NOT_NOW:
        return SESSIONS if _is_sessions(said) else MOMENTS
    if status in NOT_ALLOWED and not LIMIT.search(said):
        return ACCOUNTS
    if SENDERS_HALF.search(every):
        return ACCOUNTS if "denied" in every else MOMENTS
    return ACCOUNTS if status == OTHER_ADDRESS and ACCOUNT.search(said) else None


def _by_mail(command: str, code: int, status: Status | None, said: str) -> Reading | None:
    """A mail that is too large, by its limit or its number."""
    if status in TOO_LARGE or SIZE.search(said):
        return RECIPIENTS
    alone = command == "MAIL" and code == TOO_MUCH and not SENDING.search(said)
    return RECIPIENTS if alone else None


def _by_mailbox(command: str, code: int, status: Status | None, said: str) -> Reading | None:
    """What is this recipient's, however it speaks of quotas and rates."""
    if command == "MAIL":  # nobody was named yet
        return None
    if status is not None and status[0] in RECIPIENTS_SUBJECTS:
        return RECIPIENTS
    if ON_THE_WAY.search(said) or BOX_FULL.search(said):
        return RECIPIENTS
    if SENDING.search(said):
        return None
    if FULL.search(said):
        return RECIPIENTS
    full = code == TOO_MUCH and (status is None or status[0] in NO_SUBJECTS)
    return PERHAPS_RECIPIENTS if full else None


def _by_limit(code: int, status: Status | None, said: str) -> Reading | None:
    """That this is enough, for the connection or for now."""
    limit = LIMIT.search(said) and not VERDICT.search(said)
    if status == TOO_MANY_RECIPIENTS or (limit and _is_sessions(said)):
        return MOMENTS if PERIOD.search(said) else SESSIONS
    now = status == OTHER_SECURITY and code // 100 == 4
    return MOMENTS if limit or now or code == NO_STORAGE else None


def _by_account(command: str, status: Status | None, every: str, said: str) -> Reading | None:
    """What this sender or login may not do."""
    if command == "MAIL":
        return ACCOUNTS
    if status in RESTRICTIONS or RESTRICTED.search(said) or RECIPIENTS_RULE in every:
        return None
    named = status is not None and status[0] == SECURITY and ACCOUNT_NAMED.search(said)
    return ACCOUNTS if named or ACCOUNT.search(said) else None


def _is_sessions(said: str) -> bool:
    together = SESSIONS_TOGETHER.search(said) or PERIOD.search(said)
    return SESSION.search(said) is not None and not together
