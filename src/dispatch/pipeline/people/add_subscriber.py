"""One person comes in by hand, on the ground that the team has noted."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from dispatch.clock import Clock
from dispatch.errors import BadInput, Conflict
from dispatch.ids import Ids
from dispatch.model.people.ending import Markers, What
from dispatch.model.people.subscriber import Subscriber, SubscriberRow, SubscriptionState, email_key
from dispatch.pipeline.people.note_of import note_of
from dispatch.pipeline.people.one_at_a_time import held, knowing_others, put_new
from dispatch.store.transactions import Store, Transaction

NOTHING = "nothing was changed"

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Added:
    """Where somebody stands now; not `new`: they were in the audience already, since then."""

    new: bool
    since: datetime


def add_subscriber(
    row: SubscriberRow,
    audience: str,
    *,
    store: Store,
    clock: Clock,
    ids: Ids,
    markers: Markers,
    by: str = "",
) -> Added:
    """Bring one person into an audience; what `row` leaves empty stays as it is known.

    `by` is who of the team does so.

    Who is there already is left as they are. Raises Conflict for somebody who has left or whose
    address is suppressed, and BadInput for a consent that is still to come.
    """
    now, at = clock(), row.consent.at
    if at is not None and at > now + A_DAY:  # in some zone it is tomorrow already
        raise BadInput([f"{row.email}: {at:%Y-%m-%d} is still to come - {NOTHING}"])
    consent = replace(row.consent, at=min(at, now) if at else None)

    def add() -> Added:
        with store.begin() as tx:
            check_not_suppressed(row.email, tx, markers)
            person = held(row.email, tx)
            if person is None:
                check_not_erased(row.email, tx, markers)
            stands = tx.consents.standing(person.id).get(audience) if person else None
            if stands and stands.state in {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}:
                return Added(new=False, since=stands.since)
            ended = stands.since if stands and stands.state is SubscriptionState.ENDED else None
            left = ended or left_before(row.email, person, audience, tx, markers)
            if left:
                advice = "where they ask for it again, use 'dispatch subscribers rejoin'"
                problem = f"left {audience} on {left:%Y-%m-%d} UTC"
                raise Conflict(f"{row.email}: {problem} - {NOTHING}; {advice} with the new consent")
            if person is None:
                found = put_new(row, tx=tx, ids=ids)
            else:
                found = tx.subscribers.put(_with_what_is_known(row, person), now=now, ids=ids)
            tx.consents.give(found, audience, consent, now=now)
            note_of(found, "subscriber.add", by=by, tx=tx, now=now, audience=audience)
        return Added(new=True, since=now)

    return knowing_others(add)


def check_not_suppressed(email: str, tx: Transaction, markers: Markers) -> None:
    """Raise Conflict where an address is never to be mailed, by this database or one before it."""
    advice = f"{NOTHING}; where that is a mistake, lift it first: 'dispatch subscribers lift'"
    if found := tx.suppressions.of(email):
        problem = f"is suppressed since {found.since:%Y-%m-%d} UTC ({found.reason})"
        raise Conflict(f"{email}: {problem} - {advice}")
    if tx.endings.known(markers.suppressed(email_key(email))):
        raise Conflict(f"{email}: was suppressed before this database was used - {advice}")


def check_not_erased(email: str, tx: Transaction, markers: Markers) -> None:
    """Raise Conflict where somebody was erased: nobody but they bring them in again."""
    if tx.endings.known(markers.erased(email_key(email))):
        advice = "where they ask for it again, use 'dispatch subscribers rejoin'"
        raise Conflict(f"{email}: was erased - {NOTHING}; {advice} with the new consent")


def left_before(
    email: str, person: Subscriber | None, audience: str, tx: Transaction, markers: Markers
) -> datetime | None:
    """When somebody left an audience, by what is kept beside the database; None: they did not."""
    public_id = person.public_id if person else ""
    marks = markers.all_left(email_key(email), public_id, audience)
    said = tx.endings.said(list(marks)).values()
    return max((one.at for one in said if one.what is What.LEFT), default=None)


def _with_what_is_known(row: SubscriberRow, person: Subscriber) -> SubscriberRow:
    return replace(
        row,
        email=person.email,
        name=row.name or person.name,
        locale=row.locale or person.locale,
        timezone=row.timezone or person.timezone,
        topics=row.topics or person.topics,
        cadence=row.cadence or person.cadence,
        fields={**person.fields, **row.fields},
    )
