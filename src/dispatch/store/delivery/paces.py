"""How much of a channel's pace is used: one row for the channel, one for each limited domain."""

from datetime import date, datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.clock import SKEW
from dispatch.model.campaigns.pace import BURST, Pace, Permission, even
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import paces


class Paces:
    """Pace rows; all workers take from the same ones."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take(
        self,
        channel: str,
        pace: Pace,
        wanted: int,
        *,
        now: datetime,
        today: date,
        burst: timedelta = BURST,
    ) -> Permission:
        """Ask for permission to send `wanted` messages over a channel.

        No more than `burst` of the pace may leave at once. What is permitted counts as used. Where
        the day's number is used up, `again` is None: it is on another day.
        """
        row = self._row(channel, "")
        used = row.used if row.day == today else 0
        first_day = row.first_day or today
        most = pace.most_on(today, first_day)
        if most is not None:
            wanted = min(wanted, most - used)
        if wanted <= 0:
            return Permission(0)
        permission, next_at = Permission(wanted), row.next_at
        if pace.per_second:
            known = _by_right_clock(row.next_at, pace.per_second, now=now)
            permission, next_at = even(wanted, pace.per_second, next_at=known, now=now, burst=burst)
        if permission.number:
            self._put(
                row,
                next_at=next_at,
                first_day=first_day,
                day=today,
                used=used + permission.number,
            )
        return permission

    def used(self, today: date) -> dict[str, int]:
        """Channel to how many messages have gone over it today."""
        query = sa.select(paces.c.channel, paces.c.used).where(
            paces.c.domain == "", paces.c.day == today
        )
        return {row.channel: row.used for row in self._connection.execute(query)}

    def take_ahead(self, channel: str, pace: Pace, *, now: datetime, today: date) -> Permission:
        """Ask for permission to send one message ahead of all that wait for the channel's pace.

        It counts as one of theirs, so that they wait as much longer. One at a time is ahead: where
        it still is, `again` is when the next one may be.
        """
        row = self._row(channel, "")
        used, first_day = row.used if row.day == today else 0, row.first_day or today
        most = pace.most_on(today, first_day)
        if most is not None and used >= most:
            return Permission(0)
        next_at = row.next_at
        if pace.per_second:
            gap = timedelta(seconds=1 / pace.per_second)
            known = _by_right_clock(row.next_at, pace.per_second, now=now)
            start = max(known or now, now)
            if start > now + gap:
                return Permission(0, start - gap)
            next_at = start + gap
        self._put(row, next_at=next_at, first_day=first_day, day=today, used=used + 1)
        return Permission(1)

    def take_domain(
        self, channel: str, domain: str, per_second: float, *, now: datetime
    ) -> Permission:
        """Ask for permission to send one message to a domain that has a pace of its own."""
        row = self._row(channel, domain)
        known = _by_right_clock(row.next_at, per_second, now=now)
        permission, next_at = even(1, per_second, next_at=known, now=now)
        if permission.number:
            self._put(row, next_at=next_at)
        return permission

    def next_at(self, channel: str) -> datetime | None:
        """When the next message of a channel is due by its pace, if one has gone out by one."""
        query = sa.select(paces.c.next_at).where(paces.c.channel == channel, paces.c.domain == "")
        moment: datetime | None = self._connection.scalar(query)
        return moment

    def give_back(self, channel: str, number: int, *, today: date) -> None:
        """Return what was permitted today and not used."""
        self._connection.execute(
            paces.update()
            .where(paces.c.channel == channel, paces.c.domain == "", paces.c.day == today)
            .values(used=paces.c.used - number)
        )

    def _row(self, channel: str, domain: str) -> sa.Row[Any]:
        query = (
            sa.select(paces)
            .where(paces.c.channel == channel, paces.c.domain == domain)
            .with_for_update()
        )
        row = self._connection.execute(query).one_or_none()
        if row is None:
            insert_new(self._connection, paces, [{"channel": channel, "domain": domain}])
            row = self._connection.execute(query).one()
        return row

    def _put(self, row: sa.Row[Any], **values: Any) -> None:
        self._connection.execute(
            paces.update()
            .where(paces.c.channel == row.channel, paces.c.domain == row.domain)
            .values(**values)
        )


def _by_right_clock(
    next_at: datetime | None, per_second: float, *, now: datetime
) -> datetime | None:
    """When the next one is due; what a clock noted that was far ahead does not count."""
    latest = now + timedelta(seconds=1 / per_second) + SKEW
    return None if next_at is not None and next_at > latest else next_at
