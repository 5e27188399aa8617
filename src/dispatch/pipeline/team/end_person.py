"""Somebody leaves the team: they can do nothing any more, and what they did stays theirs."""

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.team.giving import EVERYTHING, is_last_owner, may_give
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person
from dispatch.model.team.role import Right
from dispatch.pipeline.team.change_person import last_owner
from dispatch.pipeline.team.end_invitations import end_invitations
from dispatch.store.transactions import Store


def end_person(
    handle: str, *, by: str, store: Store, clock: Clock, rights: frozenset[Right] = EVERYTHING
) -> Person:
    """End them, their sessions and invitations; nothing is kept with which they could sign in.

    Their handle stays taken, as it stands in what they did; their address is free. Raises NotFound,
    and Conflict where they have ended, are the last owner, or may do more than who ends them.
    """
    with store.begin() as tx:
        team = tx.persons.to_change()
        person = tx.persons.get(handle)
        if person.ended is not None:
            raise Conflict(f"{handle}: has ended already")
        if not may_give(person.roles, rights=rights):
            raise Conflict(f"{handle}: may do more than you - ask an owner")
        if is_last_owner(person, team):
            raise Conflict(last_owner(person))
        now = clock()
        tx.sessions.end(person, now=now)
        for purpose in (Purpose.RESET, Purpose.CODE, Purpose.FACTOR):
            tx.passes.end(purpose, handle, now=now)
        end_invitations(handle, rights=frozenset(), by=by, tx=tx, now=now)
        forgotten = {"password": "", "factor": "", "issuer": "", "subject": ""}
        freed = f"{person.id} has ended"  # no address, and nobody else's
        version = -abs(person.calendar_version)  # which it was: an old link never comes back
        gone = {"ended_at": now, "calendar_version": version, "email_key": freed}
        ended = tx.persons.change(person, **gone, **forgotten)
        roles = [role.value for role in person.roles]
        tx.audit.add("person.end", by=by, now=now, kind="person", subject=handle, roles=roles)
    return ended
