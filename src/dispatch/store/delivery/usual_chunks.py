"""Chunks in which nothing is unusual, on SQLite: all wait and may go out, and all were accepted.

Where one is not so, it is said, and nothing counts: the ledger has statements that know every case.
"""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from dispatch.model.delivery.batch import Batch
from dispatch.model.workspace.database_identity import Identity
from dispatch.store.delivery.ledger_statements import usual_statements

MOST_AHEAD = 1000
FIRST_AHEAD = 4
"""Keys that are looked at along with those that are wanted; at first so many times these."""

QUIET = 2
"""Chunks in a row beside which nobody else has written, until more than a chunk is looked at."""


class UsualChunks:
    """Writes them over a ledger's connection, within its transactions.

    Whether deliveries may go out is asked for many at once, and holds for those that come later
    until any other connection commits, of this process or of another one. SQLite says so
    (https://sqlite.org/pragma.html#pragma_data_version). What we write ourselves does not count as
    such, and changes none of what was asked, but for rows of deliveries, which are forgotten then,
    and for the lease.
    """

    def __init__(self, driver: Any, batch: Batch) -> None:
        self._driver = driver
        self._fence, self._channel, self._end = batch.fence, batch.channel, batch.last
        self._held = batch.id, batch.fence, batch.channel, batch.audience
        self._statements = usual_statements()
        self._version: int | None = None
        self._asked_at = ""
        self._quiet = QUIET - 1
        self._may_go: set[int] = set()
        self._seen = range(0)  # the keys of which all that may go were found
        self._ahead = 0
        self._known: Identity | None = None

    def claim(self, wanted: Collection[int], at: str) -> bool:
        """Write the intents of a chunk, at a moment; False: not all of them may go out."""
        keys = set(wanted)
        first, last = min(keys), max(keys)
        self._hear(at)
        if not (keys <= self._may_go or (first in self._seen and last in self._seen)):
            self._look(keys, first, last, at)
        may_go = keys <= self._may_go
        self._may_go -= keys
        if not may_go:
            return False
        claimed = self._write("claim", keys, at, self._fence, self._channel)
        return claimed == len(keys)

    def accept(self, taken: Mapping[int, str], at: str) -> bool:
        """Write that deliveries were accepted; False: not all of them were as we left them."""
        name, *others = set(taken.values())
        if not others:
            written = self._write("accept", taken.keys(), at, self._fence, name)
        else:
            one = self._statements["accept one"]
            rows = [one.values(key, at, self._fence, name) for key, name in taken.items()]
            written = self._driver.executemany(one.sql, rows).rowcount
        if written == len(taken):
            return True
        self.forget(taken)
        return False

    def grow(self) -> Identity:
        """Have the database grow older, in a transaction that has claimed."""
        if self._known is None:
            statement = self._statements["grow"]
            row = self._driver.execute(statement.sql, statement.values()).fetchone()
            self._known = Identity(*row)
        else:
            statement = self._statements["grow unseen"]
            self._driver.execute(statement.sql, statement.values())
            self._known = Identity(self._known.id, self._known.age + 1)
        return self._known

    def forget(self, keys: Iterable[int]) -> None:
        """Others than these may go: we have written of them."""
        self._may_go.difference_update(keys)

    def look_anew(self) -> None:
        """Ask again whether anything may go."""
        self._may_go, self._seen, self._ahead = set(), range(0), 0

    def _hear(self, at: str) -> None:
        """Forget all that another connection may have changed since."""
        version: int = self._driver.execute("PRAGMA data_version").fetchone()[0]
        if version == self._version:
            self._quiet += 1
        elif self._version is not None:
            self._quiet, self._known = 0, None
        if version != self._version or at < self._asked_at:  # a clock was set back
            self.look_anew()
        self._version, self._asked_at = version, at

    def _look(self, keys: set[int], first: int, last: int, at: str) -> None:
        """Ask which may go: of these, and of some that come after them."""
        if last - first >= 2 * len(keys):
            statement = self._statements["may go"]
            values = statement.values(json.dumps(list(keys)), at, *self._held)
        else:
            if self._quiet >= QUIET:
                self._ahead = min(MOST_AHEAD, max(2 * self._ahead, FIRST_AHEAD * len(keys)))
            end = max(last, min(last + self._ahead, self._end))
            self._seen = range(first, end + 1)
            statement = self._statements["may go between"]
            values = statement.values(first, end, at, *self._held)
        self._may_go.update(key for (key,) in self._driver.execute(statement.sql, values))

    def _write(self, what: str, keys: Collection[int], *values: Any) -> int:
        """Run one of the two statements that write about keys; how many rows it has written."""
        first, last = min(keys), max(keys)
        if last - first + 1 == len(keys):
            statement = self._statements[f"{what} between"]
            values = statement.values(first, last, *values)
        else:
            statement = self._statements[what]
            values = statement.values(json.dumps(list(keys)), *values)
        return int(self._driver.execute(statement.sql, values).rowcount)
