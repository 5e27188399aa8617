"""Mails to the team about their own affairs: rows that end when they were handed over."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.single_mail import MailState
from dispatch.model.team.mail import TeamMail, TeamTopic
from dispatch.store.database.schema import team_mails
from dispatch.store.delivery.single_mails import SingleMails


class TeamMails(SingleMails[TeamMail]):
    """Team mails. Each change names what it rests on, so that of two nodes one makes it."""

    table = team_mails

    def add(
        self,
        about: TeamTopic,
        address: str,
        *,
        subject: str,
        seed: str,
        locale: str,
        via: str,
        now: datetime,
    ) -> None:
        """Have somebody written to, as soon as may be."""
        self._connection.execute(
            team_mails.insert().values(
                about=about.value,
                address=address,
                subject=subject,
                token=seed,
                locale=locale,
                via=via,
                state=MailState.WAITING.value,
                made_at=now,
                due=now,
            )
        )

    def are_due(self, *, now: datetime) -> bool:
        """Whether `due` would give any: asked every other second, and answered by an index."""
        return bool(self.due(now=now, limit=1))

    def due(self, *, now: datetime, limit: int) -> Sequence[TeamMail]:
        """What may be tried, that which was tried least first."""
        return self._tried_least(self.table.c.due <= now, now=now, limit=limit)

    def latest(self, about: TeamTopic, subject: str) -> TeamMail | None:
        """The newest about something: whether an invitation has gone out."""
        query = sa.select(team_mails).where(
            team_mails.c.about == about.value, team_mails.c.subject == subject
        )
        newest = query.order_by(team_mails.c.id.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return self.read(row) if row else None

    def forget(self, *, before: datetime) -> int:
        """Remove what was written before then and has ended: how many."""
        gone = team_mails.delete().where(
            team_mails.c.made_at < before, team_mails.c.state != MailState.WAITING.value
        )
        return self._connection.execute(gone).rowcount

    def read(self, row: sa.Row[Any]) -> TeamMail:
        return TeamMail(
            id=row.id,
            about=TeamTopic(row.about),
            address=row.address,
            subject=row.subject,
            seed=row.token,
            locale=row.locale,
            via=row.via,
            state=MailState(row.state),
            made=row.made_at,
            due=row.due,
            attempt=row.attempt,
            lease_until=row.lease_until,
            accepted=row.accepted_at,
            reason=row.reason,
        )
