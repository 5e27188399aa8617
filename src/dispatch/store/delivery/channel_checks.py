"""What trying a channel last came to: looked at by its page, so that nobody has to try again."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import channel_checks


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """`account` is who we are there; `problem` is empty where all is well."""

    channel: str
    account: str
    problem: str
    at: datetime
    by: str


class ChannelChecks:
    """The last one of each channel."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, check: ChannelCheck) -> None:
        """Keep it in the place of the one before."""
        values = {
            "problem": check.problem,
            "detail": {"account": check.account},
            "at": check.at,
            "by": check.by,
        }
        statement = insert(self._connection, channel_checks)
        self._connection.execute(
            statement.values(channel=check.channel, **values).on_conflict_do_update(
                index_elements=[channel_checks.c.channel], set_=values
            )
        )

    def all(self) -> dict[str, ChannelCheck]:
        """Channel to its last one."""
        rows = self._connection.execute(sa.select(channel_checks))
        return {
            row.channel: ChannelCheck(
                row.channel, row.detail.get("account", ""), row.problem, row.at, row.by
            )
            for row in rows
        }
