"""Somebody signs in because a service vouches for them.

They are known by what the service calls them; the first time by their verified address. Nobody
gets an account without an invitation or an address of an allowed domain.
"""

import re
from contextlib import suppress

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person
from dispatch.model.team.sign_in_rule import SignInService
from dispatch.pipeline.team.browser import Browser, begin_session
from dispatch.pipeline.team.change_person import change_person
from dispatch.pipeline.team.sign_in_service import Claims
from dispatch.signing import mark_of
from dispatch.store.transactions import Store, Transaction

SERVICE = "sign-in service"
"""In whose name roles change that a claim gives."""

_LONGEST_HANDLE = 40
_LONGEST_NAME = 100


def set_out(state: str, secret: str, onward: str, *, store: Store, clock: Clock) -> None:
    """Note that a browser, which keeps `secret`, goes to the service and wants to go on then."""
    with store.begin() as tx:
        detail = {"onward": onward}
        tx.passes.add(_way(state, secret), Purpose.SERVICE, detail=detail, now=clock())


def come_back(state: str, secret: str, *, store: Store, clock: Clock) -> str | None:
    """Where they want to go on; None where this browser has not set out, or is back already."""
    with store.begin() as tx:
        found = tx.passes.use(_way(state, secret), Purpose.SERVICE, now=clock())
        return str(found.detail.get("onward", "")) if found else None


def sign_in_by_service(
    claims: Claims,
    browser: Browser,
    *,
    service: SignInService,
    store: Store,
    clock: Clock,
) -> Person | None:
    """Begin a session; None: there is no account for them, and none is made."""
    with store.begin() as tx:
        person = _known(claims, tx, clock) or _joining(claims, service, tx, clock)
    if person is None:
        return None
    if service.roles_from:
        person = _with_roles(person, claims, service, store, clock)
    with store.begin() as tx:
        begin_session(person, browser, how="service", tx=tx, now=clock())
    return person


def _known(claims: Claims, tx: Transaction, clock: Clock) -> Person | None:
    """Who it is by the service's name for them, else by their address, which is linked then."""
    person = tx.persons.by_service(claims.issuer, claims.subject)
    if person is not None:
        return None if person.ended else person
    person = tx.persons.by_email(claims.email) if claims.email else None
    if person is None or person.ended:
        return None
    if tx.persons.credentials(person).issuer == claims.issuer:
        return None  # somebody else at the service has their address by now
    changed = tx.persons.change(person, issuer=claims.issuer, subject=claims.subject)
    tx.audit.add(
        "person.link",
        by=person.handle,
        now=clock(),
        kind="person",
        subject=person.handle,
        issuer=claims.issuer,
    )
    return changed


def _joining(
    claims: Claims, service: SignInService, tx: Transaction, clock: Clock
) -> Person | None:
    """Somebody new, by their invitation or their domain."""
    now = clock()
    if not claims.email or tx.persons.by_service(claims.issuer, claims.subject):
        return None
    if tx.persons.by_email(claims.email):
        return None
    invitation = tx.invitations.of(claims.email, now=now)
    if invitation is not None and tx.invitations.accept(invitation, now=now):
        roles = invitation.roles
    elif service.knows_domain_of(claims.email):
        roles = (service.role,)
    else:
        return None
    person = tx.persons.add(
        handle=_free_handle(claims, tx),
        name=" ".join(claims.name.split())[:_LONGEST_NAME],
        email=claims.email,
        roles=roles,
        now=now,
    )
    tx.audit.add(
        "person.join",
        by=person.handle,
        now=now,
        kind="person",
        subject=person.handle,
        roles=[role.value for role in roles],
        issuer=claims.issuer,
    )
    return tx.persons.change(person, issuer=claims.issuer, subject=claims.subject)


def _with_roles(
    person: Person, claims: Claims, service: SignInService, store: Store, clock: Clock
) -> Person:
    """With the roles of the claim; as before where it has none, or the last owner would go."""
    roles = service.roles_in(claims.all.get(service.roles_from))
    if not roles or set(roles) == set(person.roles):
        return person
    with suppress(Conflict):
        return change_person(person.handle, by=SERVICE, roles=roles, store=store, clock=clock)
    return person


def _free_handle(claims: Claims, tx: Transaction) -> str:
    """A handle that nobody has or had, from what they are called."""
    said = claims.nickname.partition("@")[0] or claims.email.partition("@")[0]
    plain = re.sub(r"[^a-z0-9._-]+", "", said.lower()).strip("._-")[: _LONGEST_HANDLE - 6]
    base = plain.strip("._-") or "person"
    handle, number = base, 2
    while tx.persons.find(handle) is not None:
        handle, number = f"{base}{number}", number + 1
    return handle


def _way(state: str, secret: str) -> str:
    return mark_of(f"{state} {secret}")
