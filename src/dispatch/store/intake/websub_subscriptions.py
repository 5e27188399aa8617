"""Subscriptions at hubs, and what we heard through them."""

from collections.abc import Collection, Iterable
from dataclasses import asdict, fields
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.model.intake.websub_subscription import MISSES, WebsubSubscription, Wish
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import feeds, websub_subscriptions

_COLUMNS = [websub_subscriptions.c[field.name] for field in fields(WebsubSubscription)]


class WebsubSubscriptions:
    """WebSub subscriptions. A change names what it rests on, so that of two nodes one makes it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def all(self) -> list[WebsubSubscription]:
        """Every one there is, those to act on first."""
        query = sa.select(*_COLUMNS).order_by(
            websub_subscriptions.c.next_at, websub_subscriptions.c.id
        )
        return [_websub_subscription(row) for row in self._connection.execute(query)]

    def get(self, websub_id: str) -> WebsubSubscription | None:
        """The one with this id."""
        query = sa.select(*_COLUMNS).where(websub_subscriptions.c.id == websub_id)
        row = self._connection.execute(query).one_or_none()
        return _websub_subscription(row) if row else None

    def of(self, feed: str) -> list[WebsubSubscription]:
        """Those of one feed: one, or two where its hub has changed."""
        query = (
            sa.select(*_COLUMNS)
            .where(websub_subscriptions.c.feed == feed)
            .order_by(websub_subscriptions.c.wish)
        )
        return [_websub_subscription(row) for row in self._connection.execute(query)]

    def working(self, now: datetime) -> set[str]:
        """The names of the feeds whose hub can be relied on."""
        query = sa.select(websub_subscriptions.c.feed).where(
            websub_subscriptions.c.wish == Wish.SUBSCRIBE.value,
            websub_subscriptions.c.lease_until > now,
            websub_subscriptions.c.missed < MISSES,
        )
        return set(self._connection.scalars(query))

    def advertised(self) -> list[tuple[str, str, str, str]]:
        """Name, configured address, hub and topic of each feed that has a hub and is not gone."""
        query = sa.select(feeds.c.name, feeds.c.url, feeds.c.hub, feeds.c.topic).where(
            feeds.c.hub != "", feeds.c.topic != "", feeds.c.gone.is_(False)
        )
        return [tuple(row) for row in self._connection.execute(query)]

    def put(self, websub: WebsubSubscription) -> None:
        """Keep a subscription as it is to be asked for; what was known of it is forgotten."""
        values = asdict(websub) | {"wish": websub.wish.value}
        statement = insert(self._connection, websub_subscriptions).values(values)
        self._connection.execute(
            statement.on_conflict_do_update(index_elements=[websub_subscriptions.c.id], set_=values)
        )

    def claim(self, websub: WebsubSubscription, *, until: datetime) -> bool:
        """Take it for one request to its hub; False if another node was quicker.

        From here on the hub may ask back, which it may do before it answers the request.
        """
        return self._change(
            websub,
            websub_subscriptions.c.next_at == websub.next_at,
            pending=True,
            failures=websub.failures,
            problem="",
            next_at=until,
        )

    def note_failure(self, websub: WebsubSubscription, *, problem: str, next_at: datetime) -> bool:
        """The request came to nothing; False if the hub has asked back all the same.

        It still may: what was lost is perhaps only its answer.
        """
        return self._change(
            websub,
            websub_subscriptions.c.pending.is_(True),
            failures=websub.failures + 1,
            problem=problem,
            next_at=next_at,
        )

    def put_off(self, hub: str, *, now: datetime, until: datetime) -> None:
        """Ask nothing of a hub for a while: it does not answer."""
        self._connection.execute(
            websub_subscriptions.update()
            .where(websub_subscriptions.c.hub == hub, websub_subscriptions.c.next_at <= now)
            .values(next_at=until)
        )

    def leave(self, ids: Collection[str], *, now: datetime) -> None:
        """From now on we want the hubs to stop."""
        self._connection.execute(
            websub_subscriptions.update()
            .where(
                websub_subscriptions.c.id.in_(ids),
                websub_subscriptions.c.wish == Wish.SUBSCRIBE.value,
            )
            .values(wish=Wish.UNSUBSCRIBE.value, pending=False, next_at=now, failures=0, problem="")
        )

    def forget(self, ids: Iterable[str]) -> None:
        """These are over."""
        self._connection.execute(
            websub_subscriptions.delete().where(websub_subscriptions.c.id.in_(list(ids)))
        )

    def agree(
        self, websub: WebsubSubscription, *, lease_until: datetime | None, next_at: datetime
    ) -> bool:
        """The hub has asked back and got our word; False if that has happened before."""
        return self._change(
            websub,
            websub_subscriptions.c.pending.is_(True),
            pending=False,
            failures=0,
            problem="",
            lease_until=lease_until,
            next_at=next_at,
            missed=0,
        )

    def deny(self, websub: WebsubSubscription, *, problem: str, next_at: datetime) -> bool:
        """The hub will not serve us; False if it said so before, and we have not asked since."""
        return self._change(
            websub,
            websub_subscriptions.c.pending.is_(True)
            | websub_subscriptions.c.lease_until.is_not(None),
            pending=False,
            lease_until=None,
            failures=websub.failures + 1,
            problem=problem,
            next_at=next_at,
        )

    def hear(self, websub: WebsubSubscription, *, now: datetime, unsettled_until: datetime) -> None:
        """The hub says that there is something new."""
        self._connection.execute(
            websub_subscriptions.update()
            .where(websub_subscriptions.c.id == websub.id)
            .values(heard_at=now, unsettled_until=unsettled_until, missed=0)
        )

    def ignore(self, websub: WebsubSubscription, *, now: datetime) -> None:
        """Somebody who is not the hub says so."""
        self._connection.execute(
            websub_subscriptions.update()
            .where(websub_subscriptions.c.id == websub.id)
            .values(ignored_at=now)
        )

    def miss(self, feed: str, *, since: datetime, now: datetime) -> None:
        """A poll has found posts of which the hub said nothing `since` the poll before."""
        self._connection.execute(
            websub_subscriptions.update()
            .where(
                websub_subscriptions.c.feed == feed,
                websub_subscriptions.c.wish == Wish.SUBSCRIBE.value,
                websub_subscriptions.c.lease_until > now,
                websub_subscriptions.c.unsettled_until.is_(None)
                | (websub_subscriptions.c.unsettled_until < since),
            )
            .values(missed=websub_subscriptions.c.missed + 1)
        )

    def make_feeds_due(self, *, now: datetime, pause: timedelta, why: str) -> int:
        """Make the feeds due whose hub said something that no poll has looked into; how many.

        None of them is polled more than once in a `pause`, and one in trouble waits its turn: its
        server may have asked for patience.
        """
        unsettled = (
            sa.select(websub_subscriptions.c.feed)
            .where(
                websub_subscriptions.c.wish == Wish.SUBSCRIBE.value,
                websub_subscriptions.c.unsettled_until > feeds.c.polled_at,
                websub_subscriptions.c.feed == feeds.c.name,
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

    def _change(
        self, websub: WebsubSubscription, where: sa.ColumnElement[bool], **values: Any
    ) -> bool:
        changed = self._connection.execute(
            websub_subscriptions.update()
            .where(
                websub_subscriptions.c.id == websub.id,
                websub_subscriptions.c.wish == websub.wish.value,
                where,
            )
            .values(**values)
        )
        return changed.rowcount == 1


def _websub_subscription(row: sa.Row[Any]) -> WebsubSubscription:
    return WebsubSubscription(**{**row._mapping, "wish": Wish(row.wish)})  # noqa: SLF001 - its public name
