"""What the doctor last found of each channel: pages show it, and nobody has to look again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.event import Later
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.finding import Finding, Kind, stops
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import editions, examinations, later_counts
from dispatch.store.delivery.batch_counts import counts_of

MOST_EDITIONS = 100


@dataclass(frozen=True, slots=True)
class Examination:
    """One check-up of a channel, the worst first."""

    channel: str
    at: datetime
    by: str
    findings: tuple[Finding, ...]

    @property
    def stops(self) -> list[Finding]:
        """What would keep mails from arriving."""
        return stops(self.findings)

    def of(self, kind: Kind) -> list[Finding]:
        """The findings of one kind."""
        return [one for one in self.findings if one.kind is kind]


@dataclass(frozen=True, slots=True)
class Reputation:
    """What became of a channel's mails since a moment; `heard`: anything came back at all."""

    accepted: int = 0
    complained: int = 0
    bounced: int = 0
    heard: bool = False


class Examinations:
    """The last one of each channel."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, examination: Examination) -> None:
        """Keep it in the place of the one before."""
        values = {
            "at": examination.at,
            "by": examination.by,
            "findings": [_as_json(one) for one in examination.findings],
        }
        statement = insert(self._connection, examinations)
        self._connection.execute(
            statement.values(channel=examination.channel, **values).on_conflict_do_update(
                index_elements=[examinations.c.channel], set_=values
            )
        )

    def of(self, channels: Collection[str]) -> Mapping[str, Examination]:
        """Channel to its last one, of those that were examined."""
        rows = self._connection.execute(
            sa.select(examinations).where(examinations.c.channel.in_(list(channels)))
        )
        return {
            row.channel: Examination(
                row.channel, row.at, row.by, tuple(map(_from_json, row.findings))
            )
            for row in rows
        }

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


def _as_json(finding: Finding) -> dict[str, Any]:
    values = {
        name: {"at": value.isoformat()} if isinstance(value, datetime) else value
        for name, value in finding.values.items()
    }
    return {"kind": finding.kind.value, "name": finding.name, "values": values}


def _from_json(kept: Mapping[str, Any]) -> Finding:
    values = {
        name: datetime.fromisoformat(value["at"]) if isinstance(value, dict) else value
        for name, value in kept["values"].items()
    }
    return Finding(Kind(kept["kind"]), kept["name"], values)
