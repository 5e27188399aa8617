"""Somebody who has left asks for it again: a new consent, beside the old word that stays."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.ids import Ids
from dispatch.model.people.ending import Ending, What
from dispatch.model.people.subscriber import (
    Consent,
    Subscriber,
    SubscriberRow,
    SubscriptionState,
    email_key,
)
from dispatch.pipeline.people.add_subscriber import check_not_suppressed, left_before
from dispatch.pipeline.people.endings import Endings
from dispatch.store.people.consents import Standing
from dispatch.store.transactions import Store, Transaction


def return_to_audience(
    email: str,
    audience: str | None,
    *,
    source: str,
    audiences: Collection[str],
    store: Store,
    clock: Clock,
    ids: Ids,
    endings: Endings,
) -> str:
    """Begin somebody's subscription anew; which audience, where they left only one.

    `audiences` are those that there are. It is also written beside the database, so that the ending
    there ends nothing any more. Raises Conflict, NotFound and BadInput; then nothing is changed.
    """
    with store.begin() as tx:
        check_not_suppressed(email, tx, endings.markers)
        person = tx.subscribers.find(email)
        standing = tx.consents.standing(person.id) if person else {}
        asked = {audience} if audience else {*audiences, *standing}
        gone = [one for one in sorted(asked) if _has_left(email, person, one, tx, endings)]
        found = _only(gone, email, audience, active=[*_active(standing)])
        now = clock()
        if person is None:
            row = SubscriberRow(1, email, Consent(now, source))
            subscriber_id = tx.subscribers.put(row, now=now, ids=ids)
        else:
            subscriber_id = person.id
        back = _back(email, person, found, tx, endings)
        at = max([now, *(one.at for one in back)])
        tx.consents.give(subscriber_id, found, Consent(at, source), now=at)
        tx.endings.add(back)
    for one in back:  # after it is kept: until then they have left
        endings.write(one)
    return found


def lift_suppression(
    email: str, *, source: str, store: Store, clock: Clock, endings: Endings
) -> None:
    """Let an address be mailed again, here and in any database after this; raises NotFound.

    Whoever has left stays out all the same.
    """
    markers, key = endings.markers, email_key(email)
    with store.begin() as tx:
        known = tx.endings.known(markers.suppressed(key))
        if not tx.consents.lift(email) and not known:
            raise NotFound(f"{email}: is not suppressed - nothing was changed")
        marks = markers.all_suppressed(key)
        newest = markers.newest.suppressed(key)
        back = endings.taken_back(What.LIFTED, marks, newest, tx=tx)
        tx.endings.add(back)
        if person := tx.subscribers.find(email):
            tx.consents.note_lifted(person.id, source, now=clock())
    for one in back:
        endings.write(one)


def _back(
    email: str, person: Subscriber | None, audience: str, tx: Transaction, endings: Endings
) -> list[Ending]:
    key, public_id = email_key(email), person.public_id if person else ""
    marks = endings.markers.all_left(key, public_id, audience)
    newest = endings.markers.newest.left(key, audience)
    return endings.taken_back(What.RETURNED, marks, newest, tx=tx)


def _has_left(
    email: str, person: Subscriber | None, audience: str, tx: Transaction, endings: Endings
) -> bool:
    state = tx.subscribers.state(person.id, audience) if person else None
    if state is SubscriptionState.ACTIVE:
        return False
    if state is SubscriptionState.ENDED:
        return True
    return left_before(email, person, audience, tx, endings.markers) is not None


def _active(standing: Mapping[str, Standing]) -> Iterator[str]:
    return (name for name, one in standing.items() if one.state is SubscriptionState.ACTIVE)


def _only(gone: Sequence[str], email: str, audience: str | None, *, active: Sequence[str]) -> str:
    """The one audience that they have left and are to be in again."""
    if len(gone) == 1:
        return gone[0]
    if gone:
        raise BadInput([f"{email}: left {', '.join(gone)} - say which by --audience"])
    there = [one for one in active if audience in {None, one}]
    if there:
        raise Conflict(f"{email}: is in {', '.join(there)} - nothing was changed")
    advice = "'dispatch subscribers add' brings somebody in"
    raise NotFound(f"{email}: has not left {audience or 'any audience'} - {advice}")
