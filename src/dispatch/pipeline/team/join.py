"""Somebody joins the team: the first owner by a code, others by an invitation."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import Conflict, LinkOver
from dispatch.model.team.invitation import Invitation
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person, handle_of
from dispatch.model.team.role import Role
from dispatch.pipeline.team.browser import Browser, begin_session
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.team.tries import Tries, Wrong
from dispatch.signing import mark_of
from dispatch.store.transactions import Store, Transaction

_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"
"""Without those that look alike: the code is read off a terminal."""

_GROUPS, _GROUP = 3, 4
CODE = "code"


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What somebody says of themselves who joins; their password is one that can be taken."""

    handle: str
    name: str
    email: str
    password: str = field(repr=False)
    locale: str = ""


def code_for_first_owner(*, store: Store, clock: Clock) -> str:
    """A new code by which the first person joins; empty where there is somebody already."""
    groups = ["".join(secrets.choice(_LETTERS) for _ in range(_GROUP)) for _ in range(_GROUPS)]
    with store.begin() as tx:
        if not tx.persons.is_empty():
            return ""
        tx.passes.add(mark_of("".join(groups)), Purpose.FIRST, now=clock())
    return "-".join(groups)


def join_as_first_owner(
    code: str,
    newcomer: Newcomer,
    browser: Browser,
    *,
    keys: Sequence[str],
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> Person | Wrong:
    """Become the owner where there is nobody; raises Conflict where there is somebody, TooBusy."""
    tries, mark = Tries(keys, CODE), mark_of("".join(code.upper().replace("-", " ").split()))
    with store.begin() as tx:
        now = tx.now(clock)
        _check_nobody(tx)
        if wrong := tries.begin("", browser.network, tx=tx, now=now):
            return wrong
        if not tx.passes.find(mark, Purpose.FIRST, now=clock()):
            return tries.was_wrong("", browser.network, tx=tx, now=now)
    hashed = passwords.hash(newcomer.password)
    with store.begin() as tx:
        now = clock()
        _check_nobody(tx)
        if not tx.passes.use(mark, Purpose.FIRST, now=now):
            raise Conflict("code: was used meanwhile - sign in")
        tx.passes.end(Purpose.FIRST, "", now=now)
        return _joined(newcomer, (Role.OWNER,), hashed, browser, how=CODE, tx=tx, now=now)


def accept_invitation(
    mark: str,
    newcomer: Newcomer,
    browser: Browser,
    *,
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> Person:
    """Join with the roles of an invitation, whose link has a token with this mark.

    Raises LinkOver where it cannot be accepted, Conflict where the handle is somebody's, TooBusy.
    """
    with store.read() as tx:
        open_invitation(mark, tx=tx, now=clock())
        _check_free(newcomer, tx)
    hashed = passwords.hash(newcomer.password)
    with store.begin() as tx:
        now = clock()
        invitation = open_invitation(mark, tx=tx, now=now)
        _check_free(newcomer, tx)
        if not tx.invitations.accept(invitation, now=now):
            raise _over()  # somebody was quicker with the same link
        return _joined(
            newcomer, invitation.roles, hashed, browser, how="invitation", tx=tx, now=now
        )


def open_invitation(mark: str, *, tx: Transaction, now: datetime) -> Invitation:
    """The invitation that a link is for; raises LinkOver where it cannot be accepted any more."""
    if found := tx.invitations.find(mark, now=now):
        return found
    raise _over()


def _joined(
    newcomer: Newcomer,
    roles: Sequence[Role],
    hashed: str,
    browser: Browser,
    *,
    how: str,
    tx: Transaction,
    now: datetime,
) -> Person:
    person = tx.persons.add(
        handle=handle_of(newcomer.handle),
        name=newcomer.name,
        email=newcomer.email,
        roles=roles,
        password=hashed,
        locale=newcomer.locale,
        now=now,
    )
    tx.audit.add(
        "person.join",
        by=person.handle,
        now=now,
        kind="person",
        subject=person.handle,
        roles=[role.value for role in roles],
    )
    begin_session(person, browser, how=how, tx=tx, now=now)
    return person


def _over() -> LinkOver:
    return LinkOver("invitation: accepted, cancelled or too old - ask whoever invited you")


def _check_nobody(tx: Transaction) -> None:
    if not tx.persons.is_empty():
        raise Conflict("team: has an owner already - sign in, or have somebody invite you")


def _check_free(newcomer: Newcomer, tx: Transaction) -> None:
    if tx.persons.find(newcomer.handle):
        raise Conflict(f"handle {newcomer.handle!r}: is somebody's already - choose another one")
    if tx.persons.by_email(newcomer.email):
        raise LinkOver("invitation: its address is in the team already - sign in")
