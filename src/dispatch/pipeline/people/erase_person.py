"""Somebody is erased: who they are goes everywhere, what was sent stays counted."""

from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import NotFound
from dispatch.model.notify.types import Type
from dispatch.model.people.ending import Markers
from dispatch.model.people.record import Erased
from dispatch.model.people.subscriber import Subscriber, email_key
from dispatch.pipeline.people.endings import Endings
from dispatch.store.transactions import Store, Transaction

GROUND = "erased"
"""On what ground their subscriptions end, for the record."""


def erase_person(
    person: Subscriber,
    *,
    source: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    by: str | None = None,
) -> Erased:
    """Take name, address and fields of somebody out of the database, and keep them out.

    What stays is a mark beside the database by which no file brings them in again, and a line that
    says on whose word (`source`). `by` is who of the team does so; None: they themselves. Once it
    is done there is nothing left to undo. Raises NotFound for somebody who is not there any more.
    """
    with store.begin() as tx:
        found = _found(person, tx)
        written_down(found, tx=tx, endings=endings)
        now = clock()
        erased = erase_in(found, source=source, tx=tx, now=now, markers=endings.markers)
        _note(erased, by, tx)
    store.wipe()
    return erased


def erase_address(
    email: str,
    *,
    source: str,
    store: Store,
    clock: Clock,
    endings: Endings,
    by: str | None = None,
) -> Erased:
    """The same of an address that is nobody's here: of who filled in a form, or is suppressed.

    Raises NotFound where nothing is known by it.
    """
    key = email_key(email)
    marks = {key: endings.markers.newest.suppressed(key)}
    with store.begin() as tx:
        was_suppressed = tx.suppressions.of_address(key) is not None
        rows = tx.erasures.empty_address(key, marks)
        if not rows:
            raise NotFound(f"{email}: no such subscriber - see 'dispatch subscribers list'")
        tx.endings.add([endings.erased(key, tx=tx)])
        if was_suppressed:
            tx.endings.add([endings.suppressed(key, tx=tx)])
        erased = tx.erasures.add(
            at=clock(), source=source, fields=rows, subscriptions=0, deliveries=0
        )
        _note(erased, by, tx)
    store.wipe()
    return erased


def written_down(person: Subscriber, *, tx: Transaction, endings: Endings) -> None:
    """Write down beside the database that somebody was erased, by each address that was theirs."""
    for key in sorted(tx.erasures.names(person).email_keys):
        tx.endings.add([endings.erased(key, tx=tx)])
        if tx.suppressions.of_address(key):  # their database forgets it, the file must not
            tx.endings.add([endings.suppressed(key, tx=tx)])


def erase_in(
    person: Subscriber, *, source: str, tx: Transaction, now: datetime, markers: Markers
) -> Erased:
    """Erase somebody within a transaction, where that is written down already."""
    names = tx.erasures.names(person)
    audiences = list(tx.consents.standing(person.id))
    ended = [
        one
        for one in audiences
        if tx.subscribers.end(person.id, one, source=GROUND, now=now, tells=False)
    ]
    marks = {key: markers.newest.suppressed(key) for key in names.email_keys}
    fields, deliveries = tx.erasures.empty(person, names, marks, now=now)
    # Only now, and by their id alone: what was told of them before is gone.
    left = [(person.public_id, {"id": person.public_id, "audience": one}) for one in ended]
    tx.notifications.add_many(Type.SUBSCRIBER_LEFT, left, now=now)
    return tx.erasures.add(
        at=now, source=source, fields=fields, subscriptions=len(ended), deliveries=deliveries
    )


def _note(erased: Erased, by: str | None, tx: Transaction) -> None:
    """In the audit log they have the number of their erasing, which names nobody."""
    if by is not None:
        act = "subscriber.erase"
        tx.audit.add(act, by=by, now=erased.at, kind="subscriber", subject=erased.number)


def _found(person: Subscriber, tx: Transaction) -> Subscriber:
    found = tx.subscribers.get([person.id]).get(person.id)
    if found is None:
        raise NotFound("nobody is there by that name any more - nothing was changed")
    return found
