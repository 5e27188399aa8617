"""The endings of a file, taken in by the database: who has left another one gets nothing from this.

Any number of times: what is in the database already changes nothing.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from dispatch.clock import Clock
from dispatch.config.process.endings_file import EndingsFile
from dispatch.model.people.ending import Ending, Markers, What
from dispatch.model.people.subscriber import SubscriberRow, email_key
from dispatch.store.transactions import Store, Transaction

SOURCE = "had left before this database was used"
REASON = "was suppressed before this database was used"


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a file brought: endings that were new here, and what they ended.

    Of those that are left over nobody is in this database yet: they count when somebody comes.
    `foreign` were written with a secret key that is not among ours, so that nobody can be found by
    them, and `unreadable` are lines that make no sense.
    """

    endings: int = 0
    subscriptions: int = 0
    suppressions: int = 0
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
    ours = {one.mark: one for one in said.endings if one.key in markers.keys}
    foreign = sum(one.key not in markers.keys for one in said.endings)
    with store.begin() as tx:
        known = tx.endings.known(list(ours))
        new = {mark: one for mark, one in ours.items() if mark not in known}
        tx.endings.add(list(new.values()))
        left, suppressed = _apply(new, tx, markers, clock()) if new else (0, 0)
        tx.endings.note_taken_in(said.file_id, said.size)
    return TakenIn(len(new), left, suppressed, foreign, said.unreadable)


def keep_out(
    audience: str,
    newcomers: Collection[tuple[int, SubscriberRow]],
    *,
    tx: Transaction,
    markers: Markers,
    now: datetime,
) -> int:
    """End the subscriptions of those whom a file brings in and who have left before; how many."""
    if not newcomers or tx.endings.is_empty():
        return 0
    left = {row.email: markers.left(email_key(row.email), audience) for _, row in newcomers}
    never = {row.email: markers.suppressed(email_key(row.email)) for _, row in newcomers}
    known = tx.endings.known([mark for of in (*left.values(), *never.values()) for mark in of])
    ended = 0
    for subscriber_id, row in newcomers if known else ():
        if not known.isdisjoint(left[row.email]):
            ended += tx.subscribers.end(subscriber_id, audience, source=SOURCE, now=now)
        if not known.isdisjoint(never[row.email]):
            tx.subscribers.suppress(row.email, reason=REASON, now=now)
    return ended


def _apply(
    new: dict[str, Ending], tx: Transaction, markers: Markers, now: datetime
) -> tuple[int, int]:
    """Find whom the endings are about, and end their subscriptions: everybody is looked at."""
    leaving = list(_leaving(new, tx, markers))
    never = list(_never(new, tx, markers))
    left = [tx.subscribers.end(one, audience, source=SOURCE, now=now) for one, audience in leaving]
    suppressed = [tx.subscribers.suppress(email, reason=REASON, now=now) for email in never]
    return sum(left), sum(suppressed)


def _leaving(
    new: dict[str, Ending], tx: Transaction, markers: Markers
) -> Iterator[tuple[int, str]]:
    for one in tx.subscribers.active_everywhere():
        marks = markers.left(one.email_key, one.audience)
        marks += markers.left_by_link(one.public_id, one.audience)
        # Who has come back since then had left before.
        if any(mark in new and new[mark].at >= one.since for mark in marks):
            yield one.id, one.audience


def _never(new: dict[str, Ending], tx: Transaction, markers: Markers) -> Iterator[str]:
    if all(one.what is not What.SUPPRESSED for one in new.values()):
        return
    for email in tx.subscribers.emails():
        if not new.keys().isdisjoint(markers.suppressed(email_key(email))):
            yield email
