"""Somebody signs in with address and password.

The tries are counted first, and an address that nobody has takes as long as one of somebody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dispatch.clock import Clock
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person
from dispatch.pipeline.team.browser import Browser, begin_session
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.team.tries import Tries, Wrong
from dispatch.store.transactions import Store, Transaction

PASSWORD = "password"  # noqa: S105 - what is guessed, and how somebody has signed in


@dataclass(frozen=True, slots=True)
class SignedIn:
    """They are in; or their password was right, and `needs_code` of their app, too.

    Then the browser's mark is that of a pass for the second page, and not of a session.
    """

    person: Person
    needs_code: bool = False


def sign_in(
    email: str,
    password: str,
    browser: Browser,
    *,
    keys: Sequence[str],
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> SignedIn | Wrong:
    """Begin a session in a browser. Raises TooBusy."""
    tries = Tries(keys, PASSWORD)
    with store.begin() as tx:
        now = tx.now(clock)
        if wrong := tries.begin(email, browser.network, tx=tx, now=now):
            return wrong
        person = tx.persons.by_email(email)
        if person is not None and person.ended is not None:
            person = None
        kept = tx.persons.credentials(person).password if person else ""
    right = passwords.is_right(password, kept)
    if person is None or not right:
        return _was_wrong(email, person, browser, tries=tries, store=store, clock=clock)
    renewed = passwords.hash(password) if passwords.is_old(kept) else ""
    with store.begin() as tx:
        tries.was_right(email, browser.network, tx=tx)
        if renewed:
            tx.persons.change(person, password=renewed)
        return enter(person, browser, how=PASSWORD, tx=tx, now=clock())


def enter(
    person: Person, browser: Browser, *, how: str, tx: Transaction, now: datetime
) -> SignedIn:
    """Let somebody in who has proved one thing; who has an app says its code first."""
    if person.has_factor:
        tx.passes.add(
            browser.mark, Purpose.CODE, subject=person.handle, detail={"how": how}, now=now
        )
        return SignedIn(person, needs_code=True)
    begin_session(person, browser, how=how, tx=tx, now=now)
    return SignedIn(person)


def _was_wrong(
    email: str,
    person: Person | None,
    browser: Browser,
    *,
    tries: Tries,
    store: Store,
    clock: Clock,
) -> Wrong:
    with store.begin() as tx:
        wrong = tries.was_wrong(email, browser.network, tx=tx, now=tx.now(clock))
        if wrong.pause and person is not None:
            tx.audit.add("session.pause", by="", now=clock(), kind="person", subject=person.handle)
        return wrong
