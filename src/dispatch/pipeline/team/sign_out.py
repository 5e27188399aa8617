"""Somebody signs out, or ends browsers in which they are signed in."""

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.team.person import Session
from dispatch.store.transactions import Store


def sign_out(session: Session, *, store: Store, clock: Clock) -> None:
    """End the session that is asking."""
    end_session(session, session.id, store=store, clock=clock)


def end_session(asking: Session, number: int, *, store: Store, clock: Clock) -> None:
    """End one of somebody's own sessions, by its number. Raises NotFound."""
    person, now = asking.person, clock()
    with store.begin() as tx:
        if not tx.sessions.end(person, now=now, only=number):
            raise NotFound("session: has ended, or is not yours - see those that are open")
        tx.audit.add("session.end", by=person.handle, now=now, kind="person", subject=person.handle)


def end_other_sessions(asking: Session, *, store: Store, clock: Clock) -> int:
    """End all of somebody's sessions but the one that is asking: how many."""
    person, now = asking.person, clock()
    with store.begin() as tx:
        number = tx.sessions.end(person, now=now, but=asking.id)
        if number:
            tx.audit.add(
                "session.end_others",
                by=person.handle,
                now=now,
                kind="person",
                subject=person.handle,
                number=number,
            )
        return number
