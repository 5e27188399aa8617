"""What each edit of an edition has changed, and who made it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from pydantic import TypeAdapter

from dispatch.model.editions.difference import (
    Did,
    Difference,
    EditionEdit,
    PieceChange,
    TakenOut,
    TextChange,
)
from dispatch.model.editions.piece import Piece, PieceKind
from dispatch.store.database.schema import edition_edits

_PIECE = TypeAdapter(Piece)


class EditionEdits:
    """Edits; each is written with what it tells of, and never changed."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self,
        edition_id: str,
        changes: Difference,
        *,
        by: str,
        now: datetime,
        was: str,
        fingerprint: str,
    ) -> None:
        """Note an edit."""
        values = {"edition_id": edition_id, "by": by, "at": now, "was": was}
        self._connection.execute(
            edition_edits.insert().values(
                **values, fingerprint=fingerprint, changes=_to_json(changes)
            )
        )

    def of(self, edition_id: str, *, most: int = 100) -> list[EditionEdit]:
        """Those of an edition, the newest first."""
        query = (
            sa.select(edition_edits)
            .where(edition_edits.c.edition_id == edition_id)
            .order_by(edition_edits.c.id.desc())
            .limit(most)
        )
        return [
            EditionEdit(row.id, row.by, row.at, row.was, row.fingerprint, _from_json(row.changes))
            for row in self._connection.execute(query)
        ]

    def taken_out(self, edition_id: str) -> dict[str, TakenOut]:
        """The pieces that somebody took out, by their ids, each as it was the last time."""
        found: dict[str, TakenOut] = {}
        for edit in self.of(edition_id):
            for one in edit.changes.taken_out:
                found.setdefault(one.piece.id, one)
        return found


def _to_json(changes: Difference) -> dict[str, Any]:
    texts = [[one.name, one.before, one.after, one.channel, one.part] for one in changes.texts]
    titles = {str(post_id): title for post_id, title in (changes.titles or {}).items()}
    return {
        "texts": texts,
        "added": list(changes.added),
        "dropped": list(changes.dropped),
        "order": list(changes.order),
        "lead": changes.lead,
        "titles": titles,
        "pieces": [[one.id, one.kind, one.what, one.before, one.after] for one in changes.pieces],
        "taken_out": [
            [_PIECE.dump_python(one.piece, mode="json"), one.below] for one in changes.taken_out
        ],
    }


def _from_json(found: Mapping[str, Any]) -> Difference:
    return Difference(
        texts=tuple(TextChange(*one) for one in found["texts"]),
        added=tuple(found["added"]),
        dropped=tuple(found["dropped"]),
        order=tuple(found["order"]),
        lead=found["lead"],
        titles={int(post_id): title for post_id, title in found["titles"].items()},
        pieces=tuple(_piece(*one) for one in found.get("pieces", ())),
        taken_out=tuple(
            TakenOut(_PIECE.validate_python(piece), below)
            for piece, below in found.get("taken_out", ())
        ),
    )


def _piece(key: str, kind: str, what: str, before: str, after: str) -> PieceChange:
    return PieceChange(key, PieceKind(kind), Did(what), before, after)
