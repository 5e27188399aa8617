"""Somebody of the team gets other roles, or is called otherwise."""

from collections.abc import Collection
from typing import Any

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.model.people.subscriber import email_key
from dispatch.model.team.giving import EVERYTHING, is_last_owner, may_give
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person, Session
from dispatch.model.team.role import Right, Role
from dispatch.pipeline.team.end_invitations import end_invitations
from dispatch.store.transactions import Store, Transaction


def change_person(
    handle: str,
    *,
    by: str,
    store: Store,
    clock: Clock,
    roles: Collection[Role] | None = None,
    name: str | None = None,
    email: str | None = None,
    rights: frozenset[Right] = EVERYTHING,
    goes_on: tuple[Session, str] | None = None,
) -> Person:
    """Change what is said of them; what is None stays. `rights` are those of who changes it.

    Who gets other roles signs in again, so that no token outlives what it was given for. One
    session goes on, where `goes_on` names it: under the new mark beside it. Their invitations to
    more than they may give by then end, and with their address the link that went to the old one.
    Raises NotFound, and Conflict where the last owner would be none, or somebody gives what they do
    not have.
    """
    with store.begin() as tx:
        team = tx.persons.to_change()
        person = _among(team, handle, tx)
        new = _changes(person, roles, name, email, tx)
        if not new:
            return person
        if not may_give(person.roles, rights=rights):
            raise Conflict(f"{handle}: may do more than you - ask an owner")
        if "roles" in new:
            _check_roles(person, new["roles"], team, rights)
            _sign_out(person, goes_on, clock, tx)
        detail, now = _told(person, new), clock()
        if email is not None and "email" in new:
            new["email_key"] = email_key(email)
            tx.passes.end(Purpose.RESET, person.handle, now=now)
        changed = tx.persons.change(person, **new)
        end_invitations(person.handle, rights=changed.rights, by=by, tx=tx, now=now)
        tx.audit.add("person.change", by=by, now=now, kind="person", subject=handle, **detail)
    return changed


def _among(team: Collection[Person], handle: str, tx: Transaction) -> Person:
    person = tx.persons.get(handle)
    for one in team:
        if one.id == person.id:
            return one
    raise Conflict(f"{handle}: has ended - 'dispatch people add' lets them in again")


def _changes(
    person: Person,
    roles: Collection[Role] | None,
    name: str | None,
    email: str | None,
    tx: Transaction,
) -> dict[str, Any]:
    new: dict[str, Any] = {}
    if roles is not None and set(roles) != set(person.roles):
        new["roles"] = [role for role in Role if role in roles]
    if name is not None and name != person.name:
        new["name"] = name
    if email is not None and email != person.email:
        whose = tx.persons.by_email(email)
        if whose is not None and whose.id != person.id:
            problem = f"is the address of {whose.name or whose.handle}"
            raise Conflict(f"{email}: {problem} - each person has one of their own")
        new["email"] = email
    return new


def _check_roles(
    person: Person, roles: Collection[Role], team: Collection[Person], rights: frozenset[Right]
) -> None:
    if not roles:
        raise BadInput([f"{person.handle}: no role is left - 'dispatch people end' takes them out"])
    if not may_give(roles, rights=rights):
        raise Conflict(f"{person.handle}: nobody gives more than they may do - ask an owner")
    if Role.OWNER not in roles and is_last_owner(person, team):
        raise Conflict(last_owner(person))


def last_owner(person: Person) -> str:
    """Why somebody stays an owner."""
    return f"{person.handle}: is the last owner - make somebody else an owner first"


def _sign_out(
    person: Person, goes_on: tuple[Session, str] | None, clock: Clock, tx: Transaction
) -> None:
    if goes_on is None or goes_on[0].person.id != person.id:
        tx.sessions.end(person, now=clock())
        return
    session, mark = goes_on
    tx.sessions.end(person, now=clock(), but=session.id)
    tx.sessions.renew(session, mark)


def _told(person: Person, new: dict[str, Any]) -> dict[str, Any]:
    detail: dict[str, Any] = {key: new[key] for key in ("name", "email") if key in new}
    if "roles" in new:
        detail["roles"] = [role.value for role in new["roles"]]
        detail["before"] = [role.value for role in person.roles]
    return detail
