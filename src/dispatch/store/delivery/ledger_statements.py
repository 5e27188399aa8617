"""The statements of the ledger: written with SQLAlchemy, compiled once for a kind of database."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState, On, move
from dispatch.model.editions.edition import EditionState
from dispatch.model.people.subscriber import SubscriptionState
from dispatch.store.database.lists import one_of, pairs
from dispatch.store.database.prepared import Prepared, PreparedInOrder, dialect_of
from dispatch.store.database.schema import (
    batches,
    deliveries,
    editions,
    identity,
    stops,
    subscribers,
    subscriptions,
)
from dispatch.store.delivery.batch_counts import FORGOTTEN
from dispatch.store.people.suppressed import is_suppressed


@lru_cache
def statements_for(kind: str) -> dict[str, Prepared]:
    """All statements, compiled for one kind of database."""
    made = dialect_of(kind)
    return {
        name: Prepared(statement, made)
        for name, statement in {
            "items": _items(),
            "renew": _renewal(),
            "forget": _forgetting(),
            "held": sa.select(1).where(_goes_on()),
            "intend": _intents(made),
            "suppress": _suppressions(made),
            "accept": _acceptances(made),
            "settle": _settlements(),
            "reserve": _reservation(),
            **({"both": _both(made)} if kind == "postgresql" else {}),
        }.items()
    }


def _aging() -> sa.Update:
    return identity.update().values(age=identity.c.age + 1)


def _growth() -> sa.UpdateBase:
    return _aging().returning(identity.c.id, identity.c.age)


def _now() -> sa.BindParameter[Any]:
    return sa.bindparam("now", type_=deliveries.c.changed_at.type)


def _items() -> sa.Select[Any]:
    key = deliveries.c.id
    return (
        sa.select(
            key,
            deliveries.c.channel,
            deliveries.c.recipient,
            deliveries.c.part,
            deliveries.c.subscriber_id,
            deliveries.c.attempt,
            deliveries.c.repeats_until,
            subscribers.c.email,
            subscribers.c.name,
            subscribers.c.locale,
            subscribers.c.timezone,
            subscribers.c.topics,
            subscribers.c.cadence,
            subscribers.c.fields,
            subscribers.c.public_id,
            subscribers.c.link_version,
        )
        .select_from(
            deliveries.outerjoin(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        )
        .where(
            key >= sa.bindparam("first", type_=sa.BigInteger),
            key <= sa.bindparam("last", type_=sa.BigInteger),
            deliveries.c.state == DeliveryState.PENDING.value,
            sa.or_(deliveries.c.due.is_(None), deliveries.c.due <= _now()),
        )
        .order_by(key)
        .limit(sa.bindparam("most", type_=sa.Integer))
    )


# Written out: SQLite compares a parameter with what a partial index says of that column, and has to
# prepare the whole statement anew each time, which takes 200 µs.
_SENDING: sa.ColumnElement[str] = sa.literal_column(f"'{EditionState.SENDING.value}'")


def _mine() -> sa.ColumnElement[bool]:
    return sa.and_(
        batches.c.id == sa.bindparam("batch", type_=sa.BigInteger),
        batches.c.fence == sa.bindparam("fence", type_=sa.Integer),
        batches.c.lease_until > _now(),
    )


def _goes_on() -> sa.ColumnElement[bool]:
    """Whether the batch is ours, its edition goes on, and its channel is not stopped."""
    sending = sa.exists().where(
        _mine(),
        editions.c.id == batches.c.edition_id,
        editions.c.state == _SENDING,
    )
    stopped = sa.exists().where(
        stops.c.channel == sa.bindparam("channel", type_=sa.Text),
        sa.or_(stops.c.until.is_(None), stops.c.until > _now()),
    )
    return sa.and_(sending, sa.not_(stopped))


def _renewal() -> sa.Update:
    until = sa.bindparam("until", type_=deliveries.c.changed_at.type)
    return batches.update().where(_mine()).values(lease_until=until)


def _reservation() -> sa.Update:
    reserved = sa.bindparam("reserved", type_=batches.c.reserved.type)
    return batches.update().where(_mine()).values(reserved=reserved)


def _forgetting() -> sa.Update:
    """For a batch that others have taken, or that is in nobody's hands."""
    put_back = sa.or_(
        batches.c.fence != sa.bindparam("fence", type_=sa.Integer),
        batches.c.lease_until.is_(None),
    )
    mine = batches.c.id == sa.bindparam("batch", type_=sa.BigInteger)
    return batches.update().where(mine, put_back).values(FORGOTTEN)


