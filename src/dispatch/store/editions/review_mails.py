"""What reviewers are told: rows that are written with the news and end when it was handed over."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.single_mail import MailState
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.review_mail import About, ReviewMail
from dispatch.store.database.schema import editions, review_mails
from dispatch.store.delivery.single_mails import SingleMails, attempts


class ReviewMails(SingleMails[ReviewMail]):
    """Review mails. Each change names what it rests on, so that of two nodes one makes it."""

    table = review_mails

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
                self.waiting,
            )
            .values(state=MailState.DROPPED.value, reason=reason)
        )

    def untold(self, edition_id: str, about: About) -> list[str]:
        """Who has not been told this yet, and still may be."""
        query = sa.select(review_mails.c.address).where(
            review_mails.c.edition_id == edition_id,
            review_mails.c.about == about.value,
            self.waiting,
        )
        return list(self._connection.scalars(query.order_by(review_mails.c.id)))

    def due(
        self, *, now: datetime, limit: int, campaign: str | None = None, anew: bool = False
    ) -> Sequence[ReviewMail]:
        """What may be tried, of one campaign or all, that which was tried least first.

        With `anew` also what was put off because an attempt came to nothing, and no clock is asked
        about what is new: it was written by another one.
        """
        which = review_mails.c.due <= now
        if anew:
            which |= (review_mails.c.about != About.REMINDER.value) | (review_mails.c.reason != "")
        if campaign is not None:
            of = sa.select(editions.c.id).where(editions.c.campaign == campaign)
            which &= review_mails.c.edition_id.in_(of)
        return self._tried_least(which, now=now, limit=limit)

    def are_waiting(self) -> bool:
        """Whether anybody is still to be told anything, now or later."""
        one = sa.select(review_mails.c.id).where(self.waiting).limit(1)
        return self._connection.scalar(one) is not None

    def of(self, edition_id: str) -> list[ReviewMail]:
        """All about one edition, in the order in which they were written."""
        query = sa.select(review_mails).where(review_mails.c.edition_id == edition_id)
        return [
            self.read(row) for row in self._connection.execute(query.order_by(review_mails.c.id))
        ]

    def read(self, row: sa.Row[Any]) -> ReviewMail:
        return ReviewMail(
            **attempts(row),
            edition_id=row.edition_id,
            about=About(row.about),
            fingerprint=row.fingerprint,
            said=row.said,
        )
