"""What reviewers are told: rows that are written with the news and end when it was handed over."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.editions.edition import Edition
from dispatch.model.editions.review_mail import About, Notice, NoticeState
from dispatch.store.database.schema import editions, notices

_WAITING = sa.text("notices.state = 'waiting'")
"""As the partial index has it, so that the index is used."""


class Notices:
    """Notice rows. Each change names what it rests on, so that of two nodes one makes it."""

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
            "state": NoticeState.WAITING.value,
            "made_at": now,
            "due": due,
        }
        rows = [{**values, "address": address} for address in addresses]
        self._connection.execute(notices.insert(), rows)

    def overtake(self, edition_id: str, *, reason: str) -> None:
        """Drop what was not handed over of earlier news: there are newer ones. Reminders stay."""
        self._connection.execute(
            notices.update()
            .where(
                notices.c.edition_id == edition_id,
                notices.c.about != About.REMINDER.value,
                _WAITING,
            )
            .values(state=NoticeState.DROPPED.value, reason=reason)
        )

    def untold(self, edition_id: str, about: About) -> list[str]:
        """Who has not been told this yet, and still may be."""
        query = sa.select(notices.c.address).where(
            notices.c.edition_id == edition_id, notices.c.about == about.value, _WAITING
        )
        return list(self._connection.scalars(query.order_by(notices.c.id)))

    def due(
        self, *, now: datetime, limit: int, campaign: str | None = None, anew: bool = False
    ) -> list[Notice]:
        """What may be tried, of one campaign or all, that which was tried least first.

        So one that always fails and stops its round is behind the others in the next. With `anew`
        also what was put off because an attempt came to nothing, and no clock is asked about what
        is new: it was written by another one.
        """
        is_due = notices.c.due <= now
        if anew:
            is_due |= (notices.c.about != About.REMINDER.value) | (notices.c.reason != "")
        free = notices.c.lease_until.is_(None) | (notices.c.lease_until <= now)
        query = sa.select(notices).where(_WAITING, is_due, free)
        in_turn = (notices.c.attempt, notices.c.due, notices.c.id)
        if campaign is not None:
            of = sa.select(editions.c.id).where(editions.c.campaign == campaign)
            query = query.where(notices.c.edition_id.in_(of))
        rows = self._connection.execute(query.order_by(*in_turn).limit(limit))
        return [_notice(row) for row in rows]

    def of(self, edition_id: str) -> list[Notice]:
        """All about one edition, in the order in which they were written."""
        query = sa.select(notices).where(notices.c.edition_id == edition_id)
        return [_notice(row) for row in self._connection.execute(query.order_by(notices.c.id))]

    def claim(self, notice: Notice, *, until: datetime) -> Notice | None:
        """Take it for one attempt, which ends by then; None if another node was quicker."""
        row = self._connection.execute(
            notices.update()
            .where(*_unchanged(notice))
            .values(attempt=notice.attempt + 1, lease_until=until)
            .returning(notices)
        ).one_or_none()
        return _notice(row) if row else None

    def accept(self, notice: Notice, *, now: datetime) -> None:
        """It was handed over: that counts, whatever has become of the row meanwhile."""
        self._connection.execute(
            notices.update()
            .where(notices.c.id == notice.id, notices.c.accepted_at.is_(None))
            .values(state=NoticeState.ACCEPTED.value, accepted_at=now, lease_until=None, reason="")
        )

    def put_off(self, notice: Notice, *, due: datetime, reason: str) -> bool:
        """Try it later; False if it is somebody else's by now."""
        return self._change(notice, due=due, lease_until=None, reason=reason)

    def end(self, notice: Notice, state: NoticeState, *, reason: str) -> bool:
        """It will not be handed over, and why; False if it is somebody else's by now."""
        return self._change(notice, state=state.value, lease_until=None, reason=reason)

    def _change(self, notice: Notice, **values: Any) -> bool:
        changed = self._connection.execute(
            notices.update().where(*_unchanged(notice)).values(**values)
        )
        return changed.rowcount == 1


def _unchanged(notice: Notice) -> tuple[sa.ColumnElement[bool] | sa.TextClause, ...]:
    # Whoever claims it makes one attempt more, so that the number tells whose it is.
    return (notices.c.id == notice.id, notices.c.attempt == notice.attempt, _WAITING)


def _notice(row: sa.Row[Any]) -> Notice:
    return Notice(
        id=row.id,
        edition_id=row.edition_id,
        about=About(row.about),
        address=row.address,
        fingerprint=row.fingerprint,
        said=row.said,
        state=NoticeState(row.state),
        made=row.made_at,
        due=row.due,
        attempt=row.attempt,
        lease_until=row.lease_until,
        accepted=row.accepted_at,
        reason=row.reason,
    )
