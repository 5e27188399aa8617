"""The editions of a campaign that have gone out, for those who read them on the web."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.campaigns.archive import page_names
from dispatch.model.editions.amendment import Amendment, tells_of_page
from dispatch.model.editions.edition import EditionContent, EditionState
from dispatch.store.database.schema import amendments, editions
from dispatch.store.editions.content import from_json

HAS_GONE_OUT = frozenset({EditionState.SENDING, EditionState.PAUSED, EditionState.FINISHED})
"""A pause takes no page away from those who have its address already."""

_IS_NO_WELCOME = editions.c.welcome_of == ""
"""Not made again for those who came after it had gone out."""


@dataclass(frozen=True, slots=True)
class PastEdition:
    """An edition that has gone out, or begun to; `name` is that of its page.

    `corrected` is when somebody last amended its page.
    """

    id: str
    campaign: str
    slot: str
    name: str
    fingerprint: str
    published: datetime
    corrected: datetime | None = None
    amendments: int = 0

    @property
    def changed(self) -> datetime:
        """When its page last said something else."""
        return max(self.published, self.corrected or self.published)


class PastEditions:
    """Reads what was approved and has gone out, and nothing else."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def slots_of_day(self, campaign: str, slot: str) -> list[str]:
        """The keys of a campaign's slots on the day of this one, as its editions were made.

        Whatever became of them, as a page keeps its name.
        """
        day = slot.partition("T")[0]
        query = (
            sa.select(editions.c.slot)
            .where(
                editions.c.campaign == campaign,
                editions.c.slot.startswith(day, autoescape=True),
                _IS_NO_WELCOME,
            )
            .order_by(editions.c.number)
        )
        return list(self._connection.scalars(query))

    def of(self, campaign: str) -> list[PastEdition]:
        """Those of a campaign, oldest first, without what they say."""
        columns = (editions.c.id, editions.c.slot, editions.c.state, editions.c.addressed_at)
        query = (
            sa.select(*columns, editions.c.approved_fingerprint)
            .where(
                editions.c.campaign == campaign,
                _IS_NO_WELCOME,
            )
            .order_by(editions.c.number)
        )
        rows = self._connection.execute(query).all()
        corrected = self._corrected(campaign)
        return [
            _past(row, campaign, name, corrected.get(row.id))
            for row, name in zip(rows, page_names([row.slot for row in rows]), strict=True)
            if row.addressed_at is not None and EditionState(row.state) in HAS_GONE_OUT
        ]

    def content(self, edition: PastEdition) -> tuple[EditionContent, list[Amendment]]:
        """What was approved, and what somebody amended since, in the order in which they did."""
        query = sa.select(editions.c.content).where(
            editions.c.id == edition.id, editions.c.approved_fingerprint == edition.fingerprint
        )
        text = self._connection.execute(query).scalar_one()
        return from_json(text), self.amendments(edition.id)

    def amendments(self, edition_id: str) -> list[Amendment]:
        """What was amended on the page of an edition."""
        query = sa.select(amendments).where(amendments.c.edition_id == edition_id)
        return [
            Amendment.of(row.changes, note=row.note, by=row.by, at=row.at)
            for row in self._connection.execute(query.order_by(amendments.c.id))
        ]

    def amend(self, edition_id: str, amendment: Amendment) -> None:
        """Keep an amendment; what was approved stays as it is."""
        self._connection.execute(
            amendments.insert().values(
                edition_id=edition_id,
                changes=amendment.changes,
                note=amendment.note,
                by=amendment.by,
                at=amendment.at,
            )
        )

    def _corrected(self, campaign: str) -> dict[str, "_Corrected"]:
        """Corrections that are only about networks change no page."""
        query = (
            sa.select(amendments.c.edition_id, amendments.c.at, amendments.c.changes)
            .join(editions, editions.c.id == amendments.c.edition_id)
            .where(editions.c.campaign == campaign)
            .order_by(amendments.c.id)
        )
        found: dict[str, _Corrected] = {}
        for row in self._connection.execute(query):
            if tells_of_page(row.changes):
                before = found.get(row.edition_id)
                at = max(row.at, before.at) if before else row.at
                found[row.edition_id] = _Corrected(at, 1 + (before.number if before else 0))
        return found


@dataclass(frozen=True, slots=True)
class _Corrected:
    """When the page of an edition was last amended, and how often."""

    at: datetime
    number: int


def _past(row: Any, campaign: str, name: str, corrected: _Corrected | None) -> PastEdition:
    return PastEdition(
        id=row.id,
        campaign=campaign,
        slot=row.slot,
        name=name,
        fingerprint=row.approved_fingerprint,
        published=row.addressed_at,
        corrected=corrected.at if corrected else None,
        amendments=corrected.number if corrected else 0,
    )
