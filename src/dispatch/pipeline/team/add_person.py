"""Somebody joins the team without an invitation, as whoever looks after the server says."""

from collections.abc import Collection

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.team.person import Person
from dispatch.model.team.role import Role
from dispatch.store.transactions import Store, Transaction


def add_person(
    handle: str,
    *,
    name: str,
    email: str,
    roles: Collection[Role],
    by: str,
    store: Store,
    clock: Clock,
) -> Person:
    """Let them in; they ask for a password of their own at the sign-in page.

    Who was here before and has the same handle and address comes back. Raises Conflict where
    either is somebody else's.
    """
    with store.begin() as tx:
        before = _who_was_here(handle, email, tx)
        if before is None:
            person = tx.persons.add(
                handle=handle, name=name, email=email, roles=roles, now=clock()
            )
        else:
            said = {"name": name or before.name, "email": email, "roles": roles}
            person = tx.persons.change(before, ended_at=None, **said)
        now, said = clock(), {"roles": [role.value for role in person.roles]}
        tx.audit.add("person.add", by=by, now=now, kind="person", subject=handle, **said)
    return person


def _who_was_here(handle: str, email: str, tx: Transaction) -> Person | None:
    by_handle, by_email = tx.persons.find(handle), tx.persons.by_email(email)
    for found in (by_handle, by_email):
        if found is not None and found.ended is None:
            what = "handle" if found is by_handle else "address"
            advice = f"'dispatch people roles {found.handle}' changes their roles"
            raise Conflict(f"{handle}: {found.name or found.handle} has this {what} - {advice}")
    if by_handle != by_email:
        taken = by_handle or by_email
        whose = f"{taken.handle} had it, with another address or handle" if taken else ""
        raise Conflict(f"{handle}: {whose} - take another handle, or theirs with their address")
    return by_handle
