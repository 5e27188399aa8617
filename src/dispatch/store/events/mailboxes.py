"""How far each mailbox of what comes back has been read, and who reads it now."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import mailboxes

LONGEST = timedelta(days=2)
"""Nobody rests, or reads, for as long as that."""

APART = timedelta(minutes=5)
"""Clocks of two machines may be: what is further ahead was said by one that has been mended."""


@dataclass(frozen=True, slots=True)
class MailboxRow:
    """One mailbox.

    `validity` and `last` say how far it was read by IMAP. `read` mails were read so far, of which
    `understood` told something. `problem` says why it could not be read when it was last looked
    into, at `at`, and `failures` how often that was so in a row. With `reader` somebody is at it,
    until `due` at most.
    """

    place: str
    validity: int = 0
    last: int = 0
    at: datetime | None = None
    due: datetime | None = None
    read: int = 0
    understood: int = 0
    problem: str = ""
    failures: int = 0
    reader: str = ""

    def waits(self, now: datetime) -> bool:
        """Whether it is not due; what a clock said that was ahead does not count."""
        if self.at is not None and now < self.at - APART:
            return False
        return self.due is not None and now < self.due <= now + LONGEST


class Mailboxes:
    """One row for each mailbox that there was."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def get(self, place: str) -> MailboxRow | None:
        """What is known of a mailbox; None: it was never looked into."""
        row = self._connection.execute(sa.select(mailboxes).where(_is(place))).one_or_none()
        return None if row is None else _read(row)

    def claim(
        self, place: str, *, reader: str, now: datetime, until: datetime, early: bool = False
    ) -> MailboxRow | None:
        """Be the one who reads it, until then at most; None: somebody is at it, or it is not due.

        With `early` it may also be read before it is due.
        """
        insert_new(self._connection, mailboxes, [{"place": place, "detail": {}}])
        query = sa.select(mailboxes).where(_is(place)).with_for_update()
        row = _read(self._connection.execute(query).one())
        if row.waits(now) and (row.reader or not early):
            return None
        self._set(place, due=until, detail=_detail(row.failures, reader))
        return row

    def go_on(
        self, place: str, *, reader: str, validity: int, last: int, read: int, understood: int,
        until: datetime,
    ) -> bool:  # fmt: skip
        """Note how far it was read by now; False where it is not this reader's any more.

        `read` and `understood` are what came on top.
        """
        if not self._is_readers(place, reader):
            return False
        columns = mailboxes.c
        self._set(
            place,
            validity=validity,
            last=last,
            read=columns.read + read,
            understood=columns.understood + understood,
            due=until,
        )
        return True

    def end(
        self, place: str, *, reader: str, now: datetime, due: datetime, problem: str, failures: int
    ) -> None:
        """Let go of it; it is looked into again at `due`."""
        if self._is_readers(place, reader):
            detail = _detail(failures, "")
            self._set(place, at=now, due=due, problem=problem, detail=detail)

    def _is_readers(self, place: str, reader: str) -> bool:
        query = sa.select(mailboxes.c.detail).where(_is(place)).with_for_update()
        detail = self._connection.scalar(query)
        return detail is not None and detail.get("reader") == reader

    def _set(self, place: str, **values: Any) -> None:
        self._connection.execute(sa.update(mailboxes).where(_is(place)).values(**values))


def _is(place: str) -> sa.ColumnElement[bool]:
    return mailboxes.c.place == place


def _detail(failures: int, reader: str) -> dict[str, object]:
    return {"failures": failures, "reader": reader}


def _read(row: sa.Row[Any]) -> MailboxRow:
    return MailboxRow(
        row.place,
        row.validity,
        row.last,
        row.at,
        row.due,
        row.read,
        row.understood,
        row.problem,
        int(row.detail.get("failures", 0)),
        str(row.detail.get("reader", "")),
    )
