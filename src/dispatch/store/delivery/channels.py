"""Channels that are not to be used for a while, and why."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import stops


@dataclass(frozen=True, slots=True)
class Stop:
    """Why a channel is not used.

    Without `until`, it is stopped until a person acts. `failures` counts the attempts in a row that
    did not reach the provider. While the channel is `down`, others may step in (failover).
    """

    channel: str
    until: datetime | None
    reason: str
    failures: int
    down: bool = False

    def is_in_force(self, now: datetime) -> bool:
        """Whether the channel is to be left alone at `now`."""
        return self.until is None or self.until > now

    def __str__(self) -> str:
        until = f"until {self.until:%Y-%m-%d %H:%M} UTC" if self.until else "until a person acts"
        return f"channel {self.channel} is stopped {until}: {self.reason}"


# Made once, as each batch asks for it.
_STOP = sa.select(stops).where(stops.c.channel == sa.bindparam("stopped"))


class Channels:
    """The stops of channels."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def stop(self, channel: str) -> Stop | None:
        """Why a channel was stopped, if it was and has not worked since."""
        row = self._connection.execute(_STOP, {"stopped": channel}).one_or_none()
        return Stop(row.channel, row.until, row.reason, row.failures, row.down) if row else None

    def stops(self) -> list[Stop]:
        """All stops, by channel."""
        rows = self._connection.execute(sa.select(stops).order_by(stops.c.channel))
        return [Stop(row.channel, row.until, row.reason, row.failures, row.down) for row in rows]

    def put_stop(self, stop: Stop) -> None:
        """Stop a channel, or change its stop."""
        values = {
            "until": stop.until,
            "reason": stop.reason,
            "failures": stop.failures,
            "down": stop.down,
        }
        self._connection.execute(
            insert(self._connection, stops)
            .values(channel=stop.channel, **values)
            .on_conflict_do_update(index_elements=[stops.c.channel], set_=values)
        )

    def clear_stop(self, channel: str) -> None:
        """Let a channel be used again."""
        self._connection.execute(stops.delete().where(stops.c.channel == channel))
