"""An invitation is taken back: its link opens nothing any more."""

from dispatch.clock import Clock
from dispatch.errors import Conflict, NotFound
from dispatch.model.team.giving import EVERYTHING, may_give
from dispatch.model.team.invitation import Invitation
from dispatch.model.team.role import Right
from dispatch.store.transactions import Store


def cancel_invitation(
    number: int, *, by: str, store: Store, clock: Clock, rights: frozenset[Right] = EVERYTHING
) -> Invitation:
    """End it; raises NotFound, and Conflict where it was accepted or is over.

    So it does where it is to more than `rights` can give.
    """
    with store.begin() as tx:
        invitation, now = tx.invitations.by_number(number), clock()
        if invitation is None:
            raise NotFound(f"invitation {number}: there is none")
        if not may_give(invitation.roles, rights=rights):
            raise Conflict(f"invitation of {invitation.email}: is to more than you may give")
        if not tx.invitations.cancel(invitation, now=now):
            raise Conflict(f"invitation of {invitation.email}: is over or was accepted")
        tx.audit.add(
            "invitation.cancel",
            by=by,
            now=now,
            kind="invitation",
            subject=str(number),
            email=invitation.email,
        )
    return invitation
