"""Mails to the team about their own affairs: rows that end when they were handed over."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.single_mail import MailState
from dispatch.model.team.mail import TeamMail, TeamTopic
from dispatch.store.database.schema import team_mails
from dispatch.store.delivery.single_mails import SingleMails, attempts


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

    def latest(self, about: TeamTopic, subject: str) -> TeamMail | None:
        """The newest about something: whether an invitation has gone out."""
        query = sa.select(team_mails).where(
            team_mails.c.about == about.value, team_mails.c.subject == subject
        )
        newest = query.order_by(team_mails.c.id.desc()).limit(1)
        row = self._connection.execute(newest).one_or_none()
        return self.read(row) if row else None

    def read(self, row: sa.Row[Any]) -> TeamMail:
        return TeamMail(
            **attempts(row),
            about=TeamTopic(row.about),
            subject=row.subject,
            seed=row.token,
            locale=row.locale,
            via=row.via,
        )
