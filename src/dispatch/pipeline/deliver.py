"""Delivery rows to outcomes: hand over what is due, and never the same twice.

"About to hand over" is committed before a provider is called and the outcome after it. Whoever
finds a row in between, later than its lease, knows only that it may have gone out.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import groupby

import structlog

from dispatch.channels.open import Channel
from dispatch.clock import Clock
from dispatch.errors import DispatchError, OutcomeUnknown, ProviderError, TryLater
from dispatch.model.delivery import Delivery, DeliveryState, count_open
from dispatch.model.edition import Edition, EditionState
from dispatch.model.message import Message
from dispatch.pipeline.links import Links
from dispatch.pipeline.messages import MessageMaker
from dispatch.pipeline.review import check_approved
from dispatch.pipeline.settle import (
    by_error,
    by_outcome,
    given_back,
    settle_lost,
    stop_after,
    unmade,
)
from dispatch.store.channels import Stop
from dispatch.store.deliveries import Settlement
from dispatch.store.store import Store

log = structlog.get_logger()

OpenChannel = Callable[[str], Channel]
"""Channel name to the channel; raises NotFound or BadInput."""

Progress = Callable[[int], None]
"""Called with the number of deliveries that have just ended."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """Where an edition's deliveries stand after a pass over them.

    `waiting_until` is when the next of those still open can go on, None if none is open;
    `held_until` is when the first lease of another worker runs out, None if nobody holds one.
    `stops` has a sentence for each channel that cannot be used for now, `ended` is how many
    deliveries this pass brought to an end.
    """

    edition: Edition
    counts: dict[DeliveryState, int]
    waiting_until: datetime | None
    held_until: datetime | None = None
    stops: tuple[str, ...] = ()
    ended: int = 0


def deliver_edition(
    edition: Edition,
    *,
    store: Store,
    open_channel: OpenChannel,
    links: Links,
    clock: Clock,
    lease: timedelta,
    progress: Progress = lambda _: None,
    keep_going: Callable[[], bool] = lambda: True,
) -> DeliveryReport:
    """Hand over all that is due of an addressed edition, and finish it if that was all.

    One channel's trouble leaves the others running. Returns when nothing more is due, or when
    `keep_going` says to stop, which is asked between hand-overs. Raises Conflict if the edition
    is not what was approved.
    """
    check_approved(edition)
    total = 0
    troubles: list[str] = []
    for name in edition.content.channels:
        try:
            channel = open_channel(name)
        except DispatchError as error:
            troubles.append(str(error))
            continue
        settle_lost(edition, channel, store=store, clock=clock)
        maker = MessageMaker(edition, channel, links)
        while keep_going():
            ended = _deliver_next(edition, channel, maker, store=store, clock=clock, lease=lease)
            if ended is None:
                break
            total += ended
            progress(ended)
    _finish(edition, store=store, now=clock())
    report = report_deliveries(edition.id, store=store, now=clock())
    return replace(report, stops=(*report.stops, *troubles), ended=total)


def report_deliveries(edition_id: str, *, store: Store, now: datetime) -> DeliveryReport:
    """Where the deliveries of an edition stand."""
    with store.read() as tx:
        edition = tx.editions.get(edition_id)
        channels = edition.content.channels
        counts = tx.deliveries.counts(edition.id)
        stops = {name: tx.channels.stop(name) for name in channels}
        due = {name: tx.deliveries.next_due(edition.id, name) for name in channels}
        held_until = tx.deliveries.held_until(edition.id)
    sentences = tuple(_sentence(stop) for stop in stops.values() if stop and stop.holds(now))
    waits = [_wait(moment, stops[name]) for name, moment in due.items() if moment is not None]
    return DeliveryReport(edition, counts, min(waits, default=None), held_until, sentences)


def _wait(due: datetime, stop: Stop | None) -> datetime:
    return max(due, stop.until) if stop and stop.until else due


def _finish(edition: Edition, *, store: Store, now: datetime) -> None:
    """End the edition if nobody is left; whichever worker is last does it, once."""
    with store.begin() as tx:
        current = tx.editions.get(edition.id, lock=True)
        if current.state is EditionState.SENDING and not count_open(
            tx.deliveries.counts(edition.id)
        ):
            tx.editions.move(current, EditionState.FINISHED, finished_at=now)


def _deliver_next(
    edition: Edition,
    channel: Channel,
    maker: MessageMaker,
    *,
    store: Store,
    clock: Clock,
    lease: timedelta,
) -> int | None:
    """Hand over one batch; how many deliveries ended, or None when there is nothing to do now."""
    now = clock()
    with store.begin() as tx:
        stop = tx.channels.stop(channel.name)
        if stop and stop.holds(now):
            return None
        claim = tx.deliveries.claim(
            edition.id, channel.name, limit=channel.capabilities.batch, now=now, lease=lease
        )
        if claim is None:
            return None
        ids = [one.subscriber_id for one in claim.deliveries if one.subscriber_id]
        people = tx.subscribers.get(ids)

    def make(one: Delivery) -> Message:
        if one.subscriber_id is None:
            return maker.snippet(one)
        return maker.digest(one, people[one.subscriber_id])

    ended = claim.left
    # A provider that carries both gets digests and snippets in separate batches.
    for _, group in groupby(claim.deliveries, key=lambda one: one.subscriber_id is None):
        ended += _hand_over(
            list(group), make, channel, store=store, clock=clock, lease_until=now + lease
        )
    return ended


def _hand_over(
    claimed: Sequence[Delivery],
    make: Callable[[Delivery], Message],
    channel: Channel,
    *,
    store: Store,
    clock: Clock,
    lease_until: datetime,
) -> int:
    settlements: list[Settlement] = []
    batch: list[tuple[Delivery, Message]] = []
    for delivery in claimed:
        try:
            batch.append((delivery, make(delivery)))
        except DispatchError as error:
            settlements.append(unmade(delivery, str(error)))
        except Exception as bug:
            log.exception("message not made", edition=delivery.edition_id, delivery=delivery.id)
            settlements.append(unmade(delivery, f"{type(bug).__name__} while making the message"))
    now = clock()
    if now >= lease_until:
        # We were asleep. What somebody has settled or claimed since is left as it is.
        with store.begin() as tx:
            tx.deliveries.settle([given_back(one, now=now) for one in claimed], now=now)
        return 0
    answered, problem = _send([one for one, _ in batch], [m for _, m in batch], channel, clock)
    now = clock()
    with store.begin() as tx:
        tx.deliveries.settle([*settlements, *answered], now=now)
        stop = tx.channels.stop(channel.name)
        if problem is None and batch and stop is not None:
            tx.channels.clear_stop(channel.name)
        elif problem is not None and not isinstance(problem, TryLater):
            tx.channels.put_stop(stop_after(channel.name, problem, stop, now=now))
    return sum(1 for one in [*settlements, *answered] if one.due is None)


def _send(
    deliveries: Sequence[Delivery], messages: Sequence[Message], channel: Channel, clock: Clock
) -> tuple[list[Settlement], ProviderError | None]:
    """Call the provider once; how each delivery comes out, and what went wrong for all of them."""
    if not deliveries:
        return [], None
    error: ProviderError
    try:
        return by_outcome(deliveries, channel.provider.send(messages)), None
    except ProviderError as caught:
        error = caught
    except Exception as caught:
        # An adapter's bug says nothing about what has gone out: it must not cost a duplicate.
        log.exception("provider failed", channel=channel.name, provider=channel.provider_name)
        error = OutcomeUnknown(f"{channel.name}: {type(caught).__name__} inside the provider")
    return [by_error(one, channel, error, now=clock()) for one in deliveries], error


def _sentence(stop: Stop) -> str:
    until = f"until {stop.until:%Y-%m-%d %H:%M} UTC" if stop.until else "until a person acts"
    return f"channel {stop.channel} is stopped {until}: {stop.reason}"
