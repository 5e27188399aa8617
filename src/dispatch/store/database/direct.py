"""Statements that are run for every chunk of mails, past psycopg's conversion of values.

psycopg takes some 100 µs for each of them, and throws prepared statements away with the first
transaction that is rolled back. Here they are prepared by libpq, once for a connection, and go to
it as text.
"""

import re
import select
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from psycopg.errors import error_from_result
from psycopg.pq import ExecStatus

_PARAMETER = re.compile(r"%\((\w+)\)s")

_IS_FINE = frozenset({ExecStatus.TUPLES_OK, ExecStatus.COMMAND_OK})


class Direct:
    """A connection of psycopg: `often` are the statements that go past it, all else is as it is.

    They return whole numbers, in one column, or nothing. `kept` outlives this object with the
    connection.
    """

    def __init__(self, connection: Any, often: Collection[str], kept: dict[Any, Any]) -> None:
        self._connection = connection
        self._often = often
        self._libpq = connection.pgconn
        self._prepared: dict[str, tuple[bytes, list[str]]] = kept.setdefault(Direct, {})
        self._answers = select.poll()
        self._answers.register(self._libpq.socket, select.POLLIN)

    def __getattr__(self, name: str) -> Any:
        """What psycopg can do."""
        return getattr(self._connection, name)

    @property
    def is_idle(self) -> bool:
        """Whether nothing is under way, and no transaction is open."""
        return bool(self._libpq.transaction_status == 0)

    def execute(self, statement: str, values: Mapping[str, Any] | None = None) -> Any:
        """Run a statement. Raises what psycopg raises."""
        if values is None or statement not in self._often:
            return self._connection.execute(statement, values)
        name, order = self._prepared.get(statement) or self._prepare(statement)
        self._libpq.send_query_prepared(name, [_as_text(values[one]) for one in order])
        return Answer(self._result())

    def _prepare(self, statement: str) -> tuple[bytes, list[str]]:
        order: dict[str, int] = {}

        def numbered(found: re.Match[str]) -> str:
            return f"${order.setdefault(found[1], len(order) + 1)}"

        sql = _PARAMETER.sub(numbered, statement).replace("%%", "%")
        name = f"often_{len(self._prepared)}".encode()
        _check(self._libpq.prepare(name, sql.encode()))
        prepared = self._prepared[statement] = name, list(order)
        return prepared

    def _result(self) -> Any:
        libpq = self._libpq
        while libpq.flush():
            self._answers.poll(1)  # what it says meanwhile has to be read, or neither goes on
            libpq.consume_input()
        while True:
            self._answers.poll()
            libpq.consume_input()
            if not libpq.is_busy():
                break
        result = libpq.get_result()
        while libpq.get_result() is not None:
            pass
        return _check(result)


class Answer:
    """What the server has answered."""

    __slots__ = ("_result",)

    def __init__(self, result: Any) -> None:
        self._result = result

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return int(self._result.command_tuples or 0)

    def fetchall(self) -> list[tuple[int]]:
        """All rows."""
        value, number = self._result.get_value, self._result.ntuples
        return [(int(value(row, 0)),) for row in range(number)]


def _check(result: Any) -> Any:
    if result.status not in _IS_FINE:
        raise error_from_result(result)
    return result


def _as_text(value: Any) -> bytes | None:
    """A value as PostgreSQL reads it."""
    if isinstance(value, str):
        return value.encode()
    if isinstance(value, list):
        return _as_array(value)
    if isinstance(value, datetime):
        return value.isoformat().encode()
    return None if value is None else str(value).encode()


def _as_array(values: Sequence[Any]) -> bytes:
    if values and isinstance(values[0], str):
        quoted = (value.replace("\\", "\\\\").replace('"', '\\"') for value in values)
        return ('{"' + '","'.join(quoted) + '"}').encode()
    return ("{" + ",".join(map(str, values)) + "}").encode()
