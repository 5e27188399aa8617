"""Who was erased: of them the database keeps numbers, and a line that names nobody."""

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote

import sqlalchemy as sa

from dispatch.model.delivery.state import DeliveryState, On, move
from dispatch.model.people.record import Erased
from dispatch.model.people.subscriber import Subscriber, SubscriptionState, email_key
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import (
    address_changes,
    consents,
    deliveries,
    editions,
    erasures,
    events,
    reader_mails,
    reasons,
    sign_ups,
    subscribers,
    subscriptions,
    suppression_words,
    suppressions,
    traces,
    welcomes,
)
from dispatch.store.delivery.batch_counts import forget
from dispatch.store.delivery.row_keys import key_of_reader
from dispatch.store.events.old import of_address, strip_events
from dispatch.store.notify.outbox import Notifications
from dispatch.store.people.subscribers import IS_THERE, to_subscriber

EDITIONS_AT_A_TIME = 200
_ESCAPED = re.compile(r"[+=](?=[0-9A-Fa-f]{2})")
"""How answers about mails write a sign: `+40` (RFC 3461, 4) or `=40` (RFC 2045, 6.7)."""

GONE = "erased"
"""The reason of a delivery that had not gone out yet."""


@dataclass(frozen=True, slots=True)
class Names:
    """By what somebody is found in texts: their addresses, now and before, and their name."""

    email_keys: frozenset[str]
    words: frozenset[str]
    name: str

    def are_in(self, text: str) -> bool:
        """Whether a text may be about them, or about any address."""
        levelled = _plain(text)
        return "@" in levelled or any(word in levelled for word in self.words)

    def are_written_in(self, text: str) -> bool:
        """Whether a text has an address of theirs, or their whole name."""
        levelled = _plain(text)
        return any(one in levelled for one in {*self.email_keys, self.name} if one)