def _address_is_suppressed() -> sa.ColumnElement[bool]:
    return sa.exists().where(
        subscribers.c.id == deliveries.c.subscriber_id, is_suppressed(subscribers.c.email_key)
    )


def _has_left() -> sa.ColumnElement[bool]:
    return sa.or_(_address_is_suppressed(), sa.not_(_is(SubscriptionState.ACTIVE)))


def _is(state: SubscriptionState) -> sa.ColumnElement[bool]:
    return sa.exists().where(
        subscriptions.c.subscriber_id == deliveries.c.subscriber_id,
        subscriptions.c.audience == sa.bindparam("audience", type_=sa.Text),
        subscriptions.c.state == state.value,
    )


def _intents(dialect: sa.Dialect) -> sa.UpdateBase:
    fence = sa.bindparam("fence", type_=sa.Integer)
    granted_before = sa.and_(
        deliveries.c.state == DeliveryState.SENDING.value, deliveries.c.fence == fence
    )
    return (
        deliveries.update()
        .where(
            one_of(deliveries.c.id, "ids", dialect),
            sa.or_(deliveries.c.state == DeliveryState.PENDING.value, granted_before),
            _goes_on(),
            sa.or_(deliveries.c.subscriber_id.is_(None), sa.not_(_has_left())),
        )
        .values(_claimed(fence))
        .returning(deliveries.c.id)
    )


@lru_cache
def usual_statements() -> Mapping[str, PreparedInOrder]:
    """What SQLite does for chunks in which nothing is unusual: half of it looks, half writes.

    To ask and to write in one statement, with RETURNING, costs it twice as much.
    """
    key = deliveries.c.id
    listed = one_of(key, "ids", dialect_of("sqlite"))
    one = key == sa.bindparam("key", type_=sa.BigInteger)
    between = key.between(
        sa.bindparam("first", type_=sa.BigInteger), sa.bindparam("last", type_=sa.BigInteger)
    )
    fence = sa.bindparam("fence", type_=sa.Integer)
    waits = deliveries.c.state == DeliveryState.PENDING.value
    may_go = (  # joined, as to ask whether there is such a reader takes a quarter more
        sa.select(key)
        .join(subscribers, subscribers.c.id == deliveries.c.subscriber_id)
        .where(
            waits,
            _goes_on(),
            _is(SubscriptionState.ACTIVE),
            sa.not_(is_suppressed(subscribers.c.email_key)),
        )
    )
    claim = deliveries.update().where(waits).values(_claimed(fence))
    accept = (
        deliveries.update()
        .where(
            deliveries.c.state == DeliveryState.SENDING.value,
            deliveries.c.fence == fence,
            deliveries.c.recipient != "",  # of who was erased no name is kept
        )
        .values(
            state=move(DeliveryState.SENDING, On.TAKEN).value,
            reason="",
            provider_id=sa.bindparam("name", type_=sa.Text),
            changed_at=_now(),
        )
    )
    looking = ("now", "batch", "fence", "channel", "audience")
    claiming = ("now", "fence", "channel")
    accepting = ("now", "fence", "name")
    return {
        "may go": PreparedInOrder(may_go.where(listed), "ids", *looking),
        "may go between": PreparedInOrder(may_go.where(between), "first", "last", *looking),
        "claim": PreparedInOrder(claim.where(listed), "ids", *claiming),
        "claim between": PreparedInOrder(claim.where(between), "first", "last", *claiming),
        "accept": PreparedInOrder(accept.where(listed), "ids", *accepting),
        "accept between": PreparedInOrder(accept.where(between), "first", "last", *accepting),
        "accept one": PreparedInOrder(accept.where(one), "key", *accepting),
        "grow": PreparedInOrder(_growth()),
        "grow unseen": PreparedInOrder(_aging()),
    }


