"""Addresses and domains to which nothing goes, and how each of them came and went."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import sqlalchemy as sa

from dispatch.clock import Timer, system_timer
from dispatch.model.people.subscriber import SubscriptionState, Suppression, email_key
from dispatch.model.people.suppression import SuppressionWord, Target, WordOfSuppression
from dispatch.store.database.alike import contains
from dispatch.store.database.lists import one_of, packed
from dispatch.store.database.look_through import AT_A_TIME, SECONDS
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import (
    subscribers,
    subscriptions,
    suppressed_domains,
    suppression_words,
    suppressions,
)
from dispatch.store.people.subscribers import STREAMED
from dispatch.store.people.suppressed import is_its_domain, is_suppressed

_NEVER = datetime.min.replace(tzinfo=UTC)


class Suppressions:
    """What holds, and the words on record, which are only ever added to."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(self, email: str, *, reason: str, now: datetime, source: str = "") -> bool:
        """Never mail an address again; False if that was so already."""
        row = {"email_key": email_key(email), "email": email, "reason": reason, "since": now}
        new = insert_new(self._connection, suppressions, [{**row, "source": source}]) == 1
        if new:
            self.note(
                Target(email_key(email)),
                SuppressionWord.SUPPRESSED,
                reason=reason,
                source=source,
                now=now,
            )
        return new

    def add_all(
        self, found: Sequence[tuple[Target, Suppression]], *, now: datetime
    ) -> list[Target]:
        """Keep all that are not suppressed yet; which those are.

        What was lifted since then is suppressed anew, from now on.
        """
        new: list[Target] = []
        lifted = self.lifted([one.key for one, _ in found])
        found = [
            (one, replace(said, since=now) if said.since <= lifted.get(one.key, _NEVER) else said)
            for one, said in found
        ]
        for table in (suppressed_domains, suppressions):
            is_domain = table is suppressed_domains
            some = {one.key: said for one, said in found if one.is_domain is is_domain}
            key = _key(table)
            there = set(self._connection.scalars(sa.select(key).where(key.in_(some))))
            rows = [
                {
                    key.name: one,
                    **({} if is_domain else {"email": said.email}),
                    "reason": said.reason,
                    "source": said.source,
                    "since": said.since,
                }
                for one, said in some.items()
                if one not in there
            ]
            insert_new(self._connection, table, rows)
            new += [Target(str(row[key.name])) for row in rows]
        self._note_all([(one, said) for one, said in found if one in set(new)])
        return new

    def lifted(self, keys: Collection[str]) -> dict[str, datetime]:
        """When each of these keys was last lifted, those that ever were."""
        word = suppression_words.c
        query = (
            sa.select(word.target, sa.func.max(word.at, type_=word.at.type))
            .where(word.target.in_(keys), word.what == SuppressionWord.LIFTED.value)
            .group_by(word.target)
        )
        return dict(self._connection.execute(query).all())

    def _note_all(self, found: Sequence[tuple[Target, Suppression]]) -> None:
        rows = [
            {
                "target": target.key,
                "what": SuppressionWord.SUPPRESSED.value,
                "reason": one.reason,
                "source": one.source,
                "at": one.since,
            }
            for target, one in dict(found).items()
        ]
        if rows:
            self._connection.execute(suppression_words.insert(), rows)

    def add_domain(self, target: Target, *, reason: str, now: datetime, source: str = "") -> bool:
        """Never mail anybody at a domain; False if that was so already."""
        row = {"domain": target.key, "reason": reason, "since": now, "source": source}
        new = insert_new(self._connection, suppressed_domains, [row]) == 1
        if new:
            what = SuppressionWord.SUPPRESSED
            self.note(target, what, reason=reason, source=source, now=now)
        return new

    def restate(self, email: str, *, reason: str, source: str, now: datetime) -> None:
        """Give another reason for a suppression that there is; both stay on record."""
        key = email_key(email)
        row = suppressions.update().where(suppressions.c.email_key == key)
        self._connection.execute(row.values(reason=reason, source=source))
        self.note(Target(key), SuppressionWord.SUPPRESSED, reason=reason, source=source, now=now)

    def note(
        self,
        target: Target,
        what: SuppressionWord,
        *,
        now: datetime,
        reason: str = "",
        source: str = "",
        note: str = "",
    ) -> None:
        """Put a word on record."""
        said = {"what": what.value, "reason": reason, "source": source, "note": note}
        self._connection.execute(_NOTE, {"target": target.key, "at": now, **said})

    def lift(self, target: Target) -> bool:
        """Take a suppression away; False if there was none."""
        if target.is_domain:
            gone = suppressed_domains.delete().where(suppressed_domains.c.domain == target.key)
        else:
            gone = suppressions.delete().where(suppressions.c.email_key == target.key)
        return bool(self._connection.execute(gone).rowcount)

    def of(self, email: str) -> Suppression | None:
        """Why an address is never mailed, and since when; None if it may be.

        What is said of itself comes before what is said of its domain.
        """
        key = email_key(email)
        return self.of_address(key) or self._of_domain(key)

    def of_address(self, key: str) -> Suppression | None:
        """What is said of just this address."""
        row = self._connection.execute(_BY_ADDRESS, {"key": key}).one_or_none()
        return _address(row) if row else None

    def of_target(self, target: Target) -> Suppression | None:
        """What is said of just this: a domain's is not that of an address there."""
        if not target.is_domain:
            return self.of_address(target.key)
        domain = suppressed_domains.c.domain == target.key
        row = self._connection.execute(sa.select(suppressed_domains).where(domain)).one_or_none()
        return _domain(row) if row else None

    def why(self, email: str) -> str:
        """Why an address is never mailed again, or empty."""
        found = self.of(email)
        if found is None:
            return ""
        what = "the address" if "@" in found.email[1:] else f"its domain ({found.email})"
        return f"{what} is suppressed: {found.reason}".rstrip(": ")

    def number_in(self, audience: str) -> int:
        """How many of an audience's readers get nothing."""
        is_reader = sa.exists().where(
            subscriptions.c.subscriber_id == subscribers.c.id,
            subscriptions.c.audience == audience,
            subscriptions.c.state == SubscriptionState.ACTIVE.value,
        )
        return self._connection.scalar(_suppressed_people(is_reader)) or 0

    def number_of(self, people: Collection[int]) -> int:
        """How many of these people, by number, get nothing."""
        dialect = self._connection.dialect
        query = _suppressed_people(one_of(subscribers.c.id, "ids", dialect))
        return self._connection.scalar(query, {"ids": packed(list(people), dialect)}) or 0

    def listed(
        self, *, text: str = "", limit: int | None = None, keys: Collection[str] | None = None
    ) -> Iterator[Suppression]:
        """Domains first, then addresses, each newest first; also those of nobody here.

        With `keys` only what these email keys and no others are suppressed by themselves.
        """
        everywhere = (suppressed_domains, "domain"), (suppressions, "email")
        left = limit
        for table, name in everywhere:
            query = sa.select(table).order_by(table.c.since.desc(), table.c[name])
            if text:
                query = query.where(contains(table.c[name], text))
            if keys is not None:
                query = query.where(_key(table).in_(keys))
            rows = self._connection.execute(query.limit(left), execution_options=STREAMED)
            with rows as found:
                for row in found:
                    left = None if left is None else left - 1
                    if table is suppressed_domains:
                        yield _domain(row)
                    else:
                        yield _address(row)

    def page(
        self,
        *,
        domains: bool = False,
        text: str = "",
        before: tuple[datetime, str] | None = None,
        most: int = 50,
    ) -> list[Suppression]:
        """Addresses, or domains, newest first; `before` is since when one is, and its key."""
        table = suppressed_domains if domains else suppressions
        key, since = _key(table), table.c.since
        query = sa.select(table).order_by(since.desc(), key.desc()).limit(most)
        if text:
            query = query.where(contains(key, text))
        if before:
            query = query.where(_is_before(since, key, before))
        rows = self._connection.execute(query)
        return [_domain(row) if domains else _address(row) for row in rows]

    def sought(
        self,
        text: str,
        *,
        domains: bool = False,
        before: tuple[datetime, str] | None = None,
        most: int = 50,
        seconds: float = SECONDS,
        timer: Timer = system_timer,
    ) -> tuple[list[Suppression], tuple[datetime, str] | None]:
        """Those with a text in them, newest first, as far as there is time to look.

        And the place from which on nothing was looked at, to be given as `before`.
        """
        end = timer() + seconds
        table = suppressed_domains if domains else suppressions
        key, since = _key(table), table.c.since
        found: list[Suppression] = []
        while len(found) < most:
            some = sa.select(table).order_by(since.desc(), key.desc())
            if before:
                some = some.where(_is_before(since, key, before))
            part = some.limit(AT_A_TIME).subquery()
            query = sa.select(part).where(contains(part.c[key.name], text))
            query = query.order_by(part.c.since.desc(), part.c[key.name].desc())
            rows = self._connection.execute(query.limit(most - len(found)))
            found += [
                _domain(row)
                if domains
                else Suppression(row.email, row.reason, row.since, row.source)
                for row in rows
            ]
            last = some.with_only_columns(since, key).offset(AT_A_TIME - 1).limit(1)
            row = self._connection.execute(last).one_or_none()
            before = (row[0], row[1]) if row else None
            if before is None or timer() > end:
                break
        return found, before if len(found) < most else None

    def history(self, *targets: Target) -> list[WordOfSuppression]:
        """What is on record about these, oldest first; of an address also that of its domains."""
        about = {found.key for one in targets for found in one.and_its_domains}
        query = sa.select(suppression_words).where(suppression_words.c.target.in_(about))
        rows = self._connection.execute(query.order_by(suppression_words.c.id))
        return [
            WordOfSuppression(row.target, row.what, row.reason, row.source, row.note, row.at)
            for row in rows
        ]

    def asked(self) -> dict[str, datetime]:
        """Email keys of suppressed people who ask for theirs to be lifted, and since when."""
        word, later = suppression_words.alias(), suppression_words.alias()
        lifted = sa.exists().where(
            later.c.target == word.c.target,
            later.c.id > word.c.id,
            later.c.what != SuppressionWord.ASKED.value,
        )
        query = (
            sa.select(word.c.target, sa.func.max(word.c.at, type_=word.c.at.type))
            .where(word.c.what == SuppressionWord.ASKED.value, ~lifted)
            .group_by(word.c.target)
        )
        return dict(self._connection.execute(query).all())

    def asked_by(self, key: str) -> datetime | None:
        """Since when somebody asks for theirs to be lifted; None where they do not."""
        last = self._connection.execute(_LAST_WORD, {"key": key}).one_or_none()
        return last.at if last and last.what == SuppressionWord.ASKED.value else None

    def _of_domain(self, key: str) -> Suppression | None:
        row = self._connection.execute(_DOMAIN_OF, {"key": key}).one_or_none()
        return _domain(row) if row else None


