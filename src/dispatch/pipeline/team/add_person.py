"""Somebody joins the team without an invitation, as whoever looks after the server says."""

from collections.abc import Collection

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.people.subscriber import email_key
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
            person = tx.persons.add(handle=handle, name=name, email=email, roles=roles, now=clock())
        else:
            said = {"name": name or before.name, "email": email, "roles": roles}
            said["email_key"] = email_key(email)
            person = tx.persons.change(before, ended_at=None, **said)
        now, said = clock(), {"roles": [role.value for role in person.roles]}
        tx.audit.add("person.add", by=by, now=now, kind="person", subject=handle, **said)
    return person


def _who_was_here(handle: str, email: str, tx: Transaction) -> Person | None:
    """Who had this handle and address before, and has ended."""
    for found, what in (
        (tx.persons.find(handle), "handle"),
        (tx.persons.by_email(email), "address"),
    ):
        if found is not None and found.ended is None:
            advice = f"'dispatch people roles {found.handle}' changes their roles"
            raise Conflict(f"{handle}: {found.name or found.handle} has this {what} - {advice}")
    before = tx.persons.find(handle)
    if before is not None and email_key(before.email) != email_key(email):
        had = f"{before.name or before.handle} had this handle, with another address"
        raise Conflict(f"{handle}: {had} - take another one, as it stands in what they did")
    return before
