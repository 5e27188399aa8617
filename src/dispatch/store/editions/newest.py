"""The newest editions of a database, for a shell that completes their ids.

It waits for nothing long, and makes nothing.
"""

import sqlite3
from pathlib import Path
from urllib.parse import quote

import sqlalchemy as sa

from dispatch.store.database.engine import SQLITE, address_of
from dispatch.store.database.schema import editions

PATIENCE = 0.3
"""Seconds that somebody who presses Tab may wait for a lock."""


def newest_editions(url: str, *, limit: int = 30) -> list[tuple[str, str]]:
    """The id of each and what it is, newest first; none of a database that is not in a file.

    Raises whatever goes wrong.
    """
    if not url.startswith(SQLITE):
        return []
    file = Path(str(address_of(url).database)).absolute()
    engine = sa.create_engine("sqlite://", creator=lambda: _connect(file))
    columns = editions.c.id, editions.c.campaign, editions.c.slot, editions.c.state
    query = sa.select(*columns).order_by(editions.c.created_at.desc()).limit(limit)
    try:
        with engine.connect() as connection:
            return [
                (row.id[:8], f"{row.campaign}, {row.slot}, {row.state}")
                for row in connection.execute(query)
            ]
    finally:
        engine.dispose()


def _connect(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"file:{quote(str(file))}?mode=ro", uri=True, timeout=PATIENCE)
