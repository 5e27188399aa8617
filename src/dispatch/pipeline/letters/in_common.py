"""How many readers get two mails, while somebody waits for the number."""

from contextlib import closing
from dataclasses import dataclass
from itertools import islice

from dispatch.clock import Timer, system_timer
from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.pipeline.people.readers import ASKED_AT_ONCE, Reader, chosen, readers_for
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

MOST = 20_000
"""Readers of whom that is looked up."""

SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Common:
    """`number` get both; where `whole` is false, more may."""

    number: int
    whole: bool = True


def readers_in_common(
    mine: EmailPlan,
    theirs: EmailPlan,
    *,
    tx: Transaction,
    renderer: Renderer,
    timer: Timer = system_timer,
) -> Common:
    """The readers of one mail that another one goes to as well, if both went now.

    Nobody is asked about a segment of theirs that cannot be answered: then all of that audience
    count.
    """
    if not mine.segment and not theirs.segment:
        number, asked = tx.shared_readers.count(
            mine.audience, theirs.audience, theirs.offer, most=MOST
        )
        return Common(number, asked <= MOST)
    began = timer()
    number = asked = 0
    with closing(readers_for(mine.segment, mine.audience, tx)) as readers:
        while some := list(islice(readers, ASKED_AT_ONCE)):
            if asked and (asked >= MOST or timer() - began >= SECONDS):
                return Common(number, whole=False)
            asked += len(some)
            if mine.segment:
                some = chosen(some, mine.segment, renderer, seconds=SECONDS)
            number += _of_theirs(some, theirs, tx, renderer)
    return Common(number)


def _of_theirs(some: list[Reader], theirs: EmailPlan, tx: Transaction, renderer: Renderer) -> int:
    inside = tx.shared_readers.among([one.id for one, _ in some], theirs.audience, theirs.offer)
    both = [one for one in some if one[0].id in inside]
    if not theirs.segment:
        return len(both)
    try:
        return len(chosen(both, theirs.segment, renderer, seconds=SECONDS))
    except TemplateFailed:
        return len(both)
