"""Subscriptions at hubs, and what we heard through them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.model.intake.websub_subscription import MISSES, Push, Wish
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import feeds, pushes

_COLUMNS = [pushes.c[field.name] for field in fields(Push)]


class Pushes:
    """Push rows. Each change names what it rests on, so that of two nodes one makes it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self) -> list[Push]:
        """Every one there is, those to act on first."""
        query = sa.select(*_COLUMNS).order_by(pushes.c.next_at, pushes.c.id)
        return [_push(row) for row in self._connection.execute(query)]

    def get(self, push_id: str) -> Push | None:
        """The one with this id."""
        query = sa.select(*_COLUMNS).where(pushes.c.id == push_id)
        row = self._connection.execute(query).one_or_none()
        return _push(row) if row else None

    def of(self, feed: str) -> list[Push]:
        """Those of one feed: one, or two where its hub has changed."""
        query = sa.select(*_COLUMNS).where(pushes.c.feed == feed).order_by(pushes.c.wish)
        return [_push(row) for row in self._connection.execute(query)]

    def working(self, now: datetime) -> set[str]:
        """The names of the feeds whose hub can be relied on."""
        query = sa.select(pushes.c.feed).where(
            pushes.c.wish == Wish.SUBSCRIBE.value,
            pushes.c.lease_until > now,
            pushes.c.missed < MISSES,
        )
        return set(self._connection.scalars(query))

    def advertised(self) -> list[tuple[str, str, str, str]]:
        """Name, configured address, hub and topic of each feed that has a hub and is not gone."""
        query = sa.select(feeds.c.name, feeds.c.url, feeds.c.hub, feeds.c.topic).where(
            feeds.c.hub != "", feeds.c.topic != "", feeds.c.gone.is_(False)
        )
        return [tuple(row) for row in self._connection.execute(query)]

    def put(self, push: Push) -> None:
        """Keep a subscription as it is to be asked for; what was known of it is forgotten."""
        values = asdict(push) | {"wish": push.wish.value}
        statement = insert(self._connection, pushes).values(values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[pushes.c.id], set_=values)
        )

    def claim(self, push: Push, *, until: datetime) -> bool:
        """Take it for one request to its hub; False if another node was quicker.

        From here on the hub may ask back, which it may do before it answers the request.
        """
        return self._change(
            push,
            pushes.c.next_at == push.next_at,
            pending=True,
            failures=push.failures,
            problem="",
            next_at=until,
        )

    def note_failure(self, push: Push, *, problem: str, next_at: datetime) -> bool:
        """The request came to nothing; False if the hub has asked back all the same.

        It still may: what was lost is perhaps only its answer.
        """
        return self._change(
            push,
            pushes.c.pending.is_(True),
            failures=push.failures + 1,
            problem=problem,
            next_at=next_at,
        )

    def put_off(self, hub: str, *, now: datetime, until: datetime) -> None:
        """Ask nothing of a hub for a while: it does not answer."""
        self._connection.execute(
            pushes.update()
            .where(pushes.c.hub == hub, pushes.c.next_at <= now)
            .values(next_at=until)
        )

    def leave(self, ids: Collection[str], *, now: datetime) -> None:
        """From now on we want the hubs to stop."""
        self._connection.execute(
            pushes.update()
            .where(pushes.c.id.in_(ids), pushes.c.wish == Wish.SUBSCRIBE.value)
            .values(wish=Wish.UNSUBSCRIBE.value, pending=False, next_at=now, failures=0, problem="")
        )

    def forget(self, ids: Iterable[str]) -> None:
        """These are over."""
        self._connection.execute(pushes.delete().where(pushes.c.id.in_(list(ids))))

    def agree(self, push: Push, *, lease_until: datetime | None, next_at: datetime) -> bool:
        """The hub has asked back and got our word; False if that has happened before."""
        return self._change(
            push,
            pushes.c.pending.is_(True),
            pending=False,
            failures=0,
            problem="",
            lease_until=lease_until,
            next_at=next_at,
            missed=0,
        )

    def deny(self, push: Push, *, problem: str, next_at: datetime) -> bool:
        """The hub will not serve us; False if it said so before, and we have not asked since."""
        return self._change(
            push,
            pushes.c.pending.is_(True) | pushes.c.lease_until.is_not(None),
            pending=False,
            lease_until=None,
            failures=push.failures + 1,
            problem=problem,
            next_at=next_at,
        )

    def hear(self, push: Push, *, now: datetime, unsettled_until: datetime) -> None:
        """The hub says that there is something new."""
        self._connection.execute(
            pushes.update()
            .where(pushes.c.id == push.id)
            .values(heard_at=now, unsettled_until=unsettled_until, missed=0)
        )

    def ignore(self, push: Push, *, now: datetime) -> None:
        """Somebody who is not the hub says so."""
        self._connection.execute(
            pushes.update().where(pushes.c.id == push.id).values(ignored_at=now)
        )

    def miss(self, feed: str, *, since: datetime, now: datetime) -> None:
        """A poll has found posts of which the hub said nothing `since` the poll before."""
        self._connection.execute(
            pushes.update()
            .where(
                pushes.c.feed == feed,
                pushes.c.wish == Wish.SUBSCRIBE.value,
                pushes.c.lease_until > now,
                pushes.c.unsettled_until.is_(None) | (pushes.c.unsettled_until < since),
            )
            .values(missed=pushes.c.missed + 1)
        )

    def call_feeds(self, *, now: datetime, pause: timedelta, why: str) -> int:
        """Make the feeds due whose hub said something that no poll has looked into; how many.

        None of them is polled more than once in a `pause`, and one in trouble waits its turn: its
        server may have asked for patience.
        """
        unsettled = (
            sa.select(pushes.c.feed)
            .where(
                pushes.c.wish == Wish.SUBSCRIBE.value,
                pushes.c.unsettled_until > feeds.c.polled_at,
                pushes.c.feed == feeds.c.name,
            )
            .correlate(feeds)
        )
        called = self._connection.execute(
            feeds.update()
            .where(
                unsettled.exists(),
                feeds.c.gone.is_(False),
                feeds.c.failures == 0,
                feeds.c.next_poll_at > now,
                feeds.c.polled_at <= now - pause,
            )
            .values(next_poll_at=now, next_poll_why=why)
        )
        return called.rowcount

    def _change(self, push: Push, where: sa.ColumnElement[bool], **values: Any) -> bool:
        changed = self._connection.execute(
            pushes.update()
            .where(pushes.c.id == push.id, pushes.c.wish == push.wish.value, where)
            .values(**values)
        )
        return changed.rowcount == 1


def _push(row: sa.Row[Any]) -> Push:
    return Push(**{**row._mapping, "wish": Wish(row.wish)})  # noqa: SLF001 - its public name
