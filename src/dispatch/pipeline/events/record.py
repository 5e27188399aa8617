"""Keep what a provider tells: each event once, and what came later of each delivery."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.clock import Clock
from dispatch.model.delivery.event import Event, later_of
from dispatch.pipeline.people.endings import Endings
from dispatch.store.events.later import CameLater
from dispatch.store.events.told import Told
from dispatch.store.transactions import Store, Transaction


@dataclass(frozen=True, slots=True)
class Recorded:
    """How many events were new, had been told before, and are of no delivery of ours."""

    new: int
    repeated: int = 0
    strangers: int = 0


def record_events(
    events: Sequence[Event],
    *,
    channel: str,
    store: Store,
    clock: Clock,
    endings: Endings,  # noqa: ARG001 - suppressions are written down beside the database
) -> Recorded:
    """Keep events of a channel, in one transaction, however often and in whatever order they come.

    Raises StoreUnavailable; then nothing is kept, and they may be told again.
    """
    with store.begin() as tx:
        tx.events.take_turn()
        now = clock()
        told = _told(events, channel, tx, now)
        known = tx.events.known(channel, list(told))
        new = [one for name, one in told.items() if name not in known]
        tx.events.add(new)
        tx.later.move(
            CameLater(one.delivery, state, channel, one.at, one.event.reason or one.event.said)
            for one in new
            if one.delivery is not None and (state := later_of(one.event)) is not None
        )
        strangers = sum(one.delivery is None for one in new)
        if new:
            tx.hooks.count(channel, events=len(new), strangers=strangers, now=now)
    return Recorded(len(new), len(events) - len(new), strangers)


def event_id(event: Event) -> str:
    """The provider's id of an event, or what stands for it: a digest of all that it tells."""
    if event.id:
        return event.id
    parts = (event.kind, event.at, event.delivery, event.provider_id, event.recipient, event.said)
    text = "\0".join(map(str, (*parts, event.reason, event.url)))
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def _told(events: Sequence[Event], channel: str, tx: Transaction, now: datetime) -> dict[str, Told]:
    """Events by their ids, each with the delivery that it is of."""
    wanted = {at: key for at, event in enumerate(events) if (key := _key_in(event.delivery))}
    found = tx.events.deliveries(wanted.values())
    told: dict[str, Told] = {}
    for at, event in enumerate(events):
        of = found.get(wanted.get(at, 0))
        # An edition's id is nobody else's, so that no other workspace's delivery is taken for ours.
        ours = of is not None and event.delivery == f"{of.edition_id}.{of.key}"
        name = event_id(event)
        told.setdefault(
            name,
            Told(
                channel,
                name,
                event,
                min(event.at or now, now),
                now,
                of.key if ours and of else None,
            ),
        )
    return told


def _key_in(delivery: str) -> int:
    """The key in the id that a message had; 0 where there is none."""
    digits = delivery.rpartition(".")[2]
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0
