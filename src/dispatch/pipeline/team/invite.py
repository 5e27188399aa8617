"""Somebody is asked to join the team: a link for one person, by mail."""

from collections.abc import Collection

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.model.team.giving import EVERYTHING, may_give
from dispatch.model.team.invitation import Invitation
from dispatch.model.team.mail import TeamTopic
from dispatch.model.team.role import Right, Role
from dispatch.pipeline.team.links import TeamLinks
from dispatch.pipeline.team.queue_mail import new_link, queue_team_mail
from dispatch.store.transactions import Store


def invite(
    email: str,
    *,
    roles: Collection[Role],
    by: str,
    links: TeamLinks,
    via: str,
    store: Store,
    clock: Clock,
    name: str = "",
    locale: str = "",
    rights: frozenset[Right] = EVERYTHING,
) -> Invitation:
    """Ask them, in a mail over the channel `via`. An earlier invitation of them ends.

    Raises Conflict where they are of the team, would get what `rights` do not reach, or no channel
    carries mail.
    """
    if not roles:
        raise BadInput(["role: none is named - say what they may do"])
    if not may_give(roles, rights=rights):
        raise Conflict("role: nobody gives more than they may do - ask an owner")
    if not via:
        advice = "'dispatch people add' lets somebody in without a mail"
        raise Conflict(f"invitation: no campaign writes mails, so none can go out - {advice}")
    seed, mark = new_link(links)
    with store.begin() as tx:
        known, now = tx.persons.by_email(email), clock()
        if known is not None:
            raise Conflict(f"{email}: {known.name or known.handle} is of the team already")
        if earlier := tx.invitations.of(email, now=now):
            if not may_give(earlier.roles, rights=rights):
                raise Conflict(f"{email}: is asked to be more than you may give - ask an owner")
            tx.invitations.cancel(earlier, now=now)
        asked = [role for role in Role if role in roles]
        invitation = tx.invitations.add(mark, name=name, email=email, roles=asked, by=by, now=now)
        number = str(invitation.id)
        queue_team_mail(
            TeamTopic.INVITATION,
            email,
            subject=number,
            seed=seed,
            locale=locale,
            via=via,
            tx=tx,
            now=now,
        )
        said = {"email": email, "roles": [role.value for role in asked]}
        tx.audit.add("invitation.send", by=by, now=now, kind="invitation", subject=number, **said)
    return invitation
