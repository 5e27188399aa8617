"""Which accesses are to be renewed though nobody posts, and which accounts to be asked anew."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.config.workspace import Workspace
from dispatch.model.delivery.tokens import (
    RENEWAL_LEASE,
    is_renewed_early,
    pause_after_failure,
)
from dispatch.pipeline.access.outlook import AccessState, outlook

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction

CHECKED_EVERY = timedelta(days=1)
CHECKED_AGAIN = timedelta(hours=1)
"""Where the last time came to nothing."""


def to_renew(workspace: Workspace, tx: "Transaction", *, now: datetime) -> Iterator[str]:
    """Channels whose access is near its end, apart from those that failed a while ago."""
    kept = tx.tokens.all()
    for access in outlook(workspace, tx, now=now):
        row = kept.get(access.channel) if access.connects else None
        if row is None or not is_renewed_early(row.ends, row.got, now):
            continue
        if row.claimed_until is not None:
            begun = row.claimed_until - RENEWAL_LEASE
            if timedelta(0) <= now - begun < pause_after_failure(row.ends, now):
                continue
        yield access.channel


def to_check(workspace: Workspace, tx: "Transaction", *, now: datetime) -> Iterator[str]:
    """Channels in use that have an access which may end, and were not asked for a day."""
    checks = tx.channel_checks.all()
    for access in outlook(workspace, tx, now=now):
        if not access.used or access.state is AccessState.NONE:
            continue
        check = checks.get(access.channel)
        every = CHECKED_AGAIN if check and check.problem else CHECKED_EVERY
        if check is None or not timedelta(0) <= now - check.at < every:
            yield access.channel
