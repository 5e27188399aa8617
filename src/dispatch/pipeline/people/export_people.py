"""People as rows of a file, read while somebody takes it; that they took it goes on record."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from dispatch.clock import Clock
from dispatch.config.people.export_subscribers import export_columns, export_rows
from dispatch.store.transactions import Store


@dataclass(frozen=True, slots=True)
class People:
    """The columns, and the rows as they are read."""

    columns: Sequence[str]
    rows: Iterator[Sequence[str]]


def export_audience(audience: str, state: str, *, by: str, store: Store, clock: Clock) -> People:
    """Everybody who is or was in an audience, or stands so there."""
    _note(store, clock, by=by, audience=audience, state=state)
    with store.read() as tx:
        fields = tx.roster.field_names(audience)
    return People(export_columns(fields), _of_audience(audience, state, fields, store))


def export_chosen(public_ids: Sequence[str], *, by: str, store: Store, clock: Clock) -> People:
    """These people, with each audience that they are or were in."""
    with store.read() as tx:
        found = [tx.subscribers.by_public_id(one) for one in public_ids]
        ids = [one.id for one in found if one]
        people = [one for _, one in tx.roster.listed(ids=ids)]
    _note(store, clock, by=by, people=len(ids))
    fields = sorted({name for one in people for name in one.subscriber.fields})
    return People(export_columns(fields), export_rows(people, fields))


def _of_audience(
    audience: str, state: str, fields: Sequence[str], store: Store
) -> Iterator[Sequence[str]]:
    with store.read() as tx:
        listed = tx.roster.listed(audience=audience, state=state)
        yield from export_rows((one for _, one in listed), fields)


def _note(store: Store, clock: Clock, *, by: str, **detail: Any) -> None:
    with store.begin() as tx:
        tx.audit.add("subscriber.export", by=by, now=clock(), kind="subscriber", **detail)
