"""What the addresses in editions last answered."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from dispatch.store.database.rows import insert
from dispatch.store.database.schema import link_checks


@dataclass(frozen=True, slots=True)
class LinkCheck:
    """`status` is that of the answer, 0 where none came and `problem` says why."""

    address: str
    status: int
    problem: str
    answered: datetime


class LinkChecks:
    """One row for each address, whichever editions it is in."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def of(self, addresses: Collection[str]) -> list[LinkCheck]:
        """What is known of these addresses."""
        query = sa.select(link_checks).where(
            link_checks.c.address.in_(addresses), link_checks.c.answered_at.is_not(None)
        )
        return [
            LinkCheck(row.address, row.status, row.problem, row.answered_at)
            for row in self._connection.execute(query)
        ]

    def claim(self, addresses: Collection[str], *, now: datetime, before: datetime) -> list[str]:
        """Those that nobody has asked since `before`; from now on they are ours to ask."""
        taken: list[str] = []
        for address in addresses:
            statement = (
                insert(self._connection, link_checks)
                .values(address=address, asked_at=now)
                .on_conflict_do_update(
                    index_elements=[link_checks.c.address],
                    set_={"asked_at": now},
                    where=link_checks.c.asked_at < before,
                )
                .returning(link_checks.c.address)
            )
            taken += self._connection.scalars(statement).all()
        return taken

    def forget(self, addresses: Collection[str]) -> None:
        """Have these asked anew, at the next occasion."""
        self._connection.execute(link_checks.delete().where(link_checks.c.address.in_(addresses)))

    def answer(self, address: str, *, status: int, problem: str, now: datetime) -> None:
        """Keep what one has answered."""
        self._connection.execute(
            link_checks.update()
            .where(link_checks.c.address == address)
            .values(status=status, problem=problem, answered_at=now)
        )

    def purge(self, *, before: datetime) -> int:
        """Forget what was asked before then."""
        gone = link_checks.delete().where(link_checks.c.asked_at < before)
        return self._connection.execute(gone).rowcount
