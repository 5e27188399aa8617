"""Mails to readers about their own affairs: rows that end when they were handed over."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.single_mail import MailState
from dispatch.model.people.reader_mail import ReaderMail, Topic
from dispatch.model.people.subscriber import email_key
from dispatch.store.database.schema import reader_mails
from dispatch.store.delivery.single_mails import SingleMails, attempts


class ReaderMails(SingleMails[ReaderMail]):
    """Reader mails. Each change names what it rests on, so that of two nodes one makes it."""

    table = reader_mails

    def add(
        self,
        about: Topic,
        address: str,
        *,
        subject_id: str,
        via: str,
        now: datetime,
        audience: str = "",
        form: str = "",
        locale: str = "",
    ) -> None:
        """Have somebody written to, as soon as may be."""
        self._connection.execute(
            reader_mails.insert().values(
                about=about.value,
                address=address,
                address_key=email_key(address),
                subject_id=subject_id,
                audience=audience,
                form=form,
                locale=locale,
                via=via,
                state=MailState.WAITING.value,
                made_at=now,
                due=now,
            )
        )

    def count_since(self, address: str, since: datetime, about: Topic | None = None) -> int:
        """How many were written for an address from then on, handed over or not; all or of one."""
        query = sa.select(sa.func.count()).where(
            reader_mails.c.address_key == email_key(address),
            reader_mails.c.made_at > since,
            reader_mails.c.state != MailState.DROPPED.value,
        )
        if about:
            query = query.where(reader_mails.c.about == about.value)
        return self._connection.scalars(query).one()

    def by_numbers(self, numbers: Collection[int]) -> list[ReaderMail]:
        """Mails by their ids, those that there are."""
        query = sa.select(self.table).where(self.table.c.id.in_(sorted(numbers)))
        return [self.read(row) for row in self._connection.execute(query)]

    def was_accepted(self, address: str, subject_id: str) -> bool:
        """Whether somebody has got a mail about this."""
        query = sa.select(reader_mails.c.id).where(
            reader_mails.c.address_key == email_key(address),
            reader_mails.c.subject_id == subject_id,
            reader_mails.c.state == MailState.ACCEPTED.value,
        )
        return self._connection.scalar(query.limit(1)) is not None

    def read(self, row: sa.Row[Any]) -> ReaderMail:
        return ReaderMail(
            **attempts(row),
            about=Topic(row.about),
            subject_id=row.subject_id,
            audience=row.audience,
            form=row.form,
            locale=row.locale,
            via=row.via,
        )
