"""Letters among the editions: where they stand in lists and in the calendar.

Each has a row among the runs, which is its place in time and nothing more (docs/adr/0121).
"""

from collections.abc import Collection
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.campaigns.schedule import Slot
from dispatch.model.editions.edition import EditionState
from dispatch.model.editions.letter import LETTERS, letter_key
from dispatch.store.database.schema import edition_posts, editions, runs

_SOON = (
    EditionState.IN_REVIEW.value,
    EditionState.CHANGES_REQUESTED.value,
    EditionState.APPROVED.value,
    EditionState.SENDING.value,
    EditionState.PAUSED.value,
)

_ONE_AT_A_TIME = 0x6C6574746572  # a number that stands for this among PostgreSQL's own locks


class Letters:
    """What is asked and kept of letters alone."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def take_turn(self) -> None:
        """Wait until nobody else begins one, until the end of the transaction.

        There is no row yet that could be locked for it. SQLite has one writer anyway.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ONE_AT_A_TIME)))

    def add(self, edition_id: str, slot: Slot, *, now: datetime) -> None:
        """Give a new letter, which is kept already, its place in time."""
        self._connection.execute(
            runs.insert().values(
                campaign=LETTERS,
                slot=letter_key(slot, edition_id),
                moment=slot.moment,
                started_at=now,
                manual=True,
                edition_id=edition_id,
            )
        )

    def place(self, edition_id: str, slot: Slot) -> None:
        """Move a letter to another time."""
        key = letter_key(slot, edition_id)
        self._connection.execute(
            runs.update()
            .where(runs.c.campaign == LETTERS, runs.c.edition_id == edition_id)
            .values(slot=key, moment=slot.moment)
        )
        self._connection.execute(
            editions.update().where(editions.c.id == edition_id).values(slot=key)
        )

    def drafts(self, *, most: int = 20) -> list[tuple[str, str, datetime]]:
        """Those that nobody has asked to be approved: id, subject and when begun, newest first."""
        query = (
            sa.select(editions.c.id, editions.c.subject, editions.c.created_at)
            .where(editions.c.state == EditionState.DRAFT.value)
            .order_by(editions.c.number.desc())
            .limit(most)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]

    def subjects(self, edition_ids: Collection[str]) -> dict[str, str]:
        """Of those of these editions that have one of their own."""
        query = sa.select(editions.c.id, editions.c.subject).where(
            editions.c.id.in_(edition_ids), editions.c.subject != ""
        )
        return {row.id: row.subject for row in self._connection.execute(query)}

    def beside(
        self, edition_id: str, *, first: datetime, until: datetime
    ) -> list[tuple[str, str, datetime]]:
        """Other mails between two moments, to whomever: id, campaign and when."""
        query = (
            sa.select(editions.c.id, runs.c.campaign, runs.c.moment)
            .select_from(runs)
            .join(editions, editions.c.id == runs.c.edition_id)
            .where(
                runs.c.moment >= first,
                runs.c.moment <= until,
                editions.c.audience != "",
                editions.c.id != edition_id,
                editions.c.state.in_((*_SOON, EditionState.FINISHED.value)),
            )
            .order_by(runs.c.moment)
        )
        return [(row[0], row[1], row[2]) for row in self._connection.execute(query)]

    def told_beside(
        self, edition_ids: Collection[str], posts: Collection[int]
    ) -> dict[int, list[str]]:
        """Post to those of these editions that have it."""
        query = sa.select(edition_posts.c.post_id, edition_posts.c.edition_id).where(
            edition_posts.c.edition_id.in_(edition_ids), edition_posts.c.post_id.in_(posts)
        )
        found: dict[int, list[str]] = {}
        for row in self._connection.execute(query) if edition_ids and posts else ():
            found.setdefault(row.post_id, []).append(row.edition_id)
        return found
