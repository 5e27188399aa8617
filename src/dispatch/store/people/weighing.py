"""What a staged file would change, found before anything is kept, and which rows do not count."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import sqlalchemy as sa

from dispatch.model.people.refusal import Outcome, Refusal, Refused
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import (
    subscribers,
    subscriptions,
    suppressed_domains,
    suppressions,
)
from dispatch.store.people.arrivals import is_other, may_be_other, same_person
from dispatch.store.people.staging_tables import arriving, refused
from dispatch.store.people.suppressed import is_at_suppressed_domain

FIRST = 20
"""How many lines are told for each reason."""

AT_A_TIME = 1_000

_STREAMED = {"yield_per": 1000}


@dataclass(frozen=True, slots=True)
class Stranger:
    """Somebody who is in no way in the audience yet; not `known`: nor anywhere else here."""

    line: int
    email_key: str
    known: bool


class Weighing:
    """Questions about a staged file that has been arranged. Only for a connection that has one."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def refuse_known(self, audience: str) -> None:
        """Note whose address is suppressed, and who has left the audience, by this database."""
        key = arriving.c.email_key
        self._refuse_where(Refusal.SUPPRESSED, key.in_(sa.select(suppressions.c.email_key)))
        if self._connection.scalar(sa.select(suppressed_domains.c.domain).limit(1)):
            self._refuse_where(Refusal.SUPPRESSED, is_at_suppressed_domain(key))
        ended = (
            sa.select(subscribers.c.email_key)
            .join(subscriptions, subscriptions.c.subscriber_id == subscribers.c.id)
            .where(subscriptions.c.audience == audience)
            .where(subscriptions.c.state == SubscriptionState.ENDED.value)
        )
        self._refuse_where(Refusal.LEFT, key.in_(ended))

    def refuse(self, lines: Iterable[tuple[int, Refusal]]) -> None:
        """Note more of them; of one line what was noted first counts."""
        rows = ({"line": line, "kind": why.value, "why": ""} for line, why in lines)
        statement = insert(self._connection, refused).on_conflict_do_nothing()
        while some := list(islice(rows, AT_A_TIME)):
            self._connection.execute(statement, some)

    def strangers(self, audience: str) -> Iterator[Stranger]:
        """Who would be new in the audience, in the order of addresses."""
        query = (
            sa.select(arriving.c.line, arriving.c.email_key, subscribers.c.id)
            .select_from(_beside_known(audience))
            .where(subscriptions.c.state.is_(None), ~_is_refused)
            .order_by(arriving.c.place)
        )
        with self._connection.execute(query, execution_options=_STREAMED) as rows:
            for line, key, known in rows:
                yield Stranger(line, key, known is not None)

    def outcome(self, audience: str) -> Outcome:
        """What becomes of all rows, once those that do not count have been noted."""
        kind = sa.case(
            (subscriptions.c.state.is_(None), "new"),
            (is_other, "changed"),
            (may_be_other, "maybe"),
            else_="unchanged",
        ).label("kind")
        query = (
            sa.select(kind, sa.func.count())
            .select_from(_beside_known(audience))
            .where(~_is_refused)
            .group_by(kind)
        )
        found: dict[str, int] = dict(self._connection.execute(query).all())
        changed = self._really_other(audience) if found.get("maybe") else 0
        return Outcome(
            new=found.get("new", 0),
            changed=found.get("changed", 0) + changed,
            unchanged=found.get("unchanged", 0) + found.get("maybe", 0) - changed,
            refused=list(self._refused()),
        )

    def refused_lines(self) -> Iterator[tuple[int, str]]:
        """Each row that does not count, in the order of the file, and why."""
        query = sa.select(refused.c.line, refused.c.kind, refused.c.why).order_by(refused.c.line)
        with self._connection.execute(query, execution_options=_STREAMED) as rows:
            for line, kind, why in rows:
                yield line, f"{kind}: {why}" if why else kind

    def _refuse_where(self, why: Refusal, condition: sa.ColumnElement[bool]) -> None:
        rows = sa.select(arriving.c.line, sa.literal(why.value), sa.literal("")).where(condition)
        statement = insert(self._connection, refused).from_select(["line", "kind", "why"], rows)
        self._connection.execute(statement.on_conflict_do_nothing())

    def _really_other(self, audience: str) -> int:
        """Of those whose topics or fields are written in another way, how many have others."""
        columns: list[Any] = [
            *(subscribers.c[name].label(f"known_{name}") for name in ("topics", "fields")),
            *(arriving.c[name] for name in ("topics", "fields")),
            subscribers.c.profile_own.label("own"),
        ]
        query = (
            sa.select(*columns)
            .select_from(_beside_known(audience))
            .where(subscriptions.c.state.is_not(None), ~_is_refused)
            .where(may_be_other, sa.not_(is_other))
        )
        # The same fields in another order are written in another way.
        with self._connection.execute(query, execution_options=_STREAMED) as rows:
            return sum(
                (row.known_topics != row.topics and not row.own) or row.known_fields != row.fields
                for row in rows
            )

    def _refused(self) -> Iterator[Refused]:
        place = sa.func.row_number().over(partition_by=refused.c.kind, order_by=refused.c.line)
        number = sa.func.count().over(partition_by=refused.c.kind)
        every = sa.select(refused, place.label("place"), number.label("number")).subquery()
        query = sa.select(every).where(every.c.place <= FIRST).order_by(every.c.line)
        found: dict[str, tuple[int, list[tuple[int, str]]]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.kind, (row.number, []))[1].append((row.line, row.why))
        for why in Refusal:
            if why.value in found:
                yield Refused(why, *found[why.value])


_is_refused = sa.exists().where(refused.c.line == arriving.c.line)


def _beside_known(audience: str) -> sa.FromClause:
    """Who comes in, each beside what is known of them, and where they stand in the audience."""
    here = sa.and_(
        subscriptions.c.subscriber_id == subscribers.c.id, subscriptions.c.audience == audience
    )
    return arriving.outerjoin(subscribers, same_person).outerjoin(subscriptions, here)
