"""What is asked of the editions of a campaign that were before one."""

from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.editions.edition import Edition, EditionState
from dispatch.store.database.schema import editions

_GONE_OUT = (EditionState.SENDING.value, EditionState.PAUSED.value, EditionState.FINISHED.value)


class EarlierEditions:
    """Those of one campaign that have gone out, or begun to."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def addressed_last(self, edition: Edition) -> int:
        """To how many the one before it went; 0 where none did."""
        query = self._before(edition, editions.c.addressed).where(editions.c.addressed > 0)
        number: int | None = self._connection.scalar(query)
        return number or 0

    def with_its_subject(self, edition: Edition) -> datetime | None:
        """When the last one with the same subject was made; None: none had it."""
        same = editions.c.subject == edition.content.subject
        query = self._before(edition, editions.c.created_at).where(same)
        made: datetime | None = self._connection.scalar(query)
        return made

    def _before(self, edition: Edition, column: sa.Column[Any]) -> sa.Select[Any]:
        return (
            sa.select(column)
            .where(
                editions.c.campaign == edition.campaign,
                editions.c.number < edition.number,
                editions.c.state.in_(_GONE_OUT),
                editions.c.welcome_of == "",
            )
            .order_by(editions.c.number.desc())
            .limit(1)
        )
