"""Families of campaigns: what readers could choose from, and who got what."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.campaigns.cadence import Cadence, Offered
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.model.intake.post import Post
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.schema import (
    deliveries,
    edition_posts,
    editions,
    offers,
    posts,
    subscribers,
    subscriptions,
    welcomes,
)
from dispatch.store.delivery.row_keys import key_of_reader, number_of
from dispatch.store.intake.post_rows import to_post

_RECEIVED = sa.not_(
    deliveries.c.state.in_(
        [
            DeliveryState.REFUSED.value,
            DeliveryState.FAILED.value,
            DeliveryState.SUPPRESSED.value,
        ]
    )
)


@dataclass(frozen=True, slots=True)
class Addressed:
    """An edition of a family that has gone out to its readers, or is about to.

    One that is a welcome said an earlier one once more, to those who came after it.
    """

    number: int
    id: str
    campaign: str
    created: datetime
    at: datetime
    state: EditionState
    is_welcome: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A reader who may have another cadence than some time ago; in the audience since `joined`."""

    id: int
    joined: datetime


@dataclass(frozen=True, slots=True)
class Got:
    """A reader's delivery of an edition; `received`: they have it, or nobody knows better."""

    delivery: int
    edition: int
    reader: int
    part: str
    received: bool


class Families:
    """Families, across their campaigns; also those that are not in the file any more."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def note(
        self, family: str, default: Cadence, offered: Sequence[Cadence], *, now: datetime
    ) -> None:
        """Note what readers can choose from now on; an unchanged offer keeps its moment."""
        words = [cadence.value for cadence in offered]
        query = sa.select(offers).where(offers.c.family == family).order_by(offers.c.id.desc())
        last = self._connection.execute(query.limit(1)).one_or_none()
        if last and (last.standard, last.offered) == (default.value, words):
            return
        self._connection.execute(
            offers.insert().values(family=family, standard=default.value, offered=words, since=now)
        )

    def offers(self, family: str, *, since: datetime) -> list[Offered]:
        """What held then and what has held later, oldest first."""
        query = sa.select(offers).where(offers.c.family == family).order_by(offers.c.id)
        found = [
            Offered(Cadence(row.standard), tuple(map(Cadence, row.offered)), row.since)
            for row in self._connection.execute(query)
        ]
        before = sum(one.since <= since for one in found)
        return found[max(before - 1, 0) :]

    def lock(self, family: str) -> None:
        """Let nobody else who asks so go on before this transaction ends.

        Two editions of a family that are addressed at once would not see what the other one tells.
        """
        query = sa.select(offers.c.id).where(offers.c.family == family).order_by(offers.c.id)
        self._connection.execute(query.with_for_update()).all()

    def addressed(self, family: str) -> list[Addressed]:
        """All editions that have readers, oldest first."""
        query = (
            sa.select(
                editions.c.number,
                editions.c.id,
                editions.c.campaign,
                editions.c.created_at,
                editions.c.addressed_at,
                editions.c.state,
                editions.c.welcome_of,
            )
            .where(editions.c.family == family, editions.c.addressed_at.is_not(None))
            .order_by(editions.c.addressed_at, editions.c.number)
        )
        return [
            Addressed(
                row.number,
                row.id,
                row.campaign,
                row.created_at,
                row.addressed_at,
                EditionState(row.state),
                is_welcome=bool(row.welcome_of),
            )
            for row in self._connection.execute(query)
        ]

    def posts_in(self, numbers: Collection[int]) -> dict[int, list[int]]:
        """Edition number to the ids of its posts, in their order."""
        query = (
            sa.select(editions.c.number, edition_posts.c.post_id)
            .join(edition_posts, edition_posts.c.edition_id == editions.c.id)
            .where(one_of(editions.c.number, "numbers", self._connection.dialect))
            .order_by(editions.c.number, edition_posts.c.position)
        )
        found: dict[int, list[int]] = {}
        for number, post in self._connection.execute(query, self._packed(numbers=numbers)):
            found.setdefault(number, []).append(post)
        return found

    def editions_with(self, family: str, ids: Collection[int]) -> set[int]:
        """The numbers of the family's editions that have one of these posts."""
        query = (
            sa.select(editions.c.number)
            .join(edition_posts, edition_posts.c.edition_id == editions.c.id)
            .where(
                editions.c.family == family,
                one_of(edition_posts.c.post_id, "ids", self._connection.dialect),
            )
        )
        return set(self._connection.scalars(query, self._packed(ids=ids)))

    def posts_like(self, ids: Collection[int], feeds: Collection[str]) -> list[Post]:
        """The posts of these feeds that may tell the same as one of the given ones, and those."""
        given = self._packed(ids=ids)
        which = one_of(posts.c.id, "ids", self._connection.dialect)
        known = sa.select(posts.c.link_key, posts.c.title_key, posts.c.guid).where(which)
        rows = self._connection.execute(known, given).all()
        like = sa.or_(
            posts.c.link_key.in_({row.link_key for row in rows} - {""}),
            posts.c.title_key.in_({row.title_key for row in rows} - {""}),
            posts.c.guid.in_({row.guid for row in rows} - {""}),
        )
        query = sa.select(posts).where(sa.or_(posts.c.feed.in_(feeds) & like, which))
        return [to_post(row) for row in self._connection.execute(query, given)]

    def who_changed(
        self, audience: str, *, since: datetime, words: Collection[str]
    ) -> list[Changed]:
        """Who is or was in an audience and has changed since then, or has one of these words.

        An empty word stands for all that is no cadence.
        """
        changed = [subscribers.c.cadence_since >= since]
        if words:
            changed.append(subscribers.c.cadence.in_([word for word in words if word]))
        if "" in words:
            changed.append(subscribers.c.cadence.not_in([cadence.value for cadence in Cadence]))
        query = (
            sa.select(subscribers.c.id, subscriptions.c.since)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(subscriptions.c.audience == audience, sa.or_(*changed))
            .order_by(subscribers.c.id)
        )
        return [Changed(*row) for row in self._connection.execute(query)]

    def who_were_welcomed(self, audience: str, numbers: Collection[int]) -> list[Changed]:
        """Who is or was in an audience and got one of these editions as a welcome."""
        query = (
            sa.select(welcomes.c.subscriber_id, subscriptions.c.since)
            .join(editions, editions.c.id == welcomes.c.edition_id)
            .join(subscriptions, subscriptions.c.subscriber_id == welcomes.c.subscriber_id)
            .where(
                subscriptions.c.audience == audience,
                one_of(editions.c.number, "numbers", self._connection.dialect),
            )
            .order_by(welcomes.c.subscriber_id)
        )
        rows = self._connection.execute(query, self._packed(numbers=numbers))
        return [Changed(*row) for row in rows]

    def got(self, numbers: Collection[int], readers: Collection[int]) -> Iterator[Got]:
        """The deliveries of these editions that these readers have."""
        keys = [key_of_reader(number, reader) for number in numbers for reader in readers]
        columns = (
            deliveries.c.id,
            deliveries.c.subscriber_id,
            deliveries.c.part,
            _RECEIVED.label("received"),
        )
        dialect = self._connection.dialect
        by_key = sa.select(*columns).where(
            one_of(deliveries.c.id, "ids", dialect), deliveries.c.reader.is_(None)
        )
        # Where everybody gets it by their own clock, a key says nothing about who it is for.
        by_reader = sa.select(*columns).where(
            one_of(deliveries.c.reader, "ids", dialect), deliveries.c.reader.is_not(None)
        )
        query = sa.union_all(by_key, by_reader)
        for row in self._connection.execute(query, self._packed(ids=keys)):
            yield Got(row.id, number_of(row.id), row.subscriber_id, row.part, bool(row.received))

    def set_parts(self, parts: Sequence[tuple[int, str]]) -> None:
        """Have these deliveries tell something else than their edition does."""
        if parts:
            self._connection.execute(
                deliveries.update()
                .where(deliveries.c.id == sa.bindparam("of"))
                .values(part=sa.bindparam("posts")),
                [{"of": delivery, "posts": part} for delivery, part in parts],
            )

    def remove(self, ids: Collection[int]) -> None:
        """Take back deliveries that would tell their readers nothing; nobody has seen them yet."""
        if ids:
            which = one_of(deliveries.c.id, "ids", self._connection.dialect)
            self._connection.execute(deliveries.delete().where(which), self._packed(ids=ids))

    def _packed(self, **lists: Collection[int]) -> dict[str, Any]:
        dialect = self._connection.dialect
        return {name: packed(sorted(values), dialect) for name, values in lists.items()}