def _claimed(fence: sa.BindParameter[Any]) -> dict[str, Any]:
    return {
        "state": move(DeliveryState.PENDING, On.CLAIMED).value,
        "attempt": deliveries.c.attempt + 1,
        "fence": fence,
        "channel": sa.bindparam("channel", type_=sa.Text),
        "changed_at": _now(),
    }


def _suppressions(dialect: sa.Dialect) -> sa.Update:
    return (
        deliveries.update()
        .where(
            one_of(deliveries.c.id, "ids", dialect),
            deliveries.c.state == DeliveryState.PENDING.value,
            deliveries.c.subscriber_id.is_not(None),
            _has_left(),
        )
        .values(
            state=move(DeliveryState.PENDING, On.LEFT).value,
            reason=sa.case(
                (_address_is_suppressed(), "the address is suppressed"),
                (_is(SubscriptionState.PAUSED), "the reader has paused"),
                else_="the subscription has ended",
            ),
            changed_at=_now(),
        )
    )


# A late answer finds what settling for lost has made of the row, never another hand-over.
_LATE = sa.or_(
    deliveries.c.state == DeliveryState.UNKNOWN.value,
    deliveries.c.state == DeliveryState.PENDING.value,
)


def _acceptances(dialect: sa.Dialect) -> sa.Update:
    taken = pairs("numbers", "texts", dialect)
    return (
        deliveries.update()
        .where(
            deliveries.c.id == taken.c.number,
            sa.or_(deliveries.c.state == DeliveryState.SENDING.value, _LATE),
            deliveries.c.fence == sa.bindparam("fence", type_=sa.Integer),
        )
        .values(
            state=move(DeliveryState.SENDING, On.TAKEN).value,
            reason="",
            provider_id=_unless_erased(taken.c.text),
            changed_at=_now(),
        )
    )


def _unless_erased(text: sa.ColumnElement[str]) -> sa.ColumnElement[str]:
    """What a server said of a mail, which may name its reader: nothing where they were erased."""
    return sa.case((deliveries.c.recipient == "", ""), else_=text)


def _both(dialect: sa.Dialect) -> sa.Select[Any]:
    """Intents and acceptances in one statement, which must not be for the same rows."""
    intended = _intents(dialect).cte("intended")
    return sa.select(intended.c.id).add_cte(_acceptances(dialect).cte("taken"))


def _settlements() -> sa.Update:
    def given(name: str, column: sa.Column[Any]) -> sa.BindParameter[Any]:
        return sa.bindparam(name, type_=column.type)

    late = sa.and_(sa.bindparam("late", type_=sa.Integer) == 1, _LATE)
    return (
        deliveries.update()
        .where(
            deliveries.c.id == given("key", deliveries.c.id),
            deliveries.c.fence == given("fence", deliveries.c.fence),
            sa.or_(deliveries.c.state == DeliveryState.SENDING.value, late),
        )
        .values(
            state=given("to", deliveries.c.state),
            reason=_unless_erased(given("why", deliveries.c.reason)),
            due=sa.func.coalesce(given("again", deliveries.c.due), deliveries.c.due),
            attempt=deliveries.c.attempt - given("uncounted", deliveries.c.attempt),
            repeats_until=sa.func.coalesce(
                given("repeats", deliveries.c.repeats_until), deliveries.c.repeats_until
            ),
            changed_at=_now(),
        )
    )
