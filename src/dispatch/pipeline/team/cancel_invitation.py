"""An invitation is taken back: its link opens nothing any more."""

from dispatch.clock import Clock
from dispatch.errors import Conflict, NotFound
from dispatch.model.team.invitation import Invitation
from dispatch.store.transactions import Store


def cancel_invitation(number: int, *, by: str, store: Store, clock: Clock) -> Invitation:
    """End it; raises NotFound, and Conflict where it was accepted or is over."""
    with store.begin() as tx:
        invitation, now = tx.invitations.by_number(number), clock()
        if invitation is None:
            raise NotFound(f"invitation {number}: there is none")
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
