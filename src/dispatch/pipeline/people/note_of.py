"""What somebody of the team did to a reader, for the audit log: by their number, never by name."""

from datetime import datetime
from typing import Any

from dispatch.store.transactions import Transaction


def note_of(
    subscriber_id: int,
    act: str,
    *,
    by: str | None,
    tx: Transaction,
    now: datetime,
    **detail: Any,
) -> None:
    """Write the line; nothing where it was nobody of the team (`by` is None), but they themselves.

    The reader is named by their public id, which erasing takes away.
    """
    if by is None:
        return
    subject = tx.subscribers.public_ids([subscriber_id]).get(subscriber_id, "")
    tx.audit.add(act, by=by, now=now, kind="subscriber", subject=subject, **detail)