class Erasures:
    """Takes people out of each table that names them; a caller does so in one transaction."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def names(self, person: Subscriber) -> Names:
        """By what this person is known: an address that is somebody else's by now is not theirs."""
        of = consents.c.subscriber_id == person.id
        query = sa.select(traces.c.email).join(consents, consents.c.id == traces.c.consent_id)
        emails = {person.email, *self._connection.scalars(query.where(of))}
        changed = sa.select(address_changes.c.email).where(
            address_changes.c.subscriber_id == person.id,
            address_changes.c.confirmed_at.is_not(None),
        )
        emails |= set(self._connection.scalars(changed))
        keys = {email_key(one) for one in emails if one}
        others = sa.select(subscribers.c.email_key).where(
            subscribers.c.email_key.in_(keys), subscribers.c.id != person.id
        )
        keys -= set(self._connection.scalars(others))
        locals_ = {key.rpartition("@")[0] for key in keys}
        name = person.name.lower()
        words = {*keys, *locals_, *name.split()}
        return Names(frozenset(keys), frozenset(filter(None, words)), name)

    def empty(
        self, person: Subscriber, names: Names, marks: dict[str, str], *, now: datetime
    ) -> tuple[int, int]:
        """Take somebody out of all that names them; how many fields and deliveries those were.

        `marks` are what stands for their addresses from now on, by email key. Their subscriptions
        are to have ended.
        """
        number = self._empty_deliveries(person.id, names, now)
        self._delete_beside(person, names.email_keys)
        Notifications(self._connection).erase(person.public_id)
        self._mark_suppressions(marks, names)
        self._forget_remarks(names)
        nothing: dict[str, Any] = dict.fromkeys(("email", "name", "locale", "timezone"), "")
        self._connection.execute(
            subscribers.update()
            .where(subscribers.c.id == person.id)
            .values(
                **nothing,
                email_key=f"{GONE} {person.id}",
                public_id=f"{GONE}{person.id}",
                topics=[],
                fields={},
                cadence="",
                cadence_own=False,
                profile_own=False,
                cadence_since=None,
                link_version=subscribers.c.link_version + 1,
                erased_at=now,
            )
        )
        return _count_fields(person), number

    def has_address(self, key: str) -> bool:
        """Whether anything is kept of an address that may be nobody's here.

        It was filled in, mailed to, told of by a provider, or is suppressed.
        """
        query = sa.select(
            sa.or_(
                sa.exists().where(sign_ups.c.email_key == key),
                sa.exists().where(reader_mails.c.address_key == key),
                sa.exists().where(_is_named_only(key)),
                sa.exists().where(suppressions.c.email_key == key),
                sa.exists().where(of_address([key])),
            )
        )
        return bool(self._connection.scalar(query))

    def empty_address(self, key: str, marks: dict[str, str]) -> int:
        """Take out an address of nobody here: what was filled in with it, and mails; how many rows.

        That includes what somebody named as their new address.
        """
        gone = [
            sign_ups.delete().where(sign_ups.c.email_key == key),
            reader_mails.delete().where(reader_mails.c.address_key == key),
            address_changes.delete().where(_is_named_only(key)),
            events.delete().where(of_address([key])),
        ]
        number = sum(self._connection.execute(one).rowcount for one in gone)
        names = Names(frozenset({key}), frozenset({key, key.rpartition("@")[0]}), "")
        number += self._mark_suppressions(marks, names)
        self._forget_remarks(names)
        return number

    def add(self, *, at: datetime, source: str, **counts: int) -> Erased:
        """Put on record that somebody was erased; the number is the next one of that year."""
        while True:
            number = self._next_number(at)
            values = {"number": number, "at": at, "source": source, **counts}
            statement = insert(self._connection, erasures).values(values)
            done = statement.on_conflict_do_nothing().returning(erasures.c.number)
            if self._connection.scalar(done) is not None:
                return Erased(number, at, source, **counts)

    def listed(self, *, limit: int | None = None) -> list[Erased]:
        """The lines, newest first."""
        query = sa.select(erasures).order_by(erasures.c.at.desc(), erasures.c.number.desc())
        rows = self._connection.execute(query.limit(limit))
        return [
            Erased(row.number, row.at, row.source, row.fields, row.subscriptions, row.deliveries)
            for row in rows
        ]

    def without_subscription(self, *, since: datetime, limit: int) -> list[Subscriber]:
        """Some people all of whose subscriptions had ended by then; who never had one is not."""
        later = sa.exists().where(
            subscriptions.c.subscriber_id == subscribers.c.id,
            sa.or_(
                subscriptions.c.state != SubscriptionState.ENDED.value,
                subscriptions.c.since > since,
            ),
        )
        any_ = sa.exists().where(subscriptions.c.subscriber_id == subscribers.c.id)
        query = sa.select(subscribers).where(IS_THERE, any_, ~later)
        rows = self._connection.execute(query.order_by(subscribers.c.id).limit(limit))
        return [to_subscriber(row) for row in rows]

    def _next_number(self, at: datetime) -> str:
        year = f"E-{at:%Y}-"
        size = sa.func.length(erasures.c.number)
        query = sa.select(erasures.c.number).where(erasures.c.number.startswith(year))
        last = self._connection.scalar(
            query.order_by(size.desc(), erasures.c.number.desc()).limit(1)
        )
        return f"{year}{int(last.removeprefix(year)) + 1 if last else 1:04}"

    def _delete_beside(self, person: Subscriber, email_keys: Collection[str]) -> None:
        words = sa.select(consents.c.id).where(consents.c.subscriber_id == person.id)
        theirs = sa.or_(
            reader_mails.c.address_key.in_(email_keys),
            reader_mails.c.subject_id == person.public_id,
        )
        self._delete_mails_about_changes(person.id)
        for statement in (
            traces.delete().where(traces.c.consent_id.in_(words)),
            address_changes.delete().where(address_changes.c.subscriber_id == person.id),
            sign_ups.delete().where(sign_ups.c.email_key.in_(email_keys)),
            reader_mails.delete().where(theirs),
            welcomes.delete().where(welcomes.c.subscriber_id == person.id),
            events.delete().where(of_address(email_keys)),
        ):
            self._connection.execute(statement)

    def _delete_mails_about_changes(self, person: int) -> None:
        """Those to an address that they named and never confirmed, which may be anybody's."""
        of = address_changes.c.subscriber_id == person
        query = sa.select(address_changes.c.public_id).where(of)
        about = reader_mails.c.subject_id.in_(query)
        self._connection.execute(reader_mails.delete().where(about))

    def _forget_remarks(self, names: Names) -> None:
        """What somebody wrote on leaving is nobody's, unless it says whose it is."""
        written = reasons.c.remark != ""
        rows = self._connection.execute(sa.select(reasons.c.id, reasons.c.remark).where(written))
        theirs = [row.id for row in rows if names.are_written_in(row.remark)]
        for start in range(0, len(theirs), EDITIONS_AT_A_TIME):
            some = reasons.c.id.in_(theirs[start : start + EDITIONS_AT_A_TIME])
            self._connection.execute(reasons.update().where(some).values(remark=""))

    def _mark_suppressions(self, marks: dict[str, str], names: Names) -> int:
        gone = suppressions.delete().where(suppressions.c.email_key.in_(marks))
        number = self._connection.execute(gone).rowcount
        words = sa.select(suppression_words).where(suppression_words.c.target.in_(marks))
        for row in self._connection.execute(words).all():
            source = "" if names.are_in(row.source) else row.source
            self._connection.execute(
                suppression_words.update()
                .where(suppression_words.c.id == row.id)
                .values(target=marks[row.target], reason="", note="", source=source)
            )
        return number

    def _empty_deliveries(self, person: int, names: Names, now: datetime) -> int:
        number = 0
        query = sa.select(editions.c.number).where(editions.c.addressed_at.is_not(None))
        found = list(self._connection.scalars(query.order_by(editions.c.number)))
        for start in range(0, len(found), EDITIONS_AT_A_TIME):
            some = found[start : start + EDITIONS_AT_A_TIME]
            number += self._empty_some([key_of_reader(one, person) for one in some], person, names)
            self._suppress([key_of_reader(one, person) for one in some], person, now)
        return number

    def _empty_some(self, keys: Sequence[int], person: int, names: Names) -> int:
        theirs = _theirs(keys, person)
        query = sa.select(deliveries.c.id, deliveries.c.reason).where(theirs)
        rows = self._connection.execute(query.with_for_update()).all()
        told = [row.id for row in rows if row.reason and names.are_in(row.reason)]
        self._change([row.id for row in rows], recipient="", provider_id="")
        strip_events(self._connection, [row.id for row in rows], names.are_in)
        self._change(told, reason="")
        forget(self._connection, told)
        return len(rows)

    def _suppress(self, keys: Sequence[int], person: int, now: datetime) -> None:
        waiting = deliveries.c.state == DeliveryState.PENDING.value
        to = move(DeliveryState.PENDING, On.LEFT).value
        statement = deliveries.update().where(_theirs(keys, person), waiting)
        changed = statement.values(state=to, reason=GONE, changed_at=now).returning(deliveries.c.id)
        forget(self._connection, list(self._connection.scalars(changed)))

    def _change(self, ids: Iterable[int], **values: str) -> None:
        if chosen := list(ids):
            statement = deliveries.update().where(deliveries.c.id.in_(chosen))
            self._connection.execute(statement.values(**values))


def _is_named_only(email_key: str) -> sa.ColumnElement[bool]:
    """Whether a change is to this address, and nobody there has confirmed it."""
    unconfirmed = address_changes.c.confirmed_at.is_(None)
    return sa.and_(address_changes.c.email_key == email_key, unconfirmed)


def _plain(text: str) -> str:
    """In small letters, with what mail servers and addresses of pages write as `%40` or `+40`."""
    return f"{text} {unquote(text)} {unquote(_ESCAPED.sub('%', text))}".lower()


def _theirs(keys: Sequence[int], person: int) -> sa.ColumnElement[bool]:
    at = sa.or_(deliveries.c.id.in_(keys), deliveries.c.reader.in_(keys))
    return sa.and_(at, deliveries.c.subscriber_id == person)


def _count_fields(person: Subscriber) -> int:
    profile = (person.email, person.name, person.locale, person.timezone, person.cadence)
    own = [value for value in person.fields.values() if value]
    return sum(1 for value in profile if value) + bool(person.topics) + len(own)
