"""What the doctor last found of each channel: pages show it, and nobody has to look again."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.editions.finding import Finding, Kind, stops
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import examinations


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
