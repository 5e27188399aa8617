"""Keep what a provider tells: each event once, what came later of each delivery, what follows."""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from dispatch.clock import Clock
from dispatch.model.delivery.event import Event, EventKind, Later, later_of
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.people.ending import Markers
from dispatch.model.people.subscriber import email_key
from dispatch.pipeline.delivery.believe_told import accept_told
from dispatch.pipeline.delivery.refusal_limit import RefusalLimit
from dispatch.pipeline.events.clean import clean, moment_of
from dispatch.pipeline.events.find_deliveries import find_deliveries
from dispatch.pipeline.events.find_reader_mails import find_reader_mails
from dispatch.pipeline.events.fresh import fresh
from dispatch.pipeline.events.leave_told import leave_told
from dispatch.pipeline.events.suppress_told import OfAddress, suppress_told
from dispatch.pipeline.people.endings import Endings
from dispatch.store.events.later import CameLater, Moved
from dispatch.store.events.told import OfDelivery, Told
from dispatch.store.transactions import Store, Transaction

_CAME_BACK = {Later.BOUNCED, Later.COMPLAINED}


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many events were new, had been told before, and are of no delivery of ours.

    And what followed: how many addresses were suppressed, subscriptions ended, deliveries believed
    to have been accepted; the ids of editions that were paused for it.
    """

    new: int
    repeated: int = 0
    strangers: int = 0
    suppressed: int = field(default=0, compare=False)
    left: int = field(default=0, compare=False)
    believed: int = field(default=0, compare=False)
    paused: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class _One:
    """An event as it is kept, and the delivery that it is of.

    `address` is where a mail went that is no delivery, and of which it is.
    """

    told: Told
    of: OfDelivery | None = None
    address: str = ""

    @property
    def is_strange(self) -> bool:
        """Whether it is of no mail of ours."""
        return self.of is None and not self.address


def record_events(
    events: Sequence[Event],
    *,
    channel: str,
    store: Store,
    clock: Clock,
    endings: Endings,
) -> Recorded:
    """Keep events of a channel, in one transaction, however often and in whatever order they come.

    What they tell stands beside the deliveries. Only one whose answer was lost is accepted by it.
    Raises StoreUnavailable; then nothing is kept, and they may be told again.
    """
    cleaned = [clean(one) for one in events]
    store.check_in_place()  # else all would be lost with the process, and nobody told again
    with store.begin() as tx:
        tx.events.take_turn()
        now = clock()
        new = _told(fresh(cleaned, channel, tx=tx), channel, tx, now, endings.markers)
        tx.events.add([one.told for one in new])
        strangers = sum(one.is_strange for one in new)
        if new:
            tx.hooks.count(channel, events=len(new), strangers=strangers, now=now)
        moved = tx.later.move(_later(new))
        believed = accept_told(_provider_ids(new), tx=tx, now=now)
        tools: dict[str, Any] = {"channel": channel, "tx": tx, "now": now, "endings": endings}
        suppressed = suppress_told(_of_addresses(new), **tools)
        left = leave_told(_unsubscribed(new), **tools)
        paused = _count_what_came_back(moved, new, tx)
        return Recorded(
            len(new), len(events) - len(new), strangers, suppressed, left, believed, paused
        )


def _told(
    events: Sequence[Event], channel: str, tx: Transaction, now: datetime, markers: Markers
) -> list[_One]:
    """Events, each with the delivery that it is of."""
    found = list(zip(events, find_deliveries(events, tx=tx), strict=True))
    others = [event for event, of in found if of is None]
    mails = find_reader_mails(others, tx=tx)
    strange = {
        mark: key
        for event in others
        if (key := email_key(event.recipient))
        for mark in markers.erased(key)
    }
    erased = {strange[mark] for mark in tx.endings.known(list(strange))}
    new = []
    for event, of in found:
        address = mails.get(event.delivery, "") if of is None else ""
        to = replace(event, recipient=address) if address else event
        new.append(_One(_kept(to, of, channel, now, erased), of, address))
    return new


def _kept(
    event: Event, of: OfDelivery | None, channel: str, now: datetime, erased: Collection[str]
) -> Told:
    gone = email_key(event.recipient) in erased if of is None else not of.recipient
    if gone:  # they were erased: who they were is not to come back in
        event = replace(event, recipient="", provider_id="", reason="", url="")
    at = moment_of(event, now)
    return Told(channel, event.id, event, at, now, of.key if of else None)


def _later(new: Iterable[_One]) -> Iterable[CameLater]:
    for one in new:
        state = later_of(one.told.event)
        if one.of is not None and state is not None:
            why = one.told.event.reason or one.told.event.said
            yield CameLater(one.of.key, state, one.of.channel, one.told.at, why)


def _provider_ids(new: Iterable[_One]) -> dict[int, str]:
    """Deliveries whose answer was lost, each with the provider's id where it was told."""
    found: dict[int, str] = {}
    for one in new:
        if one.of is not None and one.of.state is DeliveryState.UNKNOWN:
            found[one.of.key] = found.get(one.of.key) or one.told.event.provider_id
    return found


def _of_addresses(new: Iterable[_One]) -> Iterable[OfAddress]:
    for one in new:
        of, told = one.of, one.told
        if of is not None and of.recipient and of.subscriber_id is not None:
            yield OfAddress(told.event, told.at, of.recipient, of.subscriber_id, of.key)
        elif one.address:
            yield OfAddress(told.event, told.at, one.address)


def _unsubscribed(new: Iterable[_One]) -> list[tuple[OfDelivery, datetime]]:
    return [
        (one.of, one.told.at)
        for one in new
        if one.of is not None and one.told.event.kind is EventKind.UNSUBSCRIBED
    ]


def _count_what_came_back(
    moved: Iterable[Moved], new: Iterable[_One], tx: Transaction
) -> tuple[str, ...]:
    """Have it count for the refusal limit of editions that go out; which were paused for it."""
    of = {one.of.key: one.of for one in new if one.of is not None}
    numbers = Counter(
        of[one.now.delivery].edition_id
        for one in moved
        if one.now.state in _CAME_BACK
        and one.was not in _CAME_BACK
        and of[one.now.delivery].state is not DeliveryState.REFUSED  # that was counted
    )
    paused = []
    for edition_id, number in sorted(numbers.items()):
        if tx.editions.course(edition_id).state is EditionState.SENDING:
            limit = RefusalLimit(tx.editions.get(edition_id))
            if limit.came_back(number, tx):
                paused.append(edition_id)
    return tuple(paused)
