"""Put the database back from a copy, or go on with one that the workspace does not know."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

import structlog

from dispatch.clock import Clock
from dispatch.config.process.endings_file import EndingsFile
from dispatch.config.process.known_database import KnownDatabase
from dispatch.errors import BadInput
from dispatch.ids import Ids
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.people.ending import Markers
from dispatch.model.workspace.database_identity import (
    FINE,
    Identity,
    Known,
    Recognition,
    recognise,
)
from dispatch.pipeline.people.take_in_endings import TakenIn, take_in_endings
from dispatch.pipeline.workspace.doubt import Doubts, doubt_all, look_again
from dispatch.store.backups.copies import restoring
from dispatch.store.transactions import Store, Transaction

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class TakenOver:
    """What a database is from now on, and what a person has to decide about.

    `made` is when the copy was made that it was put back from.
    """

    stood: Recognition | None
    doubts: Doubts
    endings: Sequence[TakenIn] = field(default_factory=tuple)
    made: datetime | None = None


def restore(
    file: Path,
    url: str,
    campaigns: Iterable[Campaign],
    *,
    endings: Sequence[EndingsFile],
    replace: bool,
    known: KnownDatabase,
    markers: Markers,
    clock: Clock,
    ids: Ids,
    by: str = "",
) -> TakenOver:
    """Put the copy in the place of the database, all of it or nothing; nothing is sent by it.

    What may have gone out since it was made waits for a person. Who has left since, as the
    `endings` say, is taken in before anything can be sent. `by` names who decided, for the log.
    Raises as `restoring` does.
    """
    for one in endings:
        one.size() and one.file_id()  # a wrong file, before anything is done
    with restoring(url, file, replace=replace) as restored:
        tx, now = restored.tx, clock()
        last = _is_last(tx.identity.get(), known, shared=tx.is_shared)
        if last and not tx.batches.are_in_hand():
            doubts = look_again(tx=tx, made=restored.made)
        else:
            doubts = doubt_all(campaigns, tx=tx, made=restored.made, now=now)
        # Another database than the one that was lost: who still has that open sends nothing more.
        tx.identity.renew(ids())
    store = Store(url)
    try:
        taken = _take_in(endings, store, markers, clock)
        _adopt(store, known)
    finally:
        store.close()
    log.info("database.restored", by=by)
    return TakenOver(None, doubts, taken, restored.made)


def adopt(
    store: Store,
    campaigns: Iterable[Campaign],
    *,
    endings: Sequence[EndingsFile],
    known: KnownDatabase,
    markers: Markers,
    clock: Clock,
    by: str = "",
) -> TakenOver:
    """Go on with this database: a person says that it is the right one.

    What another one may have sent waits for a person, unless this one is the first, or the one that
    is known. `by` names who decided, for the log. Raises BadInput for a file that is no endings.
    """
    with store.begin() as tx:
        stands = _recognise(tx, known)
        doubts = Doubts()
        if stands not in FINE:
            doubts = doubt_all(campaigns, tx=tx, made=None, now=clock())
    taken = _take_in(endings, store, markers, clock)
    _adopt(store, known)
    log.info("database.adopted", by=by)
    return TakenOver(stands, doubts, taken)


def _is_last(copy: Identity, known: KnownDatabase, *, shared: bool) -> bool:
    """Whether nothing can have gone out since a copy was made: said only where we are alone."""
    try:
        return not shared and known.read() == Known(copy.id, copy.age)
    except BadInput:
        return False


def _recognise(tx: Transaction, known: KnownDatabase) -> Recognition:
    try:
        remembered = known.read()  # first, as the database grows before that is remembered
    except BadInput:  # it cannot be told what this database lacks, which is why somebody asks
        return Recognition.OTHER
    return recognise(tx.identity.get(), remembered, boot=known.boot)


def _take_in(
    endings: Sequence[EndingsFile], store: Store, markers: Markers, clock: Clock
) -> list[TakenIn]:
    return [
        take_in_endings(one, store=store, markers=markers, clock=clock, anew=True)
        for one in endings
    ]


def _adopt(store: Store, known: KnownDatabase) -> None:
    with store.read() as tx:
        found = tx.identity.get()
    known.adopt(found)
