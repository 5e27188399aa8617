"""The people of a file, beside the other tables until all of it has been read.

Filling these tables keeps no other process from writing: they belong to one connection, and are in
a file or in memory of their own. Millions of rows come this way, so they go past SQLAlchemy.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from functools import partial
from itertools import islice
from json.encoder import encode_basestring_ascii as encoded
from typing import Any

import sqlalchemy as sa

from dispatch.ids import Ids, many
from dispatch.model.people.arriving import ArrivingPeople
from dispatch.model.people.subscriber import email_key
from dispatch.store.database.prepared import moment
from dispatch.store.people.staging_tables import (
    arriving,
    gone,
    read,
    shared_grounds,
    staged_metadata,
    taken_out,
)

AT_A_TIME = 1_000
MOST_REMEMBERED = 2_000

SHARED_BY = 5
"""As many people have a ground before it is taken for one that says nothing of a single person."""

MOST_GROUNDS = 50_000
"""Grounds that are counted; a file with more of them says something else of each person."""

_COLUMNS = (
    *("line", "email", "email_key", "name", "locale", "timezone", "topics", "cadence", "fields"),
    *("source", "given_at", "public_id"),
)

Begin = Callable[[], AbstractContextManager[Any]]


class Staging:
    """Takes the people of one file; `begin` begins a transaction that changes no other table."""

    def __init__(self, connection: sa.Connection, ids: Ids, begin: Begin) -> None:
        self._connection = connection
        self._begin = begin
        self._ids = ids
        self._gone: list[tuple[int, str, str]] = []
        self._grounds: Counter[str] = Counter()
        self._topics = _Remembered(lambda topics: json.dumps(list(topics)))
        self._moments = _Remembered(partial(_moment, dialect=connection.dialect))
        with begin():
            staged_metadata.create_all(connection, checkfirst=False)

    def add(self, people: ArrivingPeople) -> None:
        """People who come in, unless something is said of their line later."""
        number = len(people)
        self._count_grounds(people.sources)
        self._insert(
            read,
            _COLUMNS,
            zip(
                people.lines,
                people.emails,
                map(email_key, people.emails),
                people.names,
                people.locales,
                people.timezones,
                map(self._topics.__getitem__, people.topics),
                people.cadences,
                _objects(people.fields, number),
                people.sources,
                map(self._moments.__getitem__, people.consented_at),
                many(number, self._ids),
                strict=True,
            ),
        )

    def add_gone(self, line: int, email: str, why: str) -> None:
        """A row says that somebody is not to be mailed any more."""
        self._gone.append((line, email_key(email), why))
        if len(self._gone) >= AT_A_TIME:
            self._keep_gone()

    def take_out(self, lines: Iterable[tuple[int, str]], *, gone: bool) -> None:
        """People who were added do not come in, and why; `gone`: they are not to be mailed."""
        rows = iter(lines)
        while some := list(islice(rows, AT_A_TIME)):
            self._insert(taken_out, ("line", "why"), some)
        self._keep_gone()
        if gone:
            with self._begin():
                self._connection.execute(_GONE_TOO)

    def arrange(self) -> int:
        """All have been added: bring them into the order of their addresses; how many they are."""
        self._keep_gone()
        several = ((one,) for one, number in self._grounds.items() if number >= SHARED_BY)
        self._insert(shared_grounds, ("source",), several)
        with self._begin():
            self._connection.execute(_ARRANGE)
            if self._connection.dialect.name == "postgresql":
                for table in (arriving, gone):  # nothing else tells the planner how large they are
                    self._connection.exec_driver_sql(f"ANALYZE {table.name}")
            number = self._connection.scalar(sa.select(sa.func.max(arriving.c.place)))
        return number or 0

    def drop(self) -> None:
        """Take the tables away, where their connection goes on to be used."""
        with self._begin():
            staged_metadata.drop_all(self._connection, checkfirst=False)

    def _count_grounds(self, sources: Sequence[str]) -> None:
        if len(self._grounds) < MOST_GROUNDS:
            self._grounds.update(sources)
            return
        self._grounds.update(one for one in sources if one in self._grounds)

    def _keep_gone(self) -> None:
        self._insert(gone, ("line", "email_key", "why"), self._gone)
        self._gone.clear()

    def _insert(
        self, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
    ) -> None:
        names = ", ".join(columns)
        with self._begin():
            driver: Any = self._connection.connection.driver_connection
            if self._connection.dialect.name == "postgresql":
                into = f"COPY {table.name} ({names}) FROM STDIN"
                with driver.cursor() as cursor, cursor.copy(into) as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join("?" for _ in columns)
                into = f"INSERT INTO {table.name} ({names}) VALUES ({marks})"  # noqa: S608 - ours
                driver.executemany(into, rows)


_GONE_TOO = gone.insert().from_select(
    ["line", "email_key", "why"],
    sa.select(read.c.line, read.c.email_key, taken_out.c.why).join_from(
        read, taken_out, taken_out.c.line == read.c.line
    ),
)
_ARRANGE = arriving.insert().from_select(
    list(_COLUMNS),
    sa.select(*(read.c[name] for name in _COLUMNS))
    .where(~sa.exists().where(taken_out.c.line == read.c.line))
    .order_by(read.c.email_key),
)


class _Remembered(dict[Any, str]):
    """Values as the database has them; most are those of many people."""

    def __init__(self, write: Callable[[Any], Any]) -> None:
        self._write = write

    def __missing__(self, value: Any) -> Any:
        if len(self) >= MOST_REMEMBERED:
            self.clear()
        found = self[value] = self._write(value)
        return found


def _moment(value: datetime | None, dialect: sa.Dialect) -> Any:
    found = moment(value, dialect)
    return found.isoformat() if isinstance(found, datetime) else found


def _objects(fields: Mapping[str, Sequence[str | None]], number: int) -> Iterator[str]:
    """The fields of each as SQLAlchemy writes them, in JSON."""
    parts = []
    for name, cells in fields.items():
        begin = f"{encoded(name)}: "
        parts.append(["" if cell is None else begin + encoded(cell) for cell in cells])
    if not parts:
        return iter(["{}"] * number)
    return (f"{{{', '.join(filter(None, row))}}}" for row in zip(*parts, strict=True))
