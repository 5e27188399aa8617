"""The record of one message going out, its states, and the moves between them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from dispatch.errors import Conflict


class DeliveryState(StrEnum):
    """Where one delivery stands; those of `ENDED` add up to the audience."""

    PENDING = "pending"
    SENDING = "sending"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    SUPPRESSED = "suppressed"
    FAILED = "failed"
    UNKNOWN = "unknown"


ENDED = frozenset(DeliveryState) - {DeliveryState.PENDING, DeliveryState.SENDING}


class On(StrEnum):
    """What can happen to a delivery."""

    CLAIMED = "claimed by a worker"
    LEFT = "suppressed, unsubscribed or ended at claim time"
    SAMPLE = "a sample person: only an outbox takes mail for them"
    TAKEN = "the provider took it"
    TURNED_DOWN = "the provider refused it"
    RETRY = "rate limited, or never reached the provider"
    GAVE_UP = "the last attempt did not reach the provider"
    PAUSED = "credentials refused"
    LOST = "answer lost, or the lease ran out after hand-over"
    LOST_HARMLESS = "answer lost while the provider still drops repeats"
    CUT_OFF = "the machine stopped around its hand-over; it may have gone out"
    TOO_LATE = "not tried again before the provider stopped dropping repeats"
    CANCELLED = "the edition was cancelled"
    RESTORED = "the database was put back from a copy; it may have gone out since"
    MISJUDGED = "refused like others of other domains: the account is meant"
    RESENT = "a person decided that it is to be sent again"
    BELIEVED = "a person decided that it has arrived"
    TOLD = "the provider took it: it told later what became of it"
    FOUND = "the provider took it: it is among the latest posts of the account"


MOVES: dict[tuple[DeliveryState, On], DeliveryState] = {
    (DeliveryState.PENDING, On.CLAIMED): DeliveryState.SENDING,
    (DeliveryState.PENDING, On.LEFT): DeliveryState.SUPPRESSED,
    (DeliveryState.SENDING, On.SAMPLE): DeliveryState.SUPPRESSED,
    (DeliveryState.SENDING, On.TAKEN): DeliveryState.ACCEPTED,
    (DeliveryState.SENDING, On.TURNED_DOWN): DeliveryState.REFUSED,
    (DeliveryState.SENDING, On.RETRY): DeliveryState.PENDING,
    (DeliveryState.SENDING, On.GAVE_UP): DeliveryState.FAILED,
    (DeliveryState.SENDING, On.PAUSED): DeliveryState.PENDING,
    (DeliveryState.SENDING, On.LOST): DeliveryState.UNKNOWN,
    (DeliveryState.SENDING, On.LOST_HARMLESS): DeliveryState.PENDING,
    (DeliveryState.PENDING, On.TOO_LATE): DeliveryState.UNKNOWN,
    # Reserved, and after a power cut nobody knows how much further it had come.
    (DeliveryState.PENDING, On.CUT_OFF): DeliveryState.UNKNOWN,
    (DeliveryState.PENDING, On.CANCELLED): DeliveryState.FAILED,
    (DeliveryState.PENDING, On.RESTORED): DeliveryState.UNKNOWN,
    (DeliveryState.SENDING, On.RESTORED): DeliveryState.UNKNOWN,
    (DeliveryState.FAILED, On.RESENT): DeliveryState.PENDING,
    # What was refused was not taken: to send it again gives nobody a second copy.
    (DeliveryState.REFUSED, On.RESENT): DeliveryState.PENDING,
    (DeliveryState.REFUSED, On.MISJUDGED): DeliveryState.PENDING,
    (DeliveryState.UNKNOWN, On.RESENT): DeliveryState.PENDING,
    (DeliveryState.UNKNOWN, On.BELIEVED): DeliveryState.ACCEPTED,
    # Whoever tells what became of a message has taken it.
    (DeliveryState.PENDING, On.TOLD): DeliveryState.ACCEPTED,
    (DeliveryState.SENDING, On.TOLD): DeliveryState.ACCEPTED,
    (DeliveryState.UNKNOWN, On.TOLD): DeliveryState.ACCEPTED,
    (DeliveryState.SENDING, On.FOUND): DeliveryState.ACCEPTED,
    (DeliveryState.UNKNOWN, On.FOUND): DeliveryState.ACCEPTED,
    # The answer came after all, later than the lease.
    (DeliveryState.UNKNOWN, On.TAKEN): DeliveryState.ACCEPTED,
    (DeliveryState.UNKNOWN, On.TURNED_DOWN): DeliveryState.REFUSED,
}


def move(state: DeliveryState, on: On) -> DeliveryState:
    """The state that follows; raises Conflict where the table has no such move.

    >>> move(DeliveryState.SENDING, On.TAKEN).value
    'accepted'
    """
    try:
        return MOVES[state, on]
    except KeyError:
        raise Conflict(f"a delivery that is {state} cannot be {on}") from None


BACK_OFF = (
    timedelta(minutes=1),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=6),
)
"""The waits after each attempt that never reached the provider; after the last it has failed."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One message to one recipient, unique by edition, channel, recipient and part.

    `recipient` is an address, or for a snippet the channel's account. `part` tells the snippets
    of one edition apart (the post's id) and is empty for what the edition sends once.
    `attempt` counts the hand-overs; `fence` is that of the batch it was handed over with, so that a
    worker that was asleep cannot settle what another has handed over since. `due` is None where it
    can go out at once. `repeats_until` is set after a lost answer: until then the provider drops a
    repeat of this very message. `changed` is when it got into its state.
    """

    id: int
    edition_id: str
    channel: str
    recipient: str
    part: str
    subscriber_id: int | None
    state: DeliveryState
    attempt: int
    fence: int
    changed: datetime
    due: datetime | None = None
    reason: str = ""
    provider_id: str = ""
    repeats_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Settlement:
    """How one delivery came out; `due` only where it is to be tried again.

    `counted` is false where the attempt says nothing about the message, `answered` is true where
    the provider said so itself: such an answer counts even if it comes late.
    """

    delivery: Delivery
    state: DeliveryState
    reason: str = ""
    provider_id: str = ""
    due: datetime | None = None
    counted: bool = True
    answered: bool = False
    repeats_until: datetime | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more happens to it by itself."""
        return self.due is None


def count_open(counts: Mapping[DeliveryState, int]) -> int:
    """How many deliveries have not ended: they wait, or are in somebody's hands."""
    return sum(number for state, number in counts.items() if state not in ENDED)
