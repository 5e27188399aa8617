"""What files of the workspace said before they were changed by the team's pages."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.errors import NotFound
from dispatch.model.team.file_version import FileVersion
from dispatch.store.database.schema import file_versions

MOST = 20
"""Of each file."""

_LISTED = [column for column in file_versions.c if column.name != "content"]


class FileVersions:
    """The newest MOST versions of each file, what it says now among them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, file: str, content: str, fingerprint: str, *, by: str, now: datetime) -> None:
        """Keep a version, unless it is the newest one that is kept; the oldest go."""
        found = self.all(file)
        if found and found[0].fingerprint == fingerprint:
            return
        values = {"file": file, "content": content, "fingerprint": fingerprint}
        self._connection.execute(file_versions.insert().values(**values, by=by, at=now))
        if gone := [one.id for one in found[MOST - 1 :]]:
            self._connection.execute(file_versions.delete().where(file_versions.c.id.in_(gone)))

    def all(self, file: str) -> list[FileVersion]:
        """Without their contents, the newest first."""
        query = sa.select(*_LISTED).where(file_versions.c.file == file)
        rows = self._connection.execute(query.order_by(file_versions.c.id.desc()))
        return [_read(row) for row in rows]

    def get(self, file: str, number: int) -> FileVersion:
        """One of a file, with its content; raises NotFound."""
        query = sa.select(file_versions).where(file_versions.c.file == file)
        row = self._connection.execute(query.where(file_versions.c.id == number)).one_or_none()
        if row is None:
            raise NotFound(f"{file}: this version is not kept - see which ones are")
        return _read(row)

    def known(self, file: str, fingerprint: str) -> FileVersion | None:
        """The version of a fingerprint, with its content, if it is kept."""
        query = sa.select(file_versions).where(
            file_versions.c.file == file, file_versions.c.fingerprint == fingerprint
        )
        row = self._connection.execute(query.order_by(file_versions.c.id.desc()).limit(1)).first()
        return _read(row) if row else None


def _read(row: sa.Row[Any]) -> FileVersion:
    content = getattr(row, "content", "")
    return FileVersion(row.id, row.file, row.fingerprint, row.by, row.at, content)
