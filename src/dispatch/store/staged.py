"""The people of a file in tables of one connection, and transactions that can see them."""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from dispatch.store.people.staging import Staging
from dispatch.store.transactions import Transaction

if TYPE_CHECKING:
    from dispatch.ids import Ids


class Staged:
    """The people of a file in a connection, and transactions of it that can see them."""

    def __init__(
        self,
        connection: sa.Connection,
        ids: "Ids",
        writing: AbstractContextManager[Any],
        *,
        looks: bool = False,
    ) -> None:
        self._connection = connection
        self._writing = writing
        self.people = Staging(connection, ids, self._begin_beside, looks=looks)

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        """A transaction that writes, as `Store.begin`; nothing that it does wakes anybody."""
        self._connection.execution_options(read_only=False)
        with self._writing, self._connection.begin():
            yield Transaction(self._connection)

    @contextmanager
    def read(self) -> Iterator[Transaction]:
        """A transaction that only reads."""
        with self._begin_beside():
            yield Transaction(self._connection)

    @contextmanager
    def _begin_beside(self) -> Iterator[None]:
        self._connection.execution_options(read_only=True)
        with self._connection.begin():
            yield


class RehearsedStaged(Staged):
    """The same within a transaction of which nothing is kept."""

    @contextmanager
    def begin(self) -> Iterator[Transaction]:
        with self._begin_beside():
            yield Transaction(self._connection)

    @contextmanager
    def _begin_beside(self) -> Iterator[None]:
        with self._connection.begin_nested():
            yield
