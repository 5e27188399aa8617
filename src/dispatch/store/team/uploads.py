"""Files of people that somebody has handed over in a page, kept for a day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.people.upload import KEPT_FOR, Choices, Upload, UploadState
from dispatch.store.database.schema import uploads

_WORKING = (UploadState.LOOKING.value, UploadState.IMPORTING.value)
_SHOWN = [column for column in uploads.c if column.name != "content"]


class Uploads:
    """Each is worked on by one node at a time, which has a lease of its row."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self, name: str, content: bytes, choices: Choices, *, by: str, public_id: str, now: datetime
    ) -> None:
        """Keep a file that is to be looked at."""
        self._connection.execute(
            uploads.insert().values(
                public_id=public_id,
                name=name,
                by=by,
                state=UploadState.LOOKING.value,
                content=content,
                choices=choices.as_written(),
                figures={},
                total=content.count(b"\n"),
                made_at=now,
                ends_at=now + KEPT_FOR,
            )
        )

    def find(self, public_id: str) -> Upload | None:
        """One by its id in addresses."""
        query = sa.select(*_SHOWN).where(uploads.c.public_id == public_id)
        row = self._connection.execute(query).one_or_none()
        return _upload(row) if row else None

    def last(self, *, now: datetime, most: int = 10) -> list[Upload]:
        """The newest that are kept still."""
        query = sa.select(*_SHOWN).where(uploads.c.ends_at > now)
        rows = self._connection.execute(query.order_by(uploads.c.id.desc()).limit(most))
        return list(map(_upload, rows))

    def content(self, upload: Upload) -> bytes:
        """What is in it; empty once it was brought in."""
        query = sa.select(uploads.c.content).where(uploads.c.id == upload.id)
        return self._connection.scalar(query) or b""

    def ask(self, upload: Upload, state: UploadState, choices: Choices) -> bool:
        """Have a file worked on with which nothing is being done; False if there is."""
        changed = self._connection.execute(
            uploads.update()
            .where(uploads.c.id == upload.id, uploads.c.state == UploadState.LOOKED.value)
            .values(state=state.value, choices=choices.as_written(), done=0, lease_until=None)
        )
        return bool(changed.rowcount)

    def are_due(self, *, now: datetime) -> bool:
        """Whether there is anything to do."""
        query = sa.select(uploads.c.id).where(*_is_due(now)).limit(1)
        return self._connection.scalar(query) is not None

    def take(self, *, now: datetime, until: datetime, public_id: str = "") -> Upload | None:
        """One with which something is to be done, and that nobody else has until then."""
        some = sa.select(uploads.c.id).where(*_is_due(now)).order_by(uploads.c.id).limit(1)
        if public_id:
            some = some.where(uploads.c.public_id == public_id)
        some = some.with_for_update(skip_locked=True)
        row = self._connection.execute(
            uploads.update()
            .where(uploads.c.id == some.scalar_subquery())
            .values(lease_until=until)
            .returning(*_SHOWN)
        ).one_or_none()
        return _upload(row) if row else None

    def went_on(self, upload: Upload, done: int, *, until: datetime) -> None:
        """So many rows are through, and it is worked on until then at least."""
        self._change(upload, done=done, lease_until=until)

    def looked(self, upload: Upload, figures: Mapping[str, Any]) -> None:
        """What was found in it."""
        rows = figures.get("rows", 0)
        state = UploadState.LOOKED.value
        self._change(upload, state=state, figures=dict(figures), lease_until=None, total=rows)

    def finished(self, upload: Upload, figures: Mapping[str, Any]) -> None:
        """It was brought in: what is in it is forgotten, what became of it is not."""
        state = UploadState.DONE.value
        self._change(upload, state=state, figures=dict(figures), content=None, lease_until=None)

    def drop(self, upload: Upload) -> None:
        """Forget it."""
        self._connection.execute(uploads.delete().where(uploads.c.id == upload.id))

    def forget(self, *, now: datetime) -> int:
        """Forget those that have been kept long enough; how many."""
        gone = sa.and_(uploads.c.ends_at < now, ~_is_worked_on(now))
        return self._connection.execute(uploads.delete().where(gone)).rowcount

    def _change(self, upload: Upload, **values: Any) -> None:
        self._connection.execute(uploads.update().where(uploads.c.id == upload.id).values(values))


def _is_worked_on(now: datetime) -> sa.ColumnElement[bool]:
    lease = uploads.c.lease_until
    return sa.and_(lease.is_not(None), lease > now)


def _is_due(now: datetime) -> tuple[sa.ColumnElement[bool], ...]:
    lease = uploads.c.lease_until
    return uploads.c.state.in_(_WORKING), sa.or_(lease.is_(None), lease <= now)


def _upload(row: sa.Row[Any]) -> Upload:
    return Upload(
        id=row.id,
        public_id=row.public_id,
        name=row.name,
        by=row.by,
        state=UploadState(row.state),
        choices=Choices(**row.choices),
        figures=row.figures,
        done=row.done,
        total=row.total,
        made_at=row.made_at,
        ends_at=row.ends_at,
    )
