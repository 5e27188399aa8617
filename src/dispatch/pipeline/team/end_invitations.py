"""What somebody has asked others to be ends where they may not ask that any more."""

from datetime import datetime

from dispatch.model.team.giving import may_give
from dispatch.model.team.role import Right
from dispatch.store.transactions import Transaction


def end_invitations(
    handle: str, *, rights: frozenset[Right], by: str, tx: Transaction, now: datetime
) -> None:
    """End somebody's open invitations to more than these rights can give; without any: all.

    So who is let out does not come back by a link that they made before.
    """
    for one in tx.invitations.open(now=now):
        if one.by == handle and not may_give(one.roles, rights=rights):
            tx.invitations.cancel(one, now=now)
            said = {"kind": "invitation", "subject": str(one.id), "email": one.email}
            tx.audit.add("invitation.cancel", by=by, now=now, **said)
