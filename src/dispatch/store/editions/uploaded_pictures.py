"""Pictures that the team has uploaded for pieces, by the hash of their bytes."""

from collections.abc import Collection, Mapping
from datetime import datetime

import sqlalchemy as sa

from dispatch.model.editions.card import KeptPicture
from dispatch.model.editions.piece import PiecePicture
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import editions, standing_pieces, uploaded_pictures

_SAID = [uploaded_pictures.c[name] for name in ("mark", "kind", "width", "height")]


class UploadedPictures:
    """One row for each picture, however many pieces show it."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def keep(self, picture: KeptPicture, *, name: str, by: str, now: datetime) -> None:
        """Keep it; one that is there already is as young again."""
        statement = insert(self._connection, uploaded_pictures).values(
            mark=picture.mark,
            kind=picture.kind,
            width=picture.width,
            height=picture.height,
            data=picture.data,
            name=name,
            by=by,
            at=now,
        )
        again = statement.on_conflict_do_update(
            index_elements=[uploaded_pictures.c.mark], set_={"at": now}
        )
        self._connection.execute(again)

    def find(self, mark: str) -> KeptPicture | None:
        """One with its bytes."""
        query = sa.select(*_SAID, uploaded_pictures.c.data).where(uploaded_pictures.c.mark == mark)
        row = self._connection.execute(query).one_or_none()
        return KeptPicture(row.mark, row.kind, row.width, row.height, row.data) if row else None

    def of(self, marks: Collection[str]) -> Mapping[str, PiecePicture]:
        """Those of these that are there, by their marks, without their bytes."""
        query = sa.select(*_SAID).where(uploaded_pictures.c.mark.in_(marks))
        return {row.mark: PiecePicture(*row) for row in self._connection.execute(query)}

    def use(self, marks: Collection[str], *, now: datetime) -> set[str]:
        """Those of these that are there and stay so, as something says them from now on.

        Whoever keeps a piece asks so in the same transaction: nobody forgets them beside it.
        """
        statement = (
            uploaded_pictures.update()
            .where(uploaded_pictures.c.mark.in_(marks))
            .values(at=now)
            .returning(uploaded_pictures.c.mark)
        )
        return set(self._connection.scalars(statement))

    def older(self, than: datetime, *, most: int) -> list[str]:
        """The marks of some that were uploaded and last found in use before that, oldest first."""
        query = sa.select(uploaded_pictures.c.mark).where(uploaded_pictures.c.at < than)
        ordered = query.order_by(uploaded_pictures.c.at, uploaded_pictures.c.mark).limit(most)
        return list(self._connection.scalars(ordered))

    def is_shown(self, mark: str) -> bool:
        """Whether an edition, whatever became of it, or a standing piece says it."""
        texts = (editions.c.content, sa.cast(standing_pieces.c.piece, sa.Text))
        for text in texts:
            query = sa.select(sa.literal(1)).where(text.contains(mark, autoescape=True)).limit(1)
            if self._connection.scalar(query):
                return True
        return False

    def forget(self, marks: Collection[str], *, before: datetime) -> int:
        """Forget those of these that nobody has used since; how many."""
        gone = uploaded_pictures.delete().where(
            uploaded_pictures.c.mark.in_(marks), uploaded_pictures.c.at < before
        )
        return self._connection.execute(gone).rowcount
