"""Somebody sets up an app for a second factor, gets spare codes, or does without it again."""

from collections.abc import Sequence

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person, Session
from dispatch.pipeline.team.check_password import check_password
from dispatch.pipeline.team.factor import Factor, new_spare_codes, tidy_spare_code
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.team.tries import Wrong
from dispatch.signing import mark_of
from dispatch.store.transactions import Store, Transaction


def begin_factor(person: Person, *, keys: Sequence[str], store: Store, clock: Clock) -> None:
    """Make a secret for a new app; one that was begun before is forgotten.

    Raises Conflict where they have one: to take it away a password is asked for.
    """
    seed, now = Factor(keys).new_seed(), clock()
    with store.begin() as tx:
        _check_none(person, tx)
        tx.passes.end(Purpose.FACTOR, person.handle, now=now)
        detail = {"seed": seed}
        tx.passes.add(mark_of(seed), Purpose.FACTOR, subject=person.handle, detail=detail, now=now)


def begun_factor(person: Person, *, tx: Transaction, clock: Clock) -> str:
    """The seed of the app that is being set up; empty where none is."""
    found = tx.passes.latest(Purpose.FACTOR, person.handle, now=clock())
    return str(found.detail["seed"]) if found else ""


def confirm_factor(
    session: Session, code: str, *, keys: Sequence[str], store: Store, clock: Clock
) -> list[str]:
    """Have the app asked for from now on, if it gives the right code: the spare codes.

    None of them where the code is wrong. Other sessions end. Raises Conflict where none was begun,
    and where there is one by now.
    """
    person, now = session.person, clock()
    with store.begin() as tx:
        seed = begun_factor(person, tx=tx, clock=clock)
        if not seed:
            raise Conflict("second factor: was begun too long ago - begin anew")
        _check_none(person, tx)
        step = Factor(keys).step_of(seed, code, now=now)
        if not step:
            return []
        codes = new_spare_codes()
        tx.passes.end(Purpose.FACTOR, person.handle, now=now)
        tx.persons.change(person, factor=seed, factor_step=step)
        tx.spare_codes.replace(person, map(spare_mark, codes))
        tx.sessions.end(person, now=now, but=session.id)
        _tell("person.factor", person, tx, clock)
    return codes


def renew_spare_codes(
    person: Person,
    password: str,
    network: str,
    *,
    keys: Sequence[str],
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> list[str] | Wrong:
    """Give somebody new spare codes, who says their password; the ones before end."""
    wrong = check_password(
        person, password, network, keys=keys, passwords=passwords, store=store, clock=clock
    )
    if wrong:
        return wrong
    codes = new_spare_codes()
    with store.begin() as tx:
        if not tx.persons.credentials(person).factor:
            raise Conflict("second factor: there is none - set one up first")
        tx.spare_codes.replace(person, map(spare_mark, codes))
        _tell("person.spare_codes", person, tx, clock)
    return codes


def remove_factor(
    person: Person,
    password: str,
    network: str,
    *,
    keys: Sequence[str],
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> Wrong | None:
    """Ask for no code any more, where somebody says their password. None: done."""
    wrong = check_password(
        person, password, network, keys=keys, passwords=passwords, store=store, clock=clock
    )
    if wrong:
        return wrong
    with store.begin() as tx:
        forget_factor(person, tx)
        _tell("person.no_factor", person, tx, clock)
    return None


def remove_factor_of(handle: str, *, by: str, store: Store, clock: Clock) -> None:
    """Ask somebody for no code any more who has lost app and spare codes; `by` vouches for them."""
    with store.begin() as tx:
        person = tx.persons.get(handle)
        if not person.has_factor:
            raise Conflict(f"{handle}: has no second factor - nothing is to be removed")
        forget_factor(person, tx)
        tx.audit.add("person.no_factor", by=by, now=clock(), kind="person", subject=person.handle)


def forget_factor(person: Person, tx: Transaction) -> None:
    """Remove the app and its spare codes."""
    tx.persons.change(person, factor="")
    tx.spare_codes.replace(person, ())


def spare_mark(code: str) -> str:
    """What is kept of a spare code."""
    return mark_of(f"spare {tidy_spare_code(code)}")


def _check_none(person: Person, tx: Transaction) -> None:
    """Whoever has somebody's browser for a moment is not to put their own phone in its place."""
    if tx.persons.credentials(person).factor:
        raise Conflict("second factor: there is one - remove it first, which takes your password")


def _tell(act: str, person: Person, tx: Transaction, clock: Clock) -> None:
    tx.audit.add(act, by=person.handle, now=clock(), kind="person", subject=person.handle)
