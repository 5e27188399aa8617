"""Pieces that come again in each edition of some campaigns."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from dispatch.errors import NotFound
from dispatch.model.editions.piece import Piece
from dispatch.model.editions.standing import StandingPiece
from dispatch.store.database.schema import standing_pieces

_PIECE = TypeAdapter(Piece)


class StandingPieces:
    """A row for each; none is ever deleted, as it can be taken up anew."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        piece: Piece,
        campaigns: Sequence[str],
        *,
        after: int,
        until: date,
        by: str,
        now: datetime,
    ) -> StandingPiece:
        """Keep a new one."""
        row = self._connection.execute(
            standing_pieces.insert()
            .values(
                piece=_plain(piece),
                campaigns=list(campaigns),
                after=after,
                until=until,
                by=by,
                at=now,
            )
            .returning(standing_pieces)
        ).one()
        return _standing(row)

    def get(self, number: int, *, lock: bool = False) -> StandingPiece:
        """One of them; `lock` it where it is going to be changed. Raises NotFound."""
        query = sa.select(standing_pieces).where(standing_pieces.c.id == number)
        row = self._connection.execute(query.with_for_update() if lock else query).one_or_none()
        if row is None:
            raise NotFound(f"piece {number}: none comes again by that number - see them all")
        return _standing(row)

    def of(self, campaign: str, day: date) -> list[StandingPiece]:
        """Those that an edition of the campaign for that day has, as they are read."""
        query = sa.select(standing_pieces).where(standing_pieces.c.until >= day)
        ordered = query.order_by(standing_pieces.c.after, standing_pieces.c.id)
        found = map(_standing, self._connection.execute(ordered))
        return [one for one in found if one.comes(campaign, day)]

    def was_for(self, campaign: str, day: date, *, made: datetime) -> list[StandingPiece]:
        """The same, of those that were as they are now at that moment."""
        found = self.of(campaign, day)
        return [one for one in found if (one.changed_at or one.at) <= made]

    def page(self, *, before: int = 0, most: int = 50) -> list[StandingPiece]:
        """The newest first; `before` is the number of one."""
        query = sa.select(standing_pieces).order_by(standing_pieces.c.id.desc()).limit(most)
        if before:
            query = query.where(standing_pieces.c.id < before)
        return list(map(_standing, self._connection.execute(query)))

    def change(self, changed: StandingPiece, *, by: str, now: datetime) -> None:
        """Have it be this from now on."""
        self._connection.execute(
            standing_pieces.update()
            .where(standing_pieces.c.id == changed.id)
            .values(
                piece=_plain(changed.piece),
                campaigns=list(changed.campaigns),
                after=changed.after,
                until=changed.until,
                changed_by=by,
                changed_at=now,
            )
        )


def _plain(piece: Piece) -> dict[str, Any]:
    """What is kept of it: its id, its place and whose copy it is are an edition's."""
    plain: dict[str, Any] = _PIECE.dump_python(
        replace(piece, id="", after=0, standing=0), mode="json"
    )
    return plain


def _standing(row: sa.Row[Any]) -> StandingPiece:
    return StandingPiece(
        id=row.id,
        piece=_PIECE.validate_python(row.piece),
        campaigns=tuple(row.campaigns),
        after=row.after,
        until=row.until,
        by=row.by,
        at=row.at,
        changed_by=row.changed_by,
        changed_at=row.changed_at,
    )
