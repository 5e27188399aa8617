"""What has come to each channel: when the last event came, how many, and what was turned away."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import hooks


@dataclass(frozen=True, slots=True)
class HookCounts:
    """How much has come to one channel.

    `strangers` are events of no delivery of ours; `turned_away` are calls that were not signed as
    they should be, and `turned_away_for` says why the last of them was.
    """

    channel: str
    last: datetime | None = None
    events: int = 0
    strangers: int = 0
    turned_away: int = 0
    turned_away_at: datetime | None = None
    turned_away_for: str = ""


class Hooks:
    """One row for each channel that anything has come to."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def count(self, channel: str, *, events: int, strangers: int, now: datetime) -> None:
        """Count events that are new."""
        self._add(channel, {"events": events, "strangers": strangers}, {"last_at": now})

    def turn_away(self, channel: str, calls: int, reason: str, *, now: datetime) -> None:
        """Count calls that were turned away, and keep why the last of them was."""
        last = {"turned_away_at": now, "turned_away_for": reason}
        self._add(channel, {"turned_away": calls}, last)

    def all(self) -> dict[str, HookCounts]:
        """Channel name to what has come to it; others have had nothing."""
        return {
            row.channel: HookCounts(
                row.channel,
                row.last_at,
                row.events,
                row.strangers,
                row.turned_away,
                row.turned_away_at,
                row.turned_away_for,
            )
            for row in self._connection.execute(sa.select(hooks))
        }

    def _add(self, channel: str, more: dict[str, int], last: dict[str, object]) -> None:
        statement = insert(self._connection, hooks).values(channel=channel, **more, **last)
        grown = {name: hooks.c[name] + number for name, number in more.items()}
        self._connection.execute(
            statement.on_conflict_do_update(
                index_elements=[hooks.c.channel], set_={**grown, **last}
            )
        )
