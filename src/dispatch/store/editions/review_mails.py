"""What reviewers are told: rows that are written with the news and end when it was handed over."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.store.database.schema import editions, review_mails

_WAITING = sa.text("notices.state = 'waiting'")
"""As the partial index has it, so that the index is used."""


class ReviewMails:
    """Review mails. Each change names what it rests on, so that of two nodes one makes it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        edition: Edition,
        about: About,
        addresses: Collection[str],
        *,
        due: datetime,
        now: datetime,
        said: str = "",
    ) -> None:
        """Tell these people something about an edition, from `due` on."""
        if not addresses:
            return
        values = {
            "edition_id": edition.id,
            "about": about.value,
            "fingerprint": edition.fingerprint,
            "said": said,
            "state": MailState.WAITING.value,
            "made_at": now,
            "due": due,
        }
        rows = [{**values, "address": address} for address in addresses]
        self._connection.execute(review_mails.insert(), rows)

    def overtake(self, edition_id: str, *, reason: str) -> None:
        """Drop what was not handed over of earlier news: there are newer ones. Reminders stay."""
        self._connection.execute(
            review_mails.update()
            .where(
                review_mails.c.edition_id == edition_id,
                review_mails.c.about != About.REMINDER.value,
                _WAITING,
            )
            .values(state=MailState.DROPPED.value, reason=reason)
        )

    def untold(self, edition_id: str, about: About) -> list[str]:
        """Who has not been told this yet, and still may be."""
        query = sa.select(review_mails.c.address).where(
            review_mails.c.edition_id == edition_id, review_mails.c.about == about.value, _WAITING
        )
        return list(self._connection.scalars(query.order_by(review_mails.c.id)))

    def due(
        self, *, now: datetime, limit: int, campaign: str | None = None, anew: bool = False
    ) -> list[ReviewMail]:
        """What may be tried, of one campaign or all, that which was tried least first.

        So one that always fails and stops its round is behind the others in the next. With `anew`
        also what was put off because an attempt came to nothing, and no clock is asked about what
        is new: it was written by another one.
        """
        is_due = review_mails.c.due <= now
        if anew:
            is_due |= (review_mails.c.about != About.REMINDER.value) | (review_mails.c.reason != "")
        free = review_mails.c.lease_until.is_(None) | (review_mails.c.lease_until <= now)
        query = sa.select(review_mails).where(_WAITING, is_due, free)
        in_turn = (review_mails.c.attempt, review_mails.c.due, review_mails.c.id)
        if campaign is not None:
            of = sa.select(editions.c.id).where(editions.c.campaign == campaign)
            query = query.where(review_mails.c.edition_id.in_(of))
        rows = self._connection.execute(query.order_by(*in_turn).limit(limit))
        return [_notice(row) for row in rows]

    def are_waiting(self) -> bool:
        """Whether anybody is still to be told anything, now or later."""
        one = sa.select(review_mails.c.id).where(_WAITING).limit(1)
        return self._connection.scalar(one) is not None

    def of(self, edition_id: str) -> list[ReviewMail]:
        """All about one edition, in the order in which they were written."""
        query = sa.select(review_mails).where(review_mails.c.edition_id == edition_id)
        return [_notice(row) for row in self._connection.execute(query.order_by(review_mails.c.id))]

    def claim(self, review_mail: ReviewMail, *, until: datetime) -> ReviewMail | None:
        """Take it for one attempt, which ends by then; None if another node was quicker."""
        row = self._connection.execute(
            review_mails.update()
            .where(*_unchanged(review_mail))
            .values(attempt=review_mail.attempt + 1, lease_until=until)
            .returning(review_mails)
        ).one_or_none()
        return _notice(row) if row else None

    def accept(self, review_mail: ReviewMail, *, now: datetime) -> None:
        """It was handed over: that counts, whatever has become of the row meanwhile."""
        self._connection.execute(
            review_mails.update()
            .where(review_mails.c.id == review_mail.id, review_mails.c.accepted_at.is_(None))
            .values(state=MailState.ACCEPTED.value, accepted_at=now, lease_until=None, reason="")
        )

    def put_off(self, review_mail: ReviewMail, *, due: datetime, reason: str) -> bool:
        """Try it later; False if it is somebody else's by now."""
        return self._change(review_mail, due=due, lease_until=None, reason=reason)

    def end(self, review_mail: ReviewMail, state: MailState, *, reason: str) -> bool:
        """It will not be handed over, and why; False if it is somebody else's by now."""
        return self._change(review_mail, state=state.value, lease_until=None, reason=reason)

    def _change(self, review_mail: ReviewMail, **values: Any) -> bool:
        changed = self._connection.execute(
            review_mails.update().where(*_unchanged(review_mail)).values(**values)
        )
        return changed.rowcount == 1


def _unchanged(review_mail: ReviewMail) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    # Whoever claims it makes one attempt more, so that the number tells whose it is.
    return (
        review_mails.c.id == review_mail.id,
        review_mails.c.attempt == review_mail.attempt,
        _WAITING,
    )


def _notice(row: sa.Row[Any]) -> ReviewMail:
    return ReviewMail(
        id=row.id,
        edition_id=row.edition_id,
        about=About(row.about),
        address=row.address,
        fingerprint=row.fingerprint,
        said=row.said,
        state=MailState(row.state),
        made=row.made_at,
        due=row.due,
        attempt=row.attempt,
        lease_until=row.lease_until,
        accepted=row.accepted_at,
        reason=row.reason,
    )
