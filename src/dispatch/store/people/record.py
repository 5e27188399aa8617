"""The record of what people said: words are only ever added, and what is personal stands beside."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa

from dispatch.model.people.form import wording_of
from dispatch.model.people.record import Said, Trace, Word, Wording
from dispatch.model.people.subscriber import Consent
from dispatch.store.database.rows import insert_new
from dispatch.store.database.schema import (
    address_changes,
    consents,
    reader_mails,
    sign_ups,
    traces,
    wordings,
)


class Record:
    """Words of single people; the database itself refuses to change or to delete one."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def add(
        self, subscriber_id: int, audience: str, what: Said, consent: Consent, *, now: datetime
    ) -> None:
        """Add a word of somebody; `audience` is empty where it is about them and not about one."""
        said = {
            "subscriber_id": subscriber_id,
            "audience": audience,
            "state": what.value,
            "source": consent.source,
            "given_at": consent.at,
            "recorded_at": now,
            "form": consent.form,
            "page": consent.page,
            "wording": consent.wording,
            "confirmed": consent.confirmed,
        }
        if not consent.trace:
            self._connection.execute(_ADD, said)
            return
        word = self._connection.scalars(_ADD_AND_NAME, said).one()
        trace = consent.trace
        beside = {"email": trace.email, "network": trace.network, "note": trace.note}
        self._connection.execute(_TRACE, {"consent_id": word, **beside})

    def keep_wording(self, text: str, *, now: datetime) -> str:
        """Keep a text that somebody agreed to, once; its id."""
        wording = wording_of(text)
        if wording:
            row = {"id": wording, "text": text, "since": now}
            insert_new(self._connection, wordings, [row])
        return wording

    def words(self, subscriber_id: int) -> list[Word]:
        """All that they have said, in the order in which we heard of it."""
        rows = self._connection.execute(_WORDS, {"reader": subscriber_id})
        return [_word(row) for row in rows]

    def wordings(self, ids: set[str]) -> Mapping[str, Wording]:
        """The texts that these ids stand for."""
        if not ids:
            return {}
        rows = self._connection.execute(sa.select(wordings).where(wordings.c.id.in_(ids)))
        return {row.id: Wording(row.id, row.text, row.since) for row in rows}

    def mails(self, email_keys: set[str], public_id: str) -> list[sa.Row[Any]]:
        """Mails to somebody about their own affairs, oldest first."""
        theirs = sa.or_(
            reader_mails.c.address_key.in_(email_keys), reader_mails.c.subject_id == public_id
        )
        query = sa.select(reader_mails).where(theirs).order_by(reader_mails.c.id)
        return list(self._connection.execute(query))

    def sign_ups(self, email_keys: set[str]) -> list[sa.Row[Any]]:
        """What was filled in with these addresses, oldest first."""
        query = sa.select(sign_ups).where(sign_ups.c.email_key.in_(email_keys))
        return list(self._connection.execute(query.order_by(sign_ups.c.id)))

    def address_changes(self, subscriber_id: int) -> list[sa.Row[Any]]:
        """Other addresses that somebody has named, oldest first."""
        query = sa.select(address_changes).where(address_changes.c.subscriber_id == subscriber_id)
        return list(self._connection.execute(query.order_by(address_changes.c.id)))


# Made once, as they are asked for each change of a person.
_ADD = consents.insert()
_ADD_AND_NAME = _ADD.returning(consents.c.id)
_TRACE = traces.insert()
_WORDS = (
    sa.select(consents, traces.c.email, traces.c.network, traces.c.note)
    .outerjoin(traces, traces.c.consent_id == consents.c.id)
    .where(consents.c.subscriber_id == sa.bindparam("reader"))
    .order_by(consents.c.id)
)


def ground_of(word: sa.FromClause) -> sa.ColumnElement[str]:
    """On what ground, as fully as it is known: what stands in `traces`, which is to be joined."""
    return sa.func.coalesce(sa.func.nullif(traces.c.note, ""), word.c.source).label("source")


def _word(row: sa.Row[Any]) -> Word:
    return Word(
        audience=row.audience,
        state=row.state,
        ground=row.source,
        given=row.given_at,
        recorded=row.recorded_at,
        form=row.form,
        page=row.page,
        wording=row.wording,
        confirmed=row.confirmed,
        trace=Trace(row.email or "", row.network or "", row.note or ""),
    )
