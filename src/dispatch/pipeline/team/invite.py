"""Somebody is asked to join the team: a link for one person, by mail."""

from collections.abc import Callable, Collection

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.model.team.giving import EVERYTHING, may_give
from dispatch.model.team.invitation import GOOD_FOR, Invitation
from dispatch.model.team.role import Right, Role
from dispatch.store.transactions import Store, Transaction

Mail = Callable[[Invitation, str, Transaction], None]
"""Has the invitation mailed with the token that its link holds, in the transaction that makes it."""


def invite(
    email: str,
    *,
    roles: Collection[Role],
    by: str,
    token: str,
    mark: str,
    mail: Mail,
    store: Store,
    clock: Clock,
    name: str = "",
    rights: frozenset[Right] = EVERYTHING,
) -> Invitation:
    """Ask them; `mark` is what is kept of the token. Earlier invitations of them end.

    Raises Conflict where they are of the team, or would get what `rights` do not reach.
    """
    if not roles:
        raise BadInput(["role: none is named - say what they may do"])
    if not may_give(roles, rights=rights):
        raise Conflict("role: nobody gives more than they may do - ask an owner")
    with store.begin() as tx:
        known, now = tx.persons.by_email(email), clock()
        if known is not None and known.ended is None:
            raise Conflict(f"{email}: {known.name or known.handle} is of the team already")
        tx.invitations.cancel(now=now, email=email)
        said = {"email": email, "roles": [role for role in Role if role in roles]}
        invitation = tx.invitations.add(
            mark, name=name, by=by, now=now, ends=now + GOOD_FOR, **said
        )
        mail(invitation, token, tx)
        tx.audit.add(
            "invitation.send",
            by=by,
            now=now,
            kind="invitation",
            subject=str(invitation.id),
            email=email,
            roles=[role.value for role in invitation.roles],
        )
    return invitation
