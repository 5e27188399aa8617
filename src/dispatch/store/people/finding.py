"""People as a list shows them, newest first: of an audience, or whom somebody looks for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from itertools import islice

import sqlalchemy as sa

from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.store.database.alike import contains
from dispatch.store.database.schema import subscribers, subscriptions
from dispatch.store.people.consents import Standing
from dispatch.store.people.subscribers import IS_THERE, to_subscriber
from dispatch.store.people.suppressed import is_suppressed

MOST_ALIKE = 1_000
"""People with a text in their address or name who are looked at: of more, somebody says more."""


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody, and where they stand in each audience that they are or were in."""

    subscriber: Subscriber
    standing: Sequence[Standing]
    suppressed: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """Whom somebody looks for; empty where they do not say. `state` is one of a subscription."""

    text: str = ""
    audience: str = ""
    state: str = ""

    def __bool__(self) -> bool:
        return bool(self.text or self.audience or self.state)


class Finding:
    """Questions of which each is answered by an index, or by one pass over addresses and names."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._last: tuple[Wanted, Sequence[int]] | None = None

    def page(
        self, wanted: Wanted, audiences: Collection[str], *, before: int = 0, most: int = 50
    ) -> list[Found]:
        """Some of them, the newest first; `before` is the id of somebody.

        `audiences` are those there are: a state is looked for in each.
        """
        found: list[Found] = []
        while len(found) < most:
            ids = self._ids(wanted, audiences, before, most)
            found += self.those(ids)
            if len(ids) < most:
                break
            before = ids[-1]  # of those who were erased in between nothing is left to show
        return found[:most]

    def those(self, ids: Sequence[int]) -> list[Found]:
        """These people, in this order; who is not there any more is left out."""
        there = sa.select(
            subscribers, is_suppressed(subscribers.c.email_key).label("suppressed")
        ).where(subscribers.c.id.in_(ids), IS_THERE)
        people = {row.id: row for row in self._connection.execute(there)}
        theirs: dict[int, list[Standing]] = {}
        query = sa.select(subscriptions).where(subscriptions.c.subscriber_id.in_(ids))
        for row in self._connection.execute(query.order_by(subscriptions.c.audience)):
            state = SubscriptionState(row.state)
            standing = Standing(row.audience, state, row.since, row.paused_until)
            theirs.setdefault(row.subscriber_id, []).append(standing)
        return [
            Found(to_subscriber(people[one]), theirs.get(one, []), people[one].suppressed)
            for one in ids
            if one in people
        ]

    def audiences(self) -> list[str]:
        """The names of those in which somebody is or was: one look into an index for each."""
        found: list[str] = []
        name = sa.func.min(subscriptions.c.audience)
        while True:
            query = sa.select(name)
            if found:
                query = query.where(subscriptions.c.audience > found[-1])
            following = self._connection.scalar(query)
            if following is None:
                return found
            found.append(following)

    def has_too_many(self, wanted: Wanted) -> bool:
        """Whether more people have the text than are looked at."""
        return len(self._alike(wanted)) >= MOST_ALIKE

    def _ids(
        self, wanted: Wanted, audiences: Collection[str], before: int, most: int
    ) -> Sequence[int]:
        if wanted.text:
            alike = sorted(self._alike(wanted), reverse=True)
            return [*islice((one for one in alike if not before or one < before), most)]
        if not wanted:
            query = sa.select(subscribers.c.id).where(IS_THERE)
            if before:
                query = query.where(subscribers.c.id < before)
            query = query.order_by(subscribers.c.id.desc()).limit(most)
            return self._connection.scalars(query).all()
        names = [wanted.audience] if wanted.audience else sorted(audiences)
        states = [wanted.state] if wanted.state else [one.value for one in SubscriptionState]
        found = {
            one
            for name in names
            for state in states
            for one in self._standing(name, state, before, most)
        }
        return sorted(found, reverse=True)[:most]

    def _standing(self, audience: str, state: str, before: int, most: int) -> Sequence[int]:
        number = subscriptions.c.subscriber_id
        query = sa.select(number).where(
            subscriptions.c.audience == audience, subscriptions.c.state == state
        )
        if before:
            query = query.where(number < before)
        return self._connection.scalars(query.order_by(number.desc()).limit(most)).all()

    def _alike(self, wanted: Wanted) -> Sequence[int]:
        if self._last is None or self._last[0] != wanted:
            self._last = wanted, self._look_for(wanted)
        return self._last[1]

    def _look_for(self, wanted: Wanted) -> Sequence[int]:
        text = wanted.text
        in_address = subscribers.c.email_key.contains(email_key(text), autoescape=True)
        alike = (
            in_address if "@" in text else sa.or_(in_address, contains(subscribers.c.name, text))
        )
        query = sa.select(subscribers.c.id).where(IS_THERE, alike)
        if wanted.audience or wanted.state:
            there = sa.exists().where(subscriptions.c.subscriber_id == subscribers.c.id)
            if wanted.audience:
                there = there.where(subscriptions.c.audience == wanted.audience)
            if wanted.state:
                there = there.where(subscriptions.c.state == wanted.state)
            query = query.where(there)
        return self._connection.scalars(query.limit(MOST_ALIKE)).all()
