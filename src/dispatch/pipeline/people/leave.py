"""Leaving, one audience or all; and taking that back while the page is still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.errors import LinkOver
from dispatch.model.people.subscriber import (
    UNDID_LEAVING,
    Consent,
    Subscriber,
    SubscriptionState,
    email_key,
)
from dispatch.pipeline.people.endings import Endings
from dispatch.store.transactions import Store

BY_LINK = "unsubscribe link"
MOST_UNDONE = timedelta(hours=1)
"""How long leaving can be taken back by the page that says so."""

_ENDED = SubscriptionState.ENDED


@dataclass(frozen=True, slots=True)
class Left:
    """What was ended at one moment: audience to when a pause in it would have ended, or None."""

    at: datetime
    audiences: Mapping[str, datetime | None] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.audiences)


def leave(
    reader: Subscriber,
    audiences: Iterable[str],
    *,
    source: str,
    store: Store,
    clock: Clock,
    endings: Endings,
) -> Left:
    """End somebody's subscriptions to these audiences, at one moment; which those were.

    What has ended already is passed over, and nothing of it changes.
    """
    with store.read() as tx:
        standing = tx.consents.standing(reader.id)
        until = tx.preferences.paused_until(reader.id)
        going = [one for one in audiences if one in standing and standing[one].state is not _ENDED]
        said = [endings.left(email_key(reader.email), one, tx=tx) for one in going]
    if not going:
        return Left(clock())
    with store.begin() as tx:
        now = clock()
        tx.endings.add(said)
        ended = [one for one in going if tx.subscribers.end(reader.id, one, source=source, now=now)]
    return Left(now, {one: until.get(one) for one in ended})


def just_left(reader: Subscriber, audience: str, *, store: Store, clock: Clock) -> Left:
    """What somebody ended a moment ago with this audience, as they pressed the button twice.

    A pause that they had is not known any more: then there is nothing to take back.
    """
    with store.read() as tx:
        standing = tx.consents.standing(reader.id)
        here = standing.get(audience)
        if here is None or here.state is not _ENDED or clock() - here.since > MOST_UNDONE:
            return Left(clock())
        together = {
            one.audience: None
            for one in standing.values()
            if one.state is _ENDED
            and one.since == here.since
            and not tx.preferences.was_paused(reader.id, one.audience)
        }
    return Left(here.since, together)


def undo_leaving(
    reader: Subscriber, left: Left, *, store: Store, clock: Clock, endings: Endings
) -> list[str]:
    """Restore exactly what was ended then, and is ended since then; the audiences.

    A second time there is nothing to restore. Raises LinkOver once it is too late.
    """
    if clock() - left.at > MOST_UNDONE:
        raise LinkOver("undo: that page was open for more than an hour - choose anew")
    with store.begin() as tx:
        person = tx.preferences.lock(reader.id)
        standing = tx.consents.standing(reader.id)
        gone = [
            one
            for one in left.audiences
            if one in standing and standing[one].state is _ENDED and standing[one].since == left.at
        ]
        if person is None or not gone:
            return []
        key, public_id = email_key(person.email), person.public_id
        back = [one for name in gone for one in endings.returned(key, public_id, name, tx=tx)]
        at = max([clock(), *(one.at for one in back)])
        for audience in gone:
            tx.consents.give(person.id, audience, Consent(at, UNDID_LEAVING), now=at)
            until = left.audiences[audience]
            if until is not None and until > at:
                tx.preferences.pause(person.id, [audience], until, source=UNDID_LEAVING, now=at)
        tx.endings.add(back)
    for one in back:  # after it is kept: until then they have left
        endings.write(one)
    return gone
