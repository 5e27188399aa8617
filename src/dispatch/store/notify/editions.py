"""What is told of editions: made, approved, finished. Of welcomes, one reader's, nothing."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.clock import rfc3339
from dispatch.model.campaigns.approval import BY_DEADLINE, NOBODY_NEEDED
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import Edition
from dispatch.model.editions.letter import LETTERS
from dispatch.model.notify.types import Type
from dispatch.store.database.schema import editions
from dispatch.store.notify.outbox import Notifications

_NOBODY = frozenset({BY_DEADLINE, NOBODY_NEEDED})


class ToldEditions:
    """Tells of editions in the transaction that changes them."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection
        self._notifications = Notifications(connection)

    def made(self, edition: Edition) -> None:
        """A run has made it, or a letter was handed in."""
        if edition.welcome_of or not self._notifications.wanting(Type.EDITION_MADE):
            return
        content = edition.content
        data = _who(edition.id, edition.campaign, content.subject) | {"posts": len(content.posts)}
        self._add(Type.EDITION_MADE, edition.id, data, edition.created)

    def approved(self, edition: Edition, *, by: str, now: datetime) -> None:
        """It may go out."""
        if edition.welcome_of or not self._notifications.wanting(Type.EDITION_APPROVED):
            return
        data = _who(edition.id, edition.campaign, edition.content.subject) | {
            "by": None if by in _NOBODY else by,
            "fingerprint": edition.fingerprint,
            "goes_out": rfc3339(edition.content.sending.starts(now)),
        }
        self._add(Type.EDITION_APPROVED, edition.id, data, now)

    def finished(
        self, edition_id: str, counts: Mapping[DeliveryState, int], *, now: datetime
    ) -> None:
        """Nothing of it is left to do."""
        if not self._notifications.wanting(Type.EDITION_FINISHED):
            return
        query = sa.select(editions.c.campaign, editions.c.subject, editions.c.welcome_of)
        row = self._connection.execute(query.where(editions.c.id == edition_id)).one()
        if row.welcome_of:
            return
        ended = {state.value: number for state, number in sorted(counts.items()) if number}
        data = _who(edition_id, row.campaign, row.subject) | {"deliveries": ended}
        self._add(Type.EDITION_FINISHED, edition_id, data, now)

    def _add(self, type_: Type, edition_id: str, data: Mapping[str, Any], now: datetime) -> None:
        self._notifications.add(type_, data, subject=edition_id, now=now)


def _who(edition_id: str, campaign: str, subject: str) -> dict[str, Any]:
    is_letter = campaign == LETTERS
    return {
        "id": edition_id,
        "campaign": None if is_letter else campaign,
        "letter": is_letter,
        "subject": subject,
    }
