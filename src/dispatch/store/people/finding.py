"""People as a list shows them, newest first: of an audience, or whom somebody looks for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache, partial
from typing import Any

import sqlalchemy as sa

from dispatch.clock import Timer, system_timer
from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.store.database.alike import contains
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.look_through import Sought, look_through
from dispatch.store.database.prepared import dialect_of
from dispatch.store.database.schema import subscribers, subscriptions
from dispatch.store.people.consents import Standing
from dispatch.store.people.subscribers import IS_THERE, to_subscriber
from dispatch.store.people.suppressed import is_suppressed

SECONDS = 0.1
"""How long a page looks for a text. What it has not come to by then, the next one looks at."""


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

    def page(
        self, wanted: Wanted, audiences: Collection[str], *, before: int = 0, most: int = 50
    ) -> list[Found]:
        """Some of an audience, or of all, the newest first; `before` is the id of somebody.

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

    def look_for(
        self,
        wanted: Wanted,
        *,
        before: int = 0,
        most: int = 50,
        seconds: float = SECONDS,
        timer: Timer = system_timer,
    ) -> Sought[Found]:
        """Those with a text in their address or name, the newest first.

        No index helps with that. So it looks for so long, and says how far it has come; whose
        address begins like that is found at once.
        """
        newest = self._connection.scalar(sa.select(sa.func.max(_ID))) or 0
        found = look_through(
            partial(self._alike, wanted),
            newest,
            before=before,
            most=most,
            seconds=seconds,
            timer=timer,
        )
        ids = found.items
        if found.below and not before:
            ids = sorted({*ids, *self._beginning(wanted, most)}, reverse=True)
        return Sought(self.those(ids), found.below)

    def those(self, ids: Sequence[int]) -> list[Found]:
        """These people, in this order; who is not there any more is left out."""
        dialect = self._connection.dialect
        given = {"ids": packed(list(ids), dialect)}
        there, stands = _those(dialect.name)
        people = {row.id: row for row in self._connection.execute(there, given)}
        theirs: dict[int, list[Standing]] = {}
        for row in self._connection.execute(stands, given):
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
        while True:
            last = found[-1] if found else ""
            following = self._connection.scalar(_NEXT_AUDIENCE, {"last": last})
            if following is None:
                return found
            found.append(following)

    def _ids(
        self, wanted: Wanted, audiences: Collection[str], before: int, most: int
    ) -> Sequence[int]:
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

    def _alike(self, wanted: Wanted, top: int, bottom: int, most: int) -> Sequence[int]:
        text = wanted.text
        in_address = subscribers.c.email_key.contains(email_key(text), autoescape=True)
        in_name = contains(subscribers.c.name, text)
        alike = in_address if "@" in text else sa.or_(in_address, in_name)
        query = sa.select(_ID).where(top >= _ID, bottom < _ID, IS_THERE, alike)
        query = query.where(*_is_there(wanted))
        return self._connection.scalars(query.order_by(_ID.desc()).limit(most)).all()

    def _beginning(self, wanted: Wanted, most: int) -> Sequence[int]:
        """Those whose address begins with the text."""
        key, text = subscribers.c.email_key, email_key(wanted.text)
        within = sa.and_(key >= text, key < text[:-1] + chr(ord(text[-1]) + 1))
        begins = sa.or_(key == text, sa.and_(within, key.startswith(text, autoescape=True)))
        query = sa.select(_ID).where(begins, IS_THERE, *_is_there(wanted))
        return self._connection.scalars(query.order_by(key).limit(most)).all()


_ID = subscribers.c.id

_NEXT_AUDIENCE = sa.select(sa.func.min(subscriptions.c.audience)).where(
    subscriptions.c.audience > sa.bindparam("last")
)
"""Made once, as each change of somebody's subscriptions asks it."""


@lru_cache
def _those(kind: str) -> tuple[sa.Select[Any], sa.Select[Any]]:
    """People and their subscriptions by `ids`; made once, as making it costs as much as asking."""
    dialect = dialect_of(kind)
    people = sa.select(subscribers, is_suppressed(subscribers.c.email_key).label("suppressed"))
    stands = sa.select(subscriptions).where(one_of(subscriptions.c.subscriber_id, "ids", dialect))
    return (
        people.where(one_of(_ID, "ids", dialect), IS_THERE),
        stands.order_by(subscriptions.c.audience),
    )


def _is_there(wanted: Wanted) -> list[sa.ColumnElement[bool]]:
    """Whether somebody is in the audience, or stands so in any."""
    if not wanted.audience and not wanted.state:
        return []
    there = sa.exists().where(subscriptions.c.subscriber_id == _ID)
    if wanted.audience:
        there = there.where(subscriptions.c.audience == wanted.audience)
    if wanted.state:
        there = there.where(subscriptions.c.state == wanted.state)
    return [there]
