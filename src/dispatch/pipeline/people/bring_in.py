"""People of a staged file into an audience: consent begins, and is never revived by a file."""

from collections.abc import Callable, Iterator

from dispatch.clock import Clock
from dispatch.ids import Ids
from dispatch.model.people.ending import Markers
from dispatch.pipeline.people.take_in_endings import erased_before, keep_out
from dispatch.store.people.arrivals import SHARED, Chunk
from dispatch.store.staged import Staged

CHUNK = 20_000
"""People per transaction: few round trips, and others can write again within half a second."""


def bring_in(
    audience: str,
    number: int,
    *,
    staged: Staged,
    clock: Clock,
    ids: Ids,
    markers: Markers,
    file: str = "",
    progress: Callable[[int], None] = lambda _: None,
    chunk_size: int = CHUNK,
) -> int:
    """Bring the people into an audience, of whom there are so many; how many are new in it.

    `file` is the name of what they stand in, for the record.

    Who is there already is brought up to date; a subscription that has ended stays ended, also one
    that ended in a database that was lost, and who was erased does not come in. Each chunk is kept
    or not as a whole: what a crash leaves out, the next import brings in.
    """
    new = 0
    for chunk in _chunks(number, chunk_size):
        with staged.begin() as tx:
            now = clock()
            tx.arrivals.renew(audience, chunk, now=now)
            erased = erased_before(chunk, tx=tx, markers=markers)
            tx.arrivals.add(chunk, shared=ids()[:SHARED], without=erased)
            begun = tx.arrivals.subscribe(audience, chunk, file=file, now=now)
            if begun and not tx.endings.is_empty():
                newcomers = tx.arrivals.newcomers()
                begun -= keep_out(audience, newcomers, tx=tx, markers=markers, now=now)
            if begun:
                tx.notifications.add_newcomers(audience, now=now)
        new += begun
        progress(chunk.last - chunk.first + 1)
    return new


def _chunks(number: int, size: int) -> Iterator[Chunk]:
    for first in range(1, number + 1, size):
        yield Chunk(first, min(first + size - 1, number))
