"""How many of an audience a segment picks, and some of them, while somebody waits for a page."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from dispatch.clock import Timer, system_timer
from dispatch.pipeline.people.readers import ASKED_AT_ONCE, Reader, chosen, readers_for
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

SECONDS = 2.0
"""How long somebody waits for a number; then it is at least so many."""


@dataclass(frozen=True, slots=True)
class Picked:
    """`number` of `asked` readers are picked, and `ids` are some of them, in their order.

    Where `whole` is false, there was no time to ask about the others.
    """

    ids: tuple[int, ...]
    number: int
    asked: int
    whole: bool


def look_at_segment(
    rule: str,
    audience: str,
    *,
    tx: Transaction,
    renderer: Renderer,
    after: int = 0,
    most: int = 50,
    seconds: float = SECONDS,
    timer: Timer = system_timer,
) -> Picked:
    """Ask about an audience for so long; `after` is the id behind which `ids` begin.

    Raises TemplateFailed for a rule that cannot be read or answered.
    """
    began = timer()
    ids: list[int] = []
    number = asked = 0
    with closing(readers_for(rule, audience, tx)) as readers:
        for some in _chunks(readers):
            left = seconds - (timer() - began)
            if left <= 0:
                return Picked(tuple(ids), number, asked, whole=False)
            # The first answer is waited for: a rule that is wrong says so, however late it is.
            found = chosen(some, rule, renderer, seconds=seconds)
            asked += len(some)
            number += len(found)
            room = most - len(ids)
            ids += islice((one.id for one, _ in found if one.id > after), room)
    return Picked(tuple(ids), number, asked, whole=True)


def _chunks(readers: Iterator[Reader]) -> Iterator[list[Reader]]:
    while some := list(islice(readers, ASKED_AT_ONCE)):
        yield some
