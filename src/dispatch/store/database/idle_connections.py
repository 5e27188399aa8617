"""Connections to PostgreSQL that lay in the pool: asked if they live, where that is not certain.

A server that ends says so, or closes the connection, and either can be seen here without asking.
Only what was cut off on the way says nothing, and so whatever lay for a while is asked as well.
"""

import select
from typing import Any

import sqlalchemy as sa
from sqlalchemy.pool import ConnectionPoolEntry

from dispatch.clock import Timer, system_timer

SURE_SECONDS = 1.0
"""How long a connection is taken to live that nothing was heard of."""

_LAST = "last_used"


def ask_idle_ones(engine: sa.Engine, *, timer: Timer = system_timer) -> None:
    """Have the pool of `engine` try those that may be dead before it gives them to somebody.

    If one is, all that lie in the pool are made anew.
    """

    def put_back(_connection: Any, entry: ConnectionPoolEntry) -> None:
        entry.info[_LAST] = timer()

    def take(connection: Any, entry: ConnectionPoolEntry, _taken: Any) -> None:
        last = entry.info.get(_LAST)  # None: it was made a moment ago
        if last is None or (timer() - last < SURE_SECONDS and not _was_told_something(connection)):
            return
        driver: Any = engine.dialect.dbapi
        try:
            engine.dialect.do_ping(connection)
        except driver.Error as error:
            raise sa.exc.InvalidatePoolError from error

    sa.event.listen(engine, "checkin", put_back)
    sa.event.listen(engine, "checkout", take)


def _was_told_something(connection: Any) -> bool:
    """Whether the server has sent something that nobody asked for, or has hung up."""
    if connection.closed:
        return True
    asked = select.poll()
    asked.register(connection.fileno(), select.POLLIN)
    return bool(asked.poll(0))
