"""People, and their consent to be written to."""

import re
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from dispatch.model.people.record import NO_TRACE, Trace


class SubscriptionState(StrEnum):
    """Where a person's consent to one audience stands."""

    PENDING = "pending"
    ACTIVE = "active"
    PAUSED = "paused"  # by the reader, until a day that they chose
    ENDED = "ended"


SUPPRESSED = "suppressed"

NOBODY = "0" * 32
"""The public id in the links of a test mail, which are nobody's."""


@dataclass(frozen=True, slots=True)
class Subscriber:
    """A person, as templates see them. Empty strings where nothing is known.

    `public_id` is who they are in links: random, so that it is nobody else's in another database.
    Links to what they may choose hold while `link_version` is theirs.
    """

    id: int
    email: str
    name: str = ""
    locale: str = ""
    timezone: str = ""
    topics: tuple[str, ...] = ()
    cadence: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    public_id: str = ""
    link_version: int = 0

    @property
    def subscriber(self) -> "Subscriber":
        """This very one: a `Profile` may be a row that makes one first."""
        return self


@dataclass(frozen=True, slots=True)
class Consent:
    """On what ground somebody is in an audience: from when, and where they said so.

    `at` is None where the file did not say. `source` is kept for ever, so it names nobody: what is
    personal is in `trace`. `wording` is the id of the text that they agreed to, `confirmed` how we
    know that it was they.
    """

    at: datetime | None
    source: str
    form: str = ""
    page: str = ""
    wording: str = ""
    confirmed: str = ""
    trace: Trace = NO_TRACE


@dataclass(frozen=True, slots=True)
class SubscriberRow:
    """One person as a file brings them in; `line` is where, for messages."""

    line: int
    email: str
    consent: Consent
    name: str = ""
    locale: str = ""
    timezone: str = ""
    topics: tuple[str, ...] = ()
    cadence: str = ""
    fields: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Subscription:
    """A person in one audience: the consent they gave, and where it stands.

    A suppressed address is not mailed whatever the state is.
    """

    subscriber: Subscriber
    consent: Consent
    state: SubscriptionState
    suppressed: bool = False

    @property
    def standing(self) -> str:
        """The state in a word, as lists and exports show it."""
        return SUPPRESSED if self.suppressed else self.state.value


@dataclass(frozen=True, slots=True)
class Suppression:
    """An address never to be mailed again, and why; it beats everything else.

    Where a whole domain is meant, `email` is that, after an @.
    """

    email: str
    reason: str
    since: datetime
    source: str = ""

    @property
    def is_for_good(self) -> bool:
        """Whether not even the answer goes out to what somebody asks for there themselves.

        So it is where they have complained, or where the reason says never. Others hear by that
        mail why no letter reaches them. What a mail server said of a mail that bounced ("taken for
        spam") is none of their words.
        """
        return bool(_FOR_GOOD.search(self.reason)) and not _BOUNCED.match(self.reason)


_BOUNCED = re.compile(r"(refused|bounced( softly [^:]*)?): ")
_FOR_GOOD = re.compile(r"complain|plaint|abus|spam|\bnever\b|\bjamais\b", re.IGNORECASE)

_BY_HAND = " (noted by "


def noted_by(source: str, by: str) -> str:
    """A ground that somebody of the team has noted, as it goes on record.

    >>> noted_by("asked by phone", "marie")
    'asked by phone (noted by marie)'
    """
    return f"{source}{_BY_HAND}{by})"


def is_noted_by(source: str) -> bool:
    """Whether a ground says already who has noted it."""
    return _BY_HAND in source and source.endswith(")")


def is_noted(source: str) -> bool:
    """Whether a ground was noted by hand: no file brought that person in."""
    return _BY_HAND in source and source.endswith(")")


_FORM = re.compile(r"form [a-z0-9][a-z0-9_-]{0,63}")


def form_ground(form: str) -> str:
    """The ground of who joined by a form of ours, as it goes on record."""
    return f"form {form}"


def is_form_ground(source: str) -> bool:
    """Whether it was a form by which they joined: no file brought that person in.

    >>> is_form_ground(form_ground("newsletter")), is_form_ground("form at the fair")
    (True, False)
    """
    return bool(_FORM.fullmatch(source))


BY_PREFERENCES = "preferences"
UNDID_LEAVING = "undid leaving"
MOVED_HERE = "moved here from another address"

_BY_THEMSELVES = frozenset({BY_PREFERENCES, UNDID_LEAVING, MOVED_HERE})


def is_own_ground(source: str) -> bool:
    """Whether they came in by a page or form of ours, themselves: no file need name them.

    >>> is_own_ground(UNDID_LEAVING), is_own_ground(form_ground("news")), is_own_ground("fair")
    (True, True, False)
    """
    return source in _BY_THEMSELVES or is_form_ground(source)


def email_key(email: str) -> str:
    """The form under which two spellings of an address are one.

    Only case is levelled: what a dot or a plus means is the receiving server's business, and to
    fold further would make one of two people (straße and strasse).

    >>> email_key(" Ada@Example.ORG ")
    'ada@example.org'
    """
    return email.strip().lower()
