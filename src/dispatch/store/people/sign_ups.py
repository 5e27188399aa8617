"""Who has filled in a form: rows that wait to be confirmed, and are forgotten in the end."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.ids import Ids
from dispatch.model.people.sign_up import Profile, SignUp
from dispatch.model.people.subscriber import email_key
from dispatch.store.database.schema import sign_ups

_OPEN = sa.text("confirmed_at IS NULL")  # as the index says it


class SignUps:
    """Sign-ups by their forms."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        form: str,
        email: str,
        audiences: tuple[str, ...],
        profile: Profile,
        *,
        wording: str = "",
        page: str = "",
        network: str = "",
        now: datetime,
        ids: Ids,
    ) -> SignUp:
        """Keep one until it is confirmed."""
        statement = sign_ups.insert().values(
            public_id=ids(),
            form=form,
            email=email,
            email_key=email_key(email),
            audiences=list(audiences),
            profile=profile.as_written(),
            wording=wording,
            page=page,
            network=network,
            asked_at=now,
        )
        return _sign_up(self._connection.execute(statement.returning(sign_ups)).one())

    def find(self, public_id: str) -> SignUp | None:
        """The one that a link names."""
        query = sa.select(sign_ups).where(sign_ups.c.public_id == public_id)
        row = self._connection.execute(query).one_or_none()
        return _sign_up(row) if row else None

    def open_of(self, email: str, form: str, *, since: datetime) -> list[SignUp]:
        """Those of an address by a form that were asked for from then on, newest first."""
        query = sa.select(sign_ups).where(
            sign_ups.c.email_key == email_key(email),
            sign_ups.c.form == form,
            sign_ups.c.confirmed_at.is_(None),
            sign_ups.c.asked_at >= since,
        )
        rows = self._connection.execute(query.order_by(sign_ups.c.id.desc()))
        return [_sign_up(row) for row in rows]

    def renew(self, sign_up: SignUp, *, now: datetime) -> None:
        """Note that the same was asked for once more: its time begins anew."""
        self._connection.execute(
            sign_ups.update()
            .where(sign_ups.c.id == sign_up.id, sign_ups.c.confirmed_at.is_(None))
            .values(asked_at=now, reminded_at=None)
        )

    def confirm(self, sign_up: SignUp, *, now: datetime) -> bool:
        """Note that it was confirmed, which settles others like it; False if it was before."""
        changed = self._connection.execute(
            sign_ups.update()
            .where(sign_ups.c.id == sign_up.id, sign_ups.c.confirmed_at.is_(None))
            .values(confirmed_at=now)
        )
        if not changed.rowcount:
            return False
        self._connection.execute(
            sign_ups.update()
            .where(
                sign_ups.c.email_key == email_key(sign_up.email),
                sign_ups.c.form == sign_up.form,
                sign_ups.c.id < sign_up.id,
                sign_ups.c.confirmed_at.is_(None),
            )
            .values(confirmed_at=now)
        )
        return True

    def to_remind(
        self, form: str, *, before: datetime, since: datetime, limit: int = 100
    ) -> list[SignUp]:
        """Open ones of a form that were asked for between two moments, and not reminded of yet."""
        query = sa.select(sign_ups).where(
            _OPEN,
            sign_ups.c.form == form,
            sign_ups.c.asked_at <= before,
            sign_ups.c.asked_at > since,
            sign_ups.c.reminded_at.is_(None),
        )
        rows = self._connection.execute(query.order_by(sign_ups.c.asked_at).limit(limit))
        return [_sign_up(row) for row in rows]

    def note_reminded(self, sign_up: SignUp, *, now: datetime) -> bool:
        """Note that they are reminded; False where another node was quicker, or it is confirmed."""
        changed = self._connection.execute(
            sign_ups.update()
            .where(
                sign_ups.c.id == sign_up.id,
                sign_ups.c.reminded_at.is_(None),
                sign_ups.c.confirmed_at.is_(None),
            )
            .values(reminded_at=now)
        )
        return bool(changed.rowcount)

    def count(self, form: str, *, since: datetime) -> tuple[int, int]:
        """How many have filled in a form since then, and how many of them have confirmed it."""
        query = sa.select(sa.func.count(), sa.func.count(sign_ups.c.confirmed_at)).where(
            sign_ups.c.form == form, sign_ups.c.asked_at >= since
        )
        asked, confirmed = self._connection.execute(query).one()
        return asked, confirmed

    def forget(self, *, before: datetime) -> int:
        """Remove what was asked for before then, confirmed or not: how many."""
        gone = self._connection.execute(sign_ups.delete().where(sign_ups.c.asked_at < before))
        return gone.rowcount


def _sign_up(row: sa.Row[Any]) -> SignUp:
    return SignUp(
        id=row.id,
        public_id=row.public_id,
        form=row.form,
        email=row.email,
        audiences=tuple(row.audiences),
        profile=Profile.read(row.profile),
        wording=row.wording,
        page=row.page,
        network=row.network,
        asked=row.asked_at,
        confirmed=row.confirmed_at,
        reminded=row.reminded_at,
    )
