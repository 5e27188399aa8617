"""Somebody who has left asks for it again: a new consent, beside the old word that stays."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.ids import Ids
from dispatch.model.people.ending import Ending
from dispatch.model.people.record import Trace
from dispatch.model.people.subscriber import (
    Consent,
    Subscriber,
    SubscriberRow,
    SubscriptionState,
    email_key,
)
from dispatch.pipeline.people.add_subscriber import check_not_suppressed, left_before
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.note_of import note_of
from dispatch.pipeline.people.one_at_a_time import held, knowing_others, put_new
from dispatch.store.people.consents import Standing
from dispatch.store.transactions import Store, Transaction

_HERE = {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}


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
    note: str = "",
    by: str | None = None,
) -> str:
    """Begin somebody's subscription anew; which audience, where they left only one.

    Who was erased begins as somebody new. `note` is what somebody wrote of the ground, in words
    that may name them. `by` is who of the team does so.

    `audiences` are those that there are. It is also written beside the database, so that the ending
    there ends nothing any more. Raises Conflict, NotFound and BadInput; then nothing is changed.
    """

    def begin() -> tuple[str, list[Ending]]:
        with store.begin() as tx:
            check_not_suppressed(email, tx, endings.markers)
            person = held(email, tx)
            standing = tx.consents.standing(person.id) if person else {}
            asked = {audience} if audience else {*audiences, *standing}
            gone = [one for one in sorted(asked) if _has_left(email, person, one, tx, endings)]
            found = _only(gone, email, audience, active=[*_active(standing)])
            now = clock()
            if person is None:
                row = SubscriberRow(1, email, Consent(now, source))
                subscriber_id = put_new(row, tx=tx, ids=ids)
            else:
                subscriber_id = person.id
            back = _back(email, person, found, tx, endings)
            at = max([now, *(one.at for one in back)])
            consent = Consent(at, source, trace=Trace(email=email, note=note))
            tx.consents.give(subscriber_id, found, consent, now=at)
            tx.endings.add(back)
            note_of(subscriber_id, "subscriber.rejoin", by=by, tx=tx, now=now, audience=found)
        return found, back

    found, back = knowing_others(begin)
    for one in back:  # after it is kept: until then they have left
        endings.write(one)
    return found


def _back(
    email: str, person: Subscriber | None, audience: str, tx: Transaction, endings: Endings
) -> list[Ending]:
    key, public_id = email_key(email), person.public_id if person else ""
    back = endings.returned(key, public_id, audience, tx=tx)
    return [*back, *endings.returned_after_erasing(key, tx=tx)]


def _has_left(
    email: str, person: Subscriber | None, audience: str, tx: Transaction, endings: Endings
) -> bool:
    state = tx.subscribers.state(person.id, audience) if person else None
    if state in _HERE:
        return False
    if state is SubscriptionState.ENDED:
        return True
    erased = person is None and endings.is_erased(email_key(email), tx=tx)
    return erased or left_before(email, person, audience, tx, endings.markers) is not None


def _active(standing: Mapping[str, Standing]) -> Iterator[str]:
    return (name for name, one in standing.items() if one.state in _HERE)


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