# Made once: who comes in, or is looked at, is asked for by them.
_NOTE = suppression_words.insert()
_LAST_WORD = (
    sa.select(suppression_words.c.what, suppression_words.c.at)
    .where(suppression_words.c.target == sa.bindparam("key"))
    .order_by(suppression_words.c.id.desc())
    .limit(1)
)
_BY_ADDRESS = sa.select(suppressions).where(suppressions.c.email_key == sa.bindparam("key"))
_DOMAIN_OF = (
    sa.select(suppressed_domains)
    .where(is_its_domain(sa.bindparam("key", type_=sa.Text)))
    .order_by(sa.func.length(suppressed_domains.c.domain).desc())  # the longer one says more
    .limit(1)
)


def _suppressed_people(where: sa.ColumnElement[bool]) -> sa.Select[Any]:
    query = sa.select(sa.func.count()).select_from(subscribers)
    return query.where(where, is_suppressed(subscribers.c.email_key))


def _is_before(
    since: sa.ColumnElement[datetime], key: sa.ColumnElement[str], before: tuple[datetime, str]
) -> sa.ColumnElement[bool]:
    # As one value, so that both databases begin there in their index, however many have one moment.
    moment, last = sa.literal(before[0], since.type), sa.literal(before[1], key.type)
    return sa.tuple_(since, key) < sa.tuple_(moment, last)


def _key(table: sa.Table) -> sa.Column[str]:
    return next(iter(table.primary_key))


def _address(row: sa.Row[Any]) -> Suppression:
    return Suppression(row.email, row.reason, row.since, row.source)


def _domain(row: sa.Row[tuple[object, ...]]) -> Suppression:
    return Suppression(str(Target(row.domain)), row.reason, row.since, row.source)
