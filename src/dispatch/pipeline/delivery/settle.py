"""An outcome settles a delivery: a provider's answer, error or silence makes its next state."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

import structlog

from dispatch.errors import (
    CredentialsRefused,
    DispatchError,
    MessageUnusable,
    NotHandedOver,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    SampleRecipient,
    TryLater,
)
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.state import BACK_OFF, Delivery, DeliveryState, On, Settlement, move
from dispatch.model.editions.edition import Edition
from dispatch.model.text.plain_text import printable
from dispatch.store.delivery.channels import Stop
from dispatch.store.delivery.row_keys import is_of_snippet
from dispatch.store.transactions import Transaction

log = structlog.get_logger()

ASLEEP = "the process was asleep until its lease ran out; nothing was handed over"

ENDED_MEANWHILE = "the process was ended during the hand-over"

SHORT_PAUSES = (timedelta(seconds=1), timedelta(seconds=5), timedelta(seconds=20))
"""The least that is waited after the first limits in a row: many services count by the second."""

WindowOf = Callable[[str], timedelta]
"""Channel name to how long its provider drops repeats; zero where that is not known."""


def settle_lost(
    batch: Batch, *, window_of: WindowOf, tx: Transaction, now: datetime
) -> Sequence[Settlement]:
    """Settle what a dead worker left in its hands: to be looked after once that is kept."""
    reasons = {DeliveryState.SENDING: ENDED_MEANWHILE, DeliveryState.PENDING: On.CUT_OFF.value}
    lost = tx.deliveries.lost(batch)
    told = tx.events.told_of([one.id for one in lost])
    snippets = [one.id for one in lost if is_of_snippet(one.id)]
    there = tx.published.there(snippets) if snippets else {}
    settlements = [
        Settlement(one, _moved(On.TOLD), On.TOLD.value, told[one.id])
        if one.id in told
        else Settlement(one, _moved(On.FOUND), On.FOUND.value, there[one.id])
        if one.id in there
        else after_loss(
            one, reasons[one.state], window=window_of(one.channel), handed_over=one.changed, now=now
        )
        for one in lost
    ]
    tx.deliveries.settle(settlements, now=now)
    return settlements


def settle_too_late(
    batch: Batch, edition: Edition, *, before: datetime, tx: Transaction, now: datetime
) -> int:
    """Settle what may not be tried again, as its provider would soon drop no repeat; how many."""
    parked = tx.deliveries.park_those_too_late(batch, before=before, now=now)
    told = tx.events.told_of(parked)
    if told:
        reason = On.TOLD.value
        tx.deliveries.decide(
            edition, DeliveryState.UNKNOWN, On.TOLD, reason=reason, now=now, keys=list(told)
        )
    return len(parked)


def refused(delivery: Delivery, reason: str) -> Settlement:
    """The settlement of a delivery that the provider refuses."""
    return Settlement(delivery, _moved(On.TURNED_DOWN), printable(reason), answered=True)


def by_error(
    delivery: Delivery,
    error: ProviderError,
    *,
    window: timedelta,
    handed_over: datetime,
    now: datetime,
) -> Settlement:
    """The settlement of a delivery for which the provider gave no outcome."""
    reason = printable(str(error))
    if isinstance(error, OutcomeUnknown):
        return after_loss(delivery, reason, window=window, handed_over=handed_over, now=now)
    if isinstance(error, NotHandedOver):
        return given_back(delivery, reason, now=now)
    if isinstance(error, CredentialsRefused):
        return Settlement(delivery, _moved(On.PAUSED), reason, due=now, counted=False)
    if isinstance(error, RateLimited):
        # However long it takes: a limit passes, and is no fault of the message. It makes room for
        # others meanwhile, in case that it was about this one after all.
        pause = timedelta(0) if error.retry_after is not None else _pause(delivery)
        return Settlement(delivery, _moved(On.RETRY), reason, due=now + pause)
    if delivery.attempt > len(BACK_OFF):
        return Settlement(delivery, _gave_up(delivery), reason)
    # Only a TryLater is about this message; for the others the stop of the channel has the wait.
    pause = _pause(delivery) if isinstance(error, TryLater) else timedelta(0)
    return Settlement(delivery, _moved(On.RETRY), reason, due=now + pause)


def after_loss(
    delivery: Delivery, reason: str, *, window: timedelta, handed_over: datetime, now: datetime
) -> Settlement:
    """The settlement of a delivery that may have arrived."""
    # The window is open from the first hand-over on, however often it is tried again.
    repeats_until = delivery.repeats_until or handed_over + window
    if now < repeats_until and delivery.attempt <= len(BACK_OFF):
        return Settlement(
            delivery, _moved(On.LOST_HARMLESS), reason, due=now, repeats_until=repeats_until
        )
    return Settlement(delivery, _moved(On.LOST), reason)


def not_made(delivery: Delivery, error: Exception) -> Settlement:
    """The settlement of a delivery whose message could not be made."""
    if isinstance(error, SampleRecipient):
        return kept_back(delivery)
    if isinstance(error, MessageUnusable):  # an impossible address stays one
        return refused(delivery, str(error))
    if isinstance(error, DispatchError):
        return unmade(delivery, str(error))
    log.error("message.crashed", edition=delivery.edition_id, delivery=delivery.id, exc_info=error)
    return unmade(delivery, f"{type(error).__name__} while making the message")


def kept_back(delivery: Delivery) -> Settlement:
    """The settlement of a delivery to a sample person by a real channel: it was not tried."""
    return Settlement(delivery, _moved(On.SAMPLE), On.SAMPLE.value, counted=False)


def unmade(delivery: Delivery, reason: str) -> Settlement:
    """The settlement of a delivery that cannot be made, now or later."""
    return Settlement(delivery, _gave_up(delivery), printable(reason))


def given_back(delivery: Delivery, reason: str, *, now: datetime) -> Settlement:
    """The settlement of a delivery that was intended and not handed over."""
    return Settlement(delivery, _moved(On.RETRY), reason, due=now, counted=False)


def stop_after(channel: str, error: ProviderError, stop: Stop | None, *, now: datetime) -> Stop:
    """The stop of a channel after an error that concerns all of it."""
    failures = (stop.failures if stop else 0) + 1
    reason = printable(str(error))
    # One that takes mails and gives no answer is of no more use than one that cannot be reached.
    down = isinstance(error, ProviderUnavailable | CredentialsRefused | OutcomeUnknown)
    if isinstance(error, CredentialsRefused):
        return Stop(channel, None, reason, failures, down)
    pause = BACK_OFF[min(failures, len(BACK_OFF)) - 1]
    if isinstance(error, RateLimited) and error.retry_after is not None:
        pause = max(error.retry_after, _shortest(error.retry_after, failures))
    return Stop(channel, now + pause, reason, failures, down)


def _shortest(said: timedelta, failures: int) -> timedelta:
    """The least that is waited after a service has said how long."""
    # Some say "0 seconds" to everybody, and some "1 second" again and again: asking them as often
    # would use up all attempts.
    believed = timedelta(0) < said and failures <= len(SHORT_PAUSES)
    return SHORT_PAUSES[failures - 1] if believed else BACK_OFF[0]


def _pause(delivery: Delivery) -> timedelta:
    return BACK_OFF[min(delivery.attempt, len(BACK_OFF)) - 1]


def _gave_up(delivery: Delivery) -> DeliveryState:
    # If an earlier answer was lost it may have arrived: then nobody can say that it failed.
    return _moved(On.LOST if delivery.repeats_until else On.GAVE_UP)


def _moved(on: On) -> DeliveryState:
    return move(DeliveryState.SENDING, on)
