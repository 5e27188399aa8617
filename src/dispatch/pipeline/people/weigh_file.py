"""What a staged file would change, before anything of it is kept."""

from collections.abc import Iterator
from itertools import islice

from dispatch.model.people.ending import Markers, What
from dispatch.model.people.refusal import Outcome, Refusal
from dispatch.store.people.weighing import Stranger
from dispatch.store.transactions import Transaction

AT_A_TIME = 20_000
"""People about whom it is asked at once whether they have left another database."""

HELD = 100_000
"""Endings up to which all are held in memory, which is quicker than to ask for each."""

Marks = dict[str, tuple[int, Refusal]]
"""Marks to the line of whom they are about, and to what they say."""


def weigh_file(audience: str, *, tx: Transaction, markers: Markers) -> Outcome:
    """What becomes of each row; those that do not count are noted beside the file."""
    tx.weighing.refuse_known(audience)
    if not tx.endings.is_empty():
        tx.weighing.refuse(list(_out_before(audience, tx, markers)))
    return tx.weighing.outcome(audience)


def _out_before(audience: str, tx: Transaction, markers: Markers) -> Iterator[tuple[int, Refusal]]:
    """Lines of those who would be new, and are kept out by what is on record beside people."""
    strangers = tx.weighing.strangers(audience)
    has_erased = tx.endings.has(What.ERASED)
    held = tx.endings.in_force(most=HELD)
    while some := list(islice(strangers, AT_A_TIME)):
        marks: Marks = {}
        for one in some:
            marks |= _marks(one, audience, markers, has_erased=has_erased)
        known = tx.endings.known(list(marks)) if held is None else held & marks.keys()
        found = [marks[mark] for mark in known]
        yield from sorted(found, key=lambda said: _FIRST.index(said[1]))


def _marks(one: Stranger, audience: str, markers: Markers, *, has_erased: bool) -> Marks:
    key, line = one.email_key, one.line
    found: Marks = dict.fromkeys(markers.suppressed(key), (line, Refusal.SUPPRESSED))
    found |= dict.fromkeys(markers.left(key, audience), (line, Refusal.LEFT))
    if has_erased and not one.known:
        found |= dict.fromkeys(markers.erased(key), (line, Refusal.ERASED))
    return found


_FIRST = (Refusal.SUPPRESSED, Refusal.LEFT, Refusal.ERASED)
"""What is told of somebody of whom several are true."""
