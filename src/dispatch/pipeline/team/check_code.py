"""The second page of signing in: the code of an app, or a spare one."""

from collections.abc import Sequence
from contextlib import suppress

from dispatch.clock import Clock
from dispatch.errors import Conflict, LinkOver
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person
from dispatch.pipeline.team.browser import Browser, begin_session
from dispatch.pipeline.team.change_factor import spare_mark
from dispatch.pipeline.team.factor import Factor
from dispatch.pipeline.team.tries import Tries, Wrong
from dispatch.store.transactions import Store, Transaction

CODE = "app code"


def check_code(
    mark: str,
    code: str,
    browser: Browser,
    *,
    keys: Sequence[str],
    store: Store,
    clock: Clock,
) -> Person | Wrong:
    """Begin the session of who has said their password, and the pass `mark` for it.

    Each code counts once. Raises LinkOver where they said the password too long ago.
    """
    tries, now = Tries(keys, CODE), clock()
    with store.begin() as tx:
        shared = tx.now(clock)
        found = tx.passes.find(mark, Purpose.CODE, now=now)
        person = tx.persons.find(found.subject) if found else None
        if found is None or person is None or person.ended is not None:
            raise LinkOver("sign-in: the password was said too long ago - begin anew")
        if wrong := tries.begin(person.email, browser.network, tx=tx, now=shared):
            return wrong
        how = _how(person, code, tx=tx, keys=keys, clock=clock)
        if not how:
            return tries.was_wrong(person.email, browser.network, tx=tx, now=shared)
        tries.was_right(person.email, browser.network, tx=tx)
        tx.passes.use(mark, Purpose.CODE, now=now)
        begin_session(person, browser, how=how, tx=tx, now=now)
        return person


def _how(person: Person, code: str, *, tx: Transaction, keys: Sequence[str], clock: Clock) -> str:
    """By what they have proved it; empty where the code is wrong, or was used."""
    seed, now = tx.persons.credentials(person).factor, clock()
    if tx.spare_codes.use(person, spare_mark(code), now=now):
        return "spare code"
    with suppress(Conflict):  # without extra or key spare codes are all there is
        step = Factor(keys).step_of(seed, code, now=now)
        if step and tx.persons.take_step(person, step):
            return "code"
    return ""
