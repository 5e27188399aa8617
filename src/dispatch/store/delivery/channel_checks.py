"""What trying a channel last came to: looked at by its page, so that nobody has to try again."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.channels.provider import Quota
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import channel_checks


@dataclass(frozen=True, slots=True)
class ChannelCheck:
    """`account` is who we are there; `problem` is empty where all is well.

    `quota`, `notes`, what we `can` do there, when our access `ends` and how much text it takes are
    what the service told then.
    """

    channel: str
    account: str
    problem: str
    at: datetime
    by: str
    quota: Quota | None = None
    notes: tuple[str, ...] = ()
    can: tuple[str, ...] = ()
    ends: datetime | None = None
    max_text: int | None = None


class ChannelChecks:
    """The last one of each channel."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, check: ChannelCheck) -> None:
        """Keep it in the place of the one before."""
        values = {
            "problem": check.problem,
            "detail": _as_json(check),
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
                row.channel,
                row.detail.get("account", ""),
                row.problem,
                row.at,
                row.by,
                _quota(row.detail.get("quota")),
                tuple(row.detail.get("notes", ())),
                tuple(row.detail.get("can", ())),
                datetime.fromisoformat(row.detail["ends"]) if row.detail.get("ends") else None,
                row.detail.get("max_text"),
            )
            for row in rows
        }


def _as_json(check: ChannelCheck) -> dict[str, Any]:
    quota = None if check.quota is None else asdict(check.quota)
    return {
        "account": check.account,
        "quota": quota,
        "notes": list(check.notes),
        "can": list(check.can),
        "ends": check.ends.isoformat() if check.ends else None,
        "max_text": check.max_text,
    }


def _quota(kept: dict[str, Any] | None) -> Quota | None:
    return None if kept is None else Quota(**kept)
