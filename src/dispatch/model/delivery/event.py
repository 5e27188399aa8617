"""What a provider tells of a message after it took it, whichever way that comes."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EventKind(StrEnum):
    """What happened, in one set of words for all providers."""

    DELIVERED = "delivered"
    DEFERRED = "deferred"  # tried in vain, and tried again by the provider
    BOUNCED = "bounced"
    COMPLAINED = "complained"
    UNSUBSCRIBED = "unsubscribed"
    OPENED = "opened"
    CLICKED = "clicked"
    DROPPED = "dropped"  # the provider took it and did not try
    OTHER = "other"  # a kind that we have no word for: kept, as the provider says it


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that a provider tells.

    `id` is the provider's own for this event, the same when it is told again; empty where it has
    none: then what is told stands for it. `at` is when it happened, None where that is not told.
    `delivery` is the id that our message had (`EmailMessage.id`), where the provider gives it back;
    `provider_id` is the provider's own of the message, as `Accepted` had it. `recipient` is the
    address as the provider writes it, empty where it tells none.
    `permanent`: nothing sent there will ever arrive (a hard bounce), or nothing that this provider
    would send (dropped); false for a soft bounce, and where it is not known.
    `said` is the provider's word for the kind, `reason` what it or the mail server says in words,
    `url` what was clicked.
    `once`: the id is all that proves the call, so that nothing else that comes with it is believed.
    """

    kind: EventKind
    id: str = ""
    at: datetime | None = None
    delivery: str = ""
    provider_id: str = ""
    recipient: str = ""
    permanent: bool = False
    said: str = ""
    reason: str = ""
    url: str = ""
    once: bool = False


class Later(StrEnum):
    """What came later of a delivery; it stands beside its state, which stays as it was."""

    DEFERRED = "deferred"
    DELIVERED = "delivered"
    DROPPED = "dropped"
    SOFT_BOUNCED = "bounced softly"
    BOUNCED = "bounced"
    COMPLAINED = "complained"


TAKEN = frozenset({Later.DEFERRED, Later.DELIVERED, Later.COMPLAINED})
"""States of a mail that has arrived, or still may: to send it again would be a second copy."""

_RANKS = {state: rank for rank, state in enumerate(Later)}

_TELLS = {
    EventKind.DEFERRED: Later.DEFERRED,
    EventKind.DELIVERED: Later.DELIVERED,
    EventKind.OPENED: Later.DELIVERED,
    EventKind.CLICKED: Later.DELIVERED,
    EventKind.DROPPED: Later.DROPPED,
    EventKind.COMPLAINED: Later.COMPLAINED,
}


def rank(state: Later) -> int:
    """How much a state says: events come in any order, and of two the one that says more stays.

    >>> rank(Later.DELIVERED) < rank(Later.SOFT_BOUNCED) < rank(Later.BOUNCED)
    True
    """
    return _RANKS[state]


def word_of(event: Event) -> str:
    """The kind as people read it: a soft bounce is none that ends anything.

    >>> word_of(Event(kind=EventKind.BOUNCED)), word_of(Event(kind=EventKind.OPENED))
    ('bounced softly', 'opened')
    """
    later = later_of(event) if event.kind is EventKind.BOUNCED else None
    return (later or event.kind).value


def later_of(event: Event) -> Later | None:
    """What an event tells of its delivery; None where it tells nothing of how it fared.

    What somebody has opened has arrived.
    """
    if event.kind is EventKind.BOUNCED:
        return Later.BOUNCED if event.permanent else Later.SOFT_BOUNCED
    return _TELLS.get(event.kind)
