"""The endings of a file, taken in by the database: who has left another one gets nothing from this.

Any number of times: what is in the database already changes nothing. A file that brings somebody in
again is no coming back; only a consent is that they gave later than they had left, or that the
last that was said of them is that they are back (`return_to_audience.py`).
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dispatch.clock import Clock
from dispatch.config.process.endings_file import EndingsFile
from dispatch.model.people.ending import Ending, Markers, What
from dispatch.model.people.subscriber import email_key
from dispatch.pipeline.people.erase_person import erase_in
from dispatch.store.people.arrivals import Chunk, Newcomer
from dispatch.store.transactions import Store, Transaction

SOURCE = "had left before this database was used"
REASON = "was suppressed before this database was used"
ERASED = "was erased before this database was used"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file brought: endings that were new here, and what they ended.

    Of the new ones `absent` are of people who are not in this database yet: they count when
    somebody comes. `foreign` were written with a secret key that is not among ours, so that nobody
    can be found by them, and `unreadable` are lines that make no sense.
    """

    endings: int = 0
    subscriptions: int = 0
    suppressions: int = 0
    erased: int = 0
    absent: int = 0
    foreign: int = 0
    unreadable: int = 0


def take_in_endings(
    file: EndingsFile, *, store: Store, markers: Markers, clock: Clock, anew: bool = False
) -> TakenIn:
    """Take in what the file says since the last time, or with `anew` all of it. Raises BadInput.

    In one transaction, before anything else is done with the database.
    """
    size = file.size()
    if not size:
        return TakenIn()
    with store.read() as tx:
        start = 0 if anew else tx.endings.taken_in(file.file_id())
    if start == size:
        return TakenIn()
    said = file.read(start if start < size else 0)
    ours = {one.mark: one for one in sorted(said.endings, key=_moment) if one.key in markers.keys}
    foreign = sum(one.key not in markers.keys for one in said.endings)
    with store.begin() as tx:
        known = tx.endings.said(list(ours))
        new = {mark: one for mark, one in ours.items() if one.replaces(known.get(mark))}
        tx.endings.add(list(new.values()))
        # What is known may have been noted before its person came: a person's word has all count.
        counts = {**ours, **known, **new} if anew else new
        found = _apply(counts, tx, markers, clock()) if counts else _Found()
        tx.endings.note_taken_in(said.file_id, said.size)
    absent = len(new.keys() - found.marks)
    if found.erased:
        store.wipe()
    return TakenIn(
        len(new),
        found.left,
        found.suppressed,
        found.erased,
        absent=absent,
        foreign=foreign,
        unreadable=said.unreadable,
    )


def erased_before(chunk: Chunk, *, tx: Transaction, markers: Markers) -> set[int]:
    """The places of those in a chunk of a file who were erased: none of them comes in."""
    if not tx.endings.has(What.ERASED):
        return set()
    marks = {
        mark: one.place for one in tx.arrivals.unknown(chunk) for mark in markers.erased(one.email)
    }
    return {marks[mark] for mark in tx.endings.known(list(marks))}


def keep_out(
    audience: str,
    newcomers: Collection[Newcomer],
    *,
    tx: Transaction,
    markers: Markers,
    now: datetime,
) -> int:
    """End the subscriptions of those whom a file brings in and who have left before; how many."""
    if not newcomers or tx.endings.is_empty():
        return 0
    left = {row.email: markers.left(email_key(row.email), audience) for row in newcomers}
    never = {row.email: markers.suppressed(email_key(row.email)) for row in newcomers}
    known = tx.endings.known([mark for of in (*left.values(), *never.values()) for mark in of])
    ended = 0
    for row in newcomers if known else ():
        if not known.isdisjoint(left[row.email]):
            ended += tx.subscribers.end(row.id, audience, source=SOURCE, now=now, tells=False)
        if not known.isdisjoint(never[row.email]):
            tx.suppressions.add(row.email, reason=REASON, now=now)
    return ended


@dataclass(slots=True)
class _Found:
    """Whom endings are about: the marks that are of somebody here, and what was ended by them."""

    marks: set[str] = field(default_factory=set)
    left: int = 0
    suppressed: int = 0
    erased: int = 0


def _apply(
    endings: Mapping[str, Ending], tx: Transaction, markers: Markers, now: datetime
) -> _Found:
    """Find whom the endings are about, and end their subscriptions: everybody is looked at."""
    found = _Found()
    leaving = list(_leaving(endings, tx, markers, found.marks, now))
    never = list(_never(endings, tx, markers, found.marks))
    erased = list(_erased(endings, tx, markers, found.marks, now))
    left = [tx.subscribers.end(one, audience, source=SOURCE, now=now) for one, audience in leaving]
    suppressed = [tx.suppressions.add(email, reason=REASON, now=now) for email in never]
    found.left, found.suppressed = sum(left), sum(suppressed)
    for person in tx.subscribers.get(erased).values():
        erase_in(person, source=ERASED, tx=tx, now=now, markers=markers)
        found.erased += 1
    return found


def _leaving(
    endings: Mapping[str, Ending],
    tx: Transaction,
    markers: Markers,
    found: set[str],
    now: datetime,
) -> Iterator[tuple[int, str]]:
    for one in tx.subscribers.consents_everywhere():
        marks = markers.left(one.email_key, one.audience)
        marks += markers.left_by_link(one.public_id, one.audience)
        said = [endings[mark] for mark in marks if mark in endings]
        found.update(ending.mark for ending in said)
        given = one.given_at if one.given_at and one.given_at <= now else None
        left = [ending for ending in said if ending.what is What.LEFT]
        if any(given is None or ending.at >= given for ending in left):
            yield one.id, one.audience


def _never(
    endings: Mapping[str, Ending], tx: Transaction, markers: Markers, found: set[str]
) -> Iterator[str]:
    if all(one.what not in {What.SUPPRESSED, What.LIFTED} for one in endings.values()):
        return
    for email in tx.subscribers.emails():
        marks = endings.keys() & markers.suppressed(email_key(email))
        found |= marks
        if any(endings[mark].what is What.SUPPRESSED for mark in marks):
            yield email


def _erased(
    endings: Mapping[str, Ending],
    tx: Transaction,
    markers: Markers,
    found: set[str],
    now: datetime,
) -> Iterator[int]:
    """Who is here though they were erased elsewhere, and have not said since that they want it."""
    if all(one.what not in {What.ERASED, What.RETURNED} for one in endings.values()):
        return
    said: dict[int, Ending] = {}
    back: set[int] = set()
    for one in tx.subscribers.consents_everywhere():
        marks = endings.keys() & markers.erased(one.email_key)
        found |= marks
        for ending in (endings[mark] for mark in marks):
            given = one.given_at if one.given_at and one.given_at <= now else None
            if ending.what is What.ERASED:
                said[one.id] = ending
                if given is not None and given > ending.at:
                    back.add(one.id)
    yield from said.keys() - back


def _moment(ending: Ending) -> datetime:
    return ending.at
