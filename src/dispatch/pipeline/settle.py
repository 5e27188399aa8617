"""What a hand-over came to: a provider's answer, error or silence, as a delivery's next state."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from dispatch.channels.open import Channel
from dispatch.clock import Clock
from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery import BACK_OFF, Delivery, DeliveryState, On, move
from dispatch.model.edition import Edition
from dispatch.model.message import Accepted, Outcome
from dispatch.model.text import printable
from dispatch.store.channels import Stop
from dispatch.store.deliveries import Settlement
from dispatch.store.store import Store


def settle_lost(edition: Edition, channel: Channel, *, store: Store, clock: Clock) -> int:
    """Settle what a worker that is gone left in its hands; how many those were."""
    now = clock()
    reason = "the process was ended during the hand-over"
    with store.begin() as tx:
        lost = tx.deliveries.lost(edition.id, channel.name, now=now)
        settlements = [_after_loss(one, channel, reason, now=now) for one in lost]
        return tx.deliveries.settle(settlements, now=now)


def by_outcome(deliveries: Sequence[Delivery], outcomes: Sequence[Outcome]) -> list[Settlement]:
    """How deliveries come out that were answered for one by one.

    Raises OutcomeUnknown if there are not as many answers as messages: whose are they?
    """
    if len(deliveries) != len(outcomes):
        raise OutcomeUnknown(f"{len(deliveries)} messages went out, {len(outcomes)} were answered")
    return [
        Settlement(one, _moved(On.TAKEN), provider_id=printable(outcome.id), answered=True)
        if isinstance(outcome, Accepted)
        else Settlement(
            one, _moved(On.TURNED_DOWN), reason=printable(outcome.reason), answered=True
        )
        for one, outcome in zip(deliveries, outcomes, strict=True)
    ]


def by_error(
    delivery: Delivery, channel: Channel, error: ProviderError, *, now: datetime
) -> Settlement:
    """How a delivery comes out when the provider gave no outcome for it."""
    reason = printable(str(error))
    if isinstance(error, OutcomeUnknown):
        return _after_loss(delivery, channel, reason, now=now)
    if isinstance(error, CredentialsRefused):
        return Settlement(delivery, _moved(On.PAUSED), reason, due=now, counted=False)
    if delivery.attempt > len(BACK_OFF):
        # If an earlier answer was lost it may have arrived: then nobody can say that it failed.
        return Settlement(
            delivery, _moved(On.LOST if delivery.repeats_until else On.GAVE_UP), reason
        )
    # Only a TryLater is about this message; for the others the stop of the channel has the wait.
    pause = BACK_OFF[delivery.attempt - 1] if isinstance(error, TryLater) else timedelta(0)
    return Settlement(delivery, _moved(On.RETRY), reason, due=now + pause)


def unmade(delivery: Delivery, reason: str) -> Settlement:
    """How a delivery comes out whose message could not be made."""
    return Settlement(delivery, _moved(On.GAVE_UP), printable(reason))


def given_back(delivery: Delivery, *, now: datetime) -> Settlement:
    """How a delivery comes out that was claimed and not handed over."""
    reason = "the process was asleep until its lease ran out; nothing was handed over"
    return Settlement(delivery, _moved(On.RETRY), reason, due=now, counted=False)


def stop_after(channel: str, error: ProviderError, stop: Stop | None, *, now: datetime) -> Stop:
    """How long a channel is left alone after an error that concerns all of it."""
    failures = (stop.failures if stop else 0) + 1
    reason = printable(str(error))
    if isinstance(error, CredentialsRefused):
        return Stop(channel, None, reason, failures)
    pause = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
    if isinstance(error, RateLimited) and error.retry_after is not None:
        # Some say "0 seconds" to everybody: asking again at once would use up all attempts.
        pause = max(error.retry_after, BACK_OFF[0])
    return Stop(channel, now + pause, reason, failures)


def _after_loss(delivery: Delivery, channel: Channel, reason: str, *, now: datetime) -> Settlement:
    # The window is open from the first hand-over on, however often it is tried again.
    window = channel.capabilities.idempotent_for
    repeats_until = delivery.repeats_until or (delivery.handed_over or now) + window
    if now < repeats_until and delivery.attempt <= len(BACK_OFF):
        return Settlement(
            delivery, _moved(On.LOST_HARMLESS), reason, due=now, repeats_until=repeats_until
        )
    return Settlement(delivery, _moved(On.LOST), reason)


def _moved(on: On) -> DeliveryState:
    return move(DeliveryState.SENDING, on)
