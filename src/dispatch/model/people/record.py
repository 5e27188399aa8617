"""The record: what somebody said, and what is known of the moment in which they said it."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Said(StrEnum):
    """What one word on record made of a subscription; the others are about the person."""

    ACTIVE = "active"
    ENDED = "ended"
    PAUSED = "paused"
    RESUMED = "resumed"
    CHOSE = "chose"  # something about themselves, and what they get
    MOVED = "moved"  # to another address
    LIFTED = "lifted"  # a suppression of their address, by the team
    REVOKED = "revoked"  # the links to their preferences that went out before


@dataclass(frozen=True, slots=True)
class Trace:
    """What is personal about a word: `email` as it was then, and what was written beside it.

    `network` is where they were, cut short. Erasing somebody empties all of it.
    """

    email: str = ""
    network: str = ""
    note: str = ""

    def __bool__(self) -> bool:
        return bool(self.email or self.network or self.note)


NO_TRACE = Trace()


@dataclass(frozen=True, slots=True)
class Word:
    """One word on record: `state` is what it made of the subscription, `ground` where it came in.

    `given` is None where nobody said when; `recorded` is when we heard of it. `wording` is the id
    of the text that they agreed to, `confirmed` how we know that it was they.
    """

    audience: str
    state: str
    ground: str
    given: datetime | None
    recorded: datetime
    form: str = ""
    page: str = ""
    wording: str = ""
    confirmed: str = ""
    trace: Trace = field(default=NO_TRACE)

    @property
    def source(self) -> str:
        """On what ground, as fully as it is known."""
        return self.trace.note or self.ground

    @property
    def at(self) -> datetime:
        """When it was said, or else when we heard of it."""
        return self.given or self.recorded


@dataclass(frozen=True, slots=True)
class Wording:
    """A text that people agreed to, and since when it was there."""

    id: str
    text: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Erased:
    """That somebody was erased; the number names nobody.

    `fields` is how much was known of them, `subscriptions` how many ended by it, and `deliveries`
    how many say no longer whose they were.
    """

    number: str
    at: datetime
    source: str = ""
    fields: int = 0
    subscriptions: int = 0
    deliveries: int = 0
