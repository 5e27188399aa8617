"""Mails to readers about their own affairs: rows that end when they were handed over."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.single_mail import MailState
from dispatch.model.people.reader_mail import ReaderMail, Topic
from dispatch.model.people.subscriber import email_key
from dispatch.store.database.schema import reader_mails

_WAITING = sa.text("reader_mails.state = 'waiting'")
"""As the partial index has it, so that the index is used."""


class ReaderMails:
    """Each change names what it rests on, so that of two nodes one makes it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

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

    def was_accepted(self, address: str, subject_id: str) -> bool:
        """Whether somebody has got a mail about this."""
        query = sa.select(reader_mails.c.id).where(
            reader_mails.c.address_key == email_key(address),
            reader_mails.c.subject_id == subject_id,
            reader_mails.c.state == MailState.ACCEPTED.value,
        )
        return self._connection.scalar(query.limit(1)) is not None

    def are_due(self, *, now: datetime) -> bool:
        """Whether `due` would give any: asked every other second, and answered by an index."""
        return bool(self.due(now=now, limit=1))

    def forget(self, *, before: datetime) -> int:
        """Remove what was written before then and has ended: how many. They hold addresses."""
        gone = self._connection.execute(
            reader_mails.delete().where(
                reader_mails.c.made_at < before,
                reader_mails.c.state != MailState.WAITING.value,
            )
        )
        return gone.rowcount

    def due(self, *, now: datetime, limit: int) -> list[ReaderMail]:
        """What may be tried, that which was tried least first."""
        free = reader_mails.c.lease_until.is_(None) | (reader_mails.c.lease_until <= now)
        query = sa.select(reader_mails).where(_WAITING, reader_mails.c.due <= now, free)
        in_turn = (reader_mails.c.attempt, reader_mails.c.due, reader_mails.c.id)
        rows = self._connection.execute(query.order_by(*in_turn).limit(limit))
        return [_mail(row) for row in rows]

    def claim(self, mail: ReaderMail, *, until: datetime) -> ReaderMail | None:
        """Take it for one attempt, which ends by then; None if another node was quicker."""
        row = self._connection.execute(
            reader_mails.update()
            .where(*_unchanged(mail))
            .values(attempt=mail.attempt + 1, lease_until=until)
            .returning(reader_mails)
        ).one_or_none()
        return _mail(row) if row else None

    def accept(self, mail: ReaderMail, *, now: datetime) -> None:
        """It was handed over: that counts, whatever has become of the row meanwhile."""
        self._connection.execute(
            reader_mails.update()
            .where(reader_mails.c.id == mail.id, reader_mails.c.accepted_at.is_(None))
            .values(state=MailState.ACCEPTED.value, accepted_at=now, lease_until=None, reason="")
        )

    def put_off(self, mail: ReaderMail, *, due: datetime, reason: str) -> bool:
        """Try it later; False if it is somebody else's by now."""
        return self._change(mail, due=due, lease_until=None, reason=reason)

    def end(self, mail: ReaderMail, state: MailState, *, reason: str) -> bool:
        """It will not be handed over, and why; False if it is somebody else's by now."""
        return self._change(mail, state=state.value, lease_until=None, reason=reason)

    def _change(self, mail: ReaderMail, **values: Any) -> bool:
        changed = self._connection.execute(
            reader_mails.update().where(*_unchanged(mail)).values(**values)
        )
        return changed.rowcount == 1


def _unchanged(mail: ReaderMail) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    # Whoever claims it makes one attempt more, so that the number tells whose it is.
    return (reader_mails.c.id == mail.id, reader_mails.c.attempt == mail.attempt, _WAITING)


def _mail(row: sa.Row[Any]) -> ReaderMail:
    return ReaderMail(
        id=row.id,
        about=Topic(row.about),
        address=row.address,
        subject_id=row.subject_id,
        audience=row.audience,
        form=row.form,
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
