"""How many get a letter, while somebody waits for the number."""

from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from dispatch.clock import Timer, system_timer
from dispatch.pipeline.people.readers import ASKED_AT_ONCE, chosen, readers_for
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

SECONDS = 2.0

MOST = 20_000
"""Readers of a whole audience that are counted one by one; of more the number kept is told."""


@dataclass(frozen=True, slots=True)
class Counted:
    """`number` of `asked` readers are picked, and `suppressed` of those get nothing.

    Where `whole` is false, there was no time, or no need, to look at everybody.
    """

    number: int
    asked: int
    suppressed: int
    whole: bool = True

    @property
    def get_it(self) -> int:
        """How many get it, if it went now."""
        return self.number - self.suppressed


def count_for_letter(
    audience: str,
    segment: str,
    *,
    tx: Transaction,
    renderer: Renderer,
    seconds: float = SECONDS,
    timer: Timer = system_timer,
) -> Counted:
    """Ask about an audience for so long.

    Raises TemplateFailed for a segment that cannot be read or answered.
    """
    if not segment:
        return _everybody(audience, tx)
    began = timer()
    number = asked = suppressed = 0
    with closing(readers_for(segment, audience, tx)) as readers:
        while some := list(islice(readers, ASKED_AT_ONCE)):
            if asked and timer() - began >= seconds:
                return Counted(number, asked, suppressed, whole=False)
            found = chosen(some, segment, renderer, seconds=seconds)
            asked += len(some)
            number += len(found)
            suppressed += tx.suppressions.number_of([one.id for one, _ in found])
    return Counted(number, asked, suppressed)


def _everybody(audience: str, tx: Transaction) -> Counted:
    number = tx.subscribers.count_up_to(MOST, audience)
    if number <= MOST:
        return Counted(number, number, tx.suppressions.number_in(audience))
    known = tx.reader_counts.now(audience)
    number = max(known.readers, MOST) if known else MOST
    return Counted(number, number, 0, whole=False)
