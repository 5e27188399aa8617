"""What readers change by themselves: their profile, a pause, their address, and their links."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.people.form import BY_LINK
from dispatch.model.people.record import Said, Trace
from dispatch.model.people.subscriber import Consent, Subscriber, SubscriptionState, email_key
from dispatch.store.database.schema import consents, subscribers, subscriptions
from dispatch.store.people.record import Record
from dispatch.store.people.subscribers import to_subscriber

_ACTIVE, _PAUSED = SubscriptionState.ACTIVE.value, SubscriptionState.PAUSED.value
_DUE = sa.text("subscriptions.paused_until IS NOT NULL")
"""As the partial index has it, so that the index is used."""

AT_A_TIME = 500
"""Pauses that are ended in one go."""


class Preferences:
    """Each change is a word on record; whoever makes it sees to what else follows."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._record = Record(connection)

    def lock(self, subscriber_id: int) -> Subscriber | None:
        """The reader as they are now; whoever else changes them waits until this has ended."""
        row = self._connection.execute(_LOCK, {"reader": subscriber_id}).one_or_none()
        return to_subscriber(row) if row else None

    def choose(self, subscriber_id: int, **profile: Any) -> None:
        """Note what somebody says of themselves, by columns; no file changes it again."""
        said = {"reader": subscriber_id, "profile_own": True, **profile}
        self._connection.execute(_CHOOSE, said)

    def paused_until(self, subscriber_id: int) -> Mapping[str, datetime]:
        """Audience to when the pause in it ends."""
        query = sa.select(subscriptions.c.audience, subscriptions.c.paused_until).where(
            subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.state == _PAUSED
        )
        return {audience: until for audience, until in self._connection.execute(query) if until}

    def pause(
        self,
        subscriber_id: int,
        audiences: Collection[str],
        until: datetime,
        *,
        source: str,
        now: datetime,
    ) -> list[str]:
        """Have nothing go out to somebody until then; in which audiences that is something new."""
        other = sa.or_(
            subscriptions.c.state == _ACTIVE,
            sa.and_(subscriptions.c.state == _PAUSED, subscriptions.c.paused_until != until),
        )
        changed = self._connection.scalars(
            subscriptions.update()
            .where(subscriptions.c.subscriber_id == subscriber_id, other)
            .where(subscriptions.c.audience.in_(audiences))
            .values(state=_PAUSED, since=now, paused_until=until)
            .returning(subscriptions.c.audience)
        ).all()
        for audience in sorted(changed):
            word = Consent(now, source)
            self._record.add(subscriber_id, audience, Said.PAUSED, word, now=now)
        return sorted(changed)

    def resume(
        self, subscriber_id: int, audiences: Collection[str], *, source: str, now: datetime
    ) -> list[str]:
        """End a pause; in which audiences there was one."""
        changed = self._connection.scalars(
            subscriptions.update()
            .where(subscriptions.c.subscriber_id == subscriber_id, subscriptions.c.state == _PAUSED)
            .where(subscriptions.c.audience.in_(audiences))
            .values(state=_ACTIVE, since=now, paused_until=None)
            .returning(subscriptions.c.audience)
        ).all()
        for audience in sorted(changed):
            word = Consent(now, source)
            self._record.add(subscriber_id, audience, Said.RESUMED, word, now=now)
        return sorted(changed)

    def pauses_over(self, *, now: datetime) -> list[tuple[int, str]]:
        """Some readers and audiences whose pause is over."""
        query = sa.select(subscriptions.c.subscriber_id, subscriptions.c.audience).where(
            _DUE, subscriptions.c.paused_until <= now, subscriptions.c.state == _PAUSED
        )
        query = query.order_by(subscriptions.c.paused_until).limit(AT_A_TIME)
        rows = self._connection.execute(query)
        return [(number, audience) for number, audience in rows]

    def move(self, reader: Subscriber, email: str, *, source: str, now: datetime) -> None:
        """Give somebody another address; links that they were sent before are over."""
        trace = Trace(email=reader.email, note=f"{source}: {email}")
        word = Consent(now, source, confirmed=BY_LINK, trace=trace)
        self._record.add(reader.id, "", Said.MOVED, word, now=now)
        self._connection.execute(
            subscribers.update()
            .where(subscribers.c.id == reader.id)
            .values(
                email=email,
                email_key=email_key(email),
                link_version=subscribers.c.link_version + 1,
            )
        )

    def revoke_links(self, subscriber_id: int, *, source: str, now: datetime) -> None:
        """Make all links to somebody's choices useless that went out so far."""
        self._record.add(subscriber_id, "", Said.REVOKED, Consent(now, source), now=now)
        self._connection.execute(
            subscribers.update()
            .where(subscribers.c.id == subscriber_id)
            .values(link_version=subscribers.c.link_version + 1)
        )

    def moved(self, ids: Sequence[int]) -> set[int]:
        """Those of these people who have had another address, which a file may still name."""
        found: set[int] = set()
        query = sa.select(consents.c.subscriber_id).where(consents.c.state == Said.MOVED.value)
        for start in range(0, len(ids), AT_A_TIME):
            some = consents.c.subscriber_id.in_(ids[start : start + AT_A_TIME])
            found.update(self._connection.scalars(query.where(some)))
        return found

    def was_paused(self, subscriber_id: int, audience: str) -> bool:
        """Whether somebody had a pause when they left an audience."""
        query = sa.select(consents.c.state).where(
            consents.c.subscriber_id == subscriber_id, consents.c.audience == audience
        )
        last = self._connection.scalars(query.order_by(consents.c.id.desc()).limit(2)).all()
        return last[-1:] == [_PAUSED]


# Made once, as each change of a person asks them.
_LOCK = (
    sa.select(subscribers)
    .where(subscribers.c.id == sa.bindparam("reader"), subscribers.c.erased_at.is_(None))
    .with_for_update()
)
_CHOOSE = subscribers.update().where(subscribers.c.id == sa.bindparam("reader"))
