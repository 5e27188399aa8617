"""What came later of deliveries: of each the event that says most, and how many of an edition."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.delivery.event import TAKEN, Later, rank
from dispatch.model.delivery.state import DeliveryState, On
from dispatch.model.editions.edition import Edition
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import came_later, deliveries, editions, events, later_counts
from dispatch.store.delivery.batch_counts import counts_of
from dispatch.store.delivery.row_keys import key_range, number_of

MOST_EDITIONS = 100
"""The newest ones by which a channel's good name is judged."""

LOOKED_FOR = frozenset({Later.BOUNCED, Later.SOFT_BOUNCED, Later.COMPLAINED, Later.DROPPED})
"""States that the index has: others are found by looking through an edition's rows."""

_IN_INDEX = sa.text("came_later.state IN ('bounced', 'bounced softly', 'complained', 'dropped')")

Counts = Mapping[Later, int]


@dataclass(frozen=True, slots=True)
class CameLater:
    """Of one delivery, by its key: `reason` is in the provider's words, `at` when it happened."""

    delivery: int
    state: Later
    channel: str
    at: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Moved:
    """A delivery of which more is known than before: what `came` until then, and what it is now."""

    came: CameLater | None
    now: CameLater

    @property
    def was(self) -> Later | None:
        """The state until then."""
        return self.came.state if self.came else None


@dataclass(frozen=True, slots=True)
class Reputation:
    """What became of a channel's mails since a moment; `heard`: anything came back at all."""

    accepted: int = 0
    complained: int = 0
    bounced: int = 0
    heard: bool = False


