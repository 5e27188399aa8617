"""Somebody chooses another password by the present one, which ends all their other sessions."""

from collections.abc import Sequence

from dispatch.clock import Clock
from dispatch.model.team.mail import TeamTopic
from dispatch.model.team.passes import Purpose
from dispatch.model.team.person import Person, Session
from dispatch.pipeline.team.browser import Browser
from dispatch.pipeline.team.check_password import check_password
from dispatch.pipeline.team.passwords import Passwords
from dispatch.pipeline.team.queue_mail import queue_team_mail
from dispatch.pipeline.team.tries import Wrong
from dispatch.store.transactions import Store, Transaction


def change_password(
    session: Session,
    old: str,
    new: str,
    browser: Browser,
    *,
    keys: Sequence[str],
    via: str,
    passwords: Passwords,
    store: Store,
    clock: Clock,
) -> Wrong | None:
    """Change it; the session that asks goes on under a new token. None: done. Raises TooBusy."""
    person, network = session.person, browser.network
    wrong = check_password(
        person, old, network, keys=keys, passwords=passwords, store=store, clock=clock
    )
    if wrong:
        return wrong
    hashed = passwords.hash(new)
    with store.begin() as tx:
        keep_password(person, hashed, via=via, tx=tx, clock=clock, but=session.id)
        tx.sessions.renew(session, browser.mark)
    return None


def keep_password(
    person: Person, hashed: str, *, via: str, tx: Transaction, clock: Clock, but: int = 0
) -> None:
    """Keep it; end their sessions and their links, and tell their mailbox."""
    now = clock()
    tx.persons.change(person, password=hashed)
    tx.sessions.end(person, now=now, but=but)
    for purpose in (Purpose.RESET, Purpose.CODE):
        tx.passes.end(purpose, person.handle, now=now)
    tx.audit.add("person.password", by=person.handle, now=now, kind="person", subject=person.handle)
    if via:
        queue_team_mail(
            TeamTopic.CHANGED,
            person.email,
            subject=person.handle,
            locale=person.locale,
            via=via,
            tx=tx,
            now=now,
        )