class CameLaters:
    """The rows beside deliveries. A state gives way only to one that says more."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def move(self, told: Iterable[CameLater]) -> list[Moved]:
        """Keep what says more than what is kept; which those are.

        Of several about one delivery the first of those that say most counts. Only for who has
        taken its turn (`Events.take_turn`).
        """
        best: dict[int, CameLater] = {}
        for one in told:
            if one.delivery not in best or rank(one.state) > rank(best[one.delivery].state):
                best[one.delivery] = one
        there = self.of(best)
        moved = []
        for key, one in sorted(best.items()):
            came = there.get(key)
            if came is None or rank(one.state) > rank(came.state):
                moved.append(Moved(came, one))
        self._keep([one.now for one in moved])
        self._count(moved)
        return moved

    def of(self, keys: Iterable[int]) -> dict[int, CameLater]:
        """What came later of these deliveries, where anything did."""
        asked = sorted(set(keys))
        if not asked:
            return {}
        dialect = self._connection.dialect
        query = sa.select(came_later).where(one_of(came_later.c.delivery_id, "keys", dialect))
        rows = self._connection.execute(query, {"keys": packed(asked, dialect)})
        return {row.delivery_id: _came_later(row) for row in rows}

    def counts(self, edition: Edition) -> dict[Later, int]:
        """How many deliveries of an edition are in each state; those of which nothing came, not."""
        return self.counts_of([edition.number]).get(edition.number, {})

    def counts_of(self, numbers: Collection[int]) -> dict[int, dict[Later, int]]:
        """The same of several editions, by their numbers."""
        number, state = later_counts.c.number, later_counts.c.state
        query = sa.select(number, state, sa.func.sum(later_counts.c.deliveries)).where(
            number.in_(list(numbers)), later_counts.c.deliveries > 0
        )
        found: dict[int, dict[Later, int]] = {}
        for of, word, many in self._connection.execute(query.group_by(number, state)):
            found.setdefault(of, {})[Later(word)] = int(many)
        return found

    def counts_by_channel(self, edition: Edition) -> dict[str, dict[Later, int]]:
        """Channel name to how many deliveries of an edition are in each state there."""
        query = sa.select(later_counts).where(
            later_counts.c.number == edition.number, later_counts.c.deliveries > 0
        )
        found: dict[str, dict[Later, int]] = {}
        for row in self._connection.execute(query):
            found.setdefault(row.channel, {})[Later(row.state)] = row.deliveries
        return found

    def page(
        self, edition: Edition, states: Collection[Later], *, after: int = 0, most: int = 50
    ) -> list[CameLater]:
        """What came later of an edition in some states, by the keys of deliveries."""
        first, last = key_range(edition.number)
        query = sa.select(came_later).where(
            came_later.c.delivery_id.between(max(first, after + 1), last),
            came_later.c.state.in_([one.value for one in states]),
        )
        if set(states) <= LOOKED_FOR:  # or neither database sees that the index has them all
            query = query.where(_IN_INDEX)
        rows = self._connection.execute(query.order_by(came_later.c.delivery_id).limit(most))
        return [_came_later(row) for row in rows]

    def editions_with(self, states: Collection[Later]) -> list[str]:
        """The ids of editions of which something came to one of these states, the newest first."""
        some = sa.select(later_counts.c.number).where(
            later_counts.c.state.in_([one.value for one in states]), later_counts.c.deliveries > 0
        )
        query = sa.select(editions.c.id).where(editions.c.number.in_(some))
        return list(self._connection.scalars(query.order_by(editions.c.number.desc())))

    def reputation(self, channel: str, *, since: datetime) -> Reputation:
        """What came back of the editions that have gone out over a channel since a moment."""
        query = sa.select(editions.c.number, editions.c.id).where(editions.c.addressed_at >= since)
        query = query.order_by(editions.c.number.desc()).limit(MOST_EDITIONS)
        found = {row.number: row.id for row in self._connection.execute(query)}
        if not found:
            return Reputation()
        counted = counts_of(self._connection, list(found.values()))
        accepted = sum(
            one.by_channel.get(channel, {}).get(DeliveryState.ACCEPTED, 0)
            for one in counted.values()
        )
        later = sa.select(later_counts.c.state, sa.func.sum(later_counts.c.deliveries)).where(
            later_counts.c.number.in_(list(found)), later_counts.c.channel == channel
        )
        states = {
            state: int(many)
            for state, many in self._connection.execute(later.group_by(later_counts.c.state))
        }
        return Reputation(
            accepted,
            states.get(Later.COMPLAINED.value, 0),
            states.get(Later.BOUNCED.value, 0),
            any(states.values()),
        )

    def _keep(self, rows: Sequence[CameLater]) -> None:
        if not rows:
            return
        statement = insert(self._connection, came_later)
        said = statement.excluded
        values = {name: said[name] for name in ("state", "channel", "at", "reason")}
        statement = statement.on_conflict_do_update(
            index_elements=[came_later.c.delivery_id], set_=values
        )
        self._connection.execute(
            statement,
            [
                {
                    "delivery_id": one.delivery,
                    "state": one.state.value,
                    "channel": one.channel,
                    "at": one.at,
                    "reason": one.reason,
                }
                for one in rows
            ],
        )

    def _count(self, moved: Sequence[Moved]) -> None:
        change: Counter[tuple[int, str, str]] = Counter()
        for one in moved:
            number = number_of(one.now.delivery)
            change[number, one.now.channel, one.now.state.value] += 1
            if one.came is not None:
                change[number, one.came.channel, one.came.state.value] -= 1
        statement = insert(self._connection, later_counts)
        together = later_counts.c.deliveries + statement.excluded.deliveries
        statement = statement.on_conflict_do_update(
            index_elements=[later_counts.c.number, later_counts.c.channel, later_counts.c.state],
            set_={"deliveries": together},
        )
        rows = [
            {"number": number, "channel": channel, "state": state, "deliveries": by}
            for (number, channel, state), by in sorted(change.items())
            if by
        ]
        if rows:
            self._connection.execute(statement, rows)


def fits_what_was_told(on: On) -> list[sa.ColumnElement[bool]]:
    """What else holds of deliveries that are moved: whoever has decided cannot know it.

    What was told to have arrived is not sent again, and none is believed of which nothing was told.
    """
    if on is On.RESENT:
        taken = came_later.c.state.in_([one.value for one in TAKEN])
        return [~sa.exists().where(came_later.c.delivery_id == deliveries.c.id, taken)]
    return [sa.exists().where(events.c.delivery_id == deliveries.c.id)] if on is On.TOLD else []


def _came_later(row: sa.Row[tuple[object, ...]]) -> CameLater:
    return CameLater(row.delivery_id, Later(row.state), row.channel, row.at, row.reason)
