"""Whom a segment picks, a page at a time: each goes on where the one before has ended."""

from contextlib import closing
from itertools import islice

from dispatch.clock import Timer, system_timer
from dispatch.pipeline.people.readers import chosen, readers_for
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Transaction

AT_A_TIME = 250
"""Readers about whom it is asked in one go."""

SECONDS = 0.025
"""After which no more of them are asked about, for one page."""

PATIENCE = 2.0
"""How long the first of these questions may take: a process has to be started for it."""


def list_segment(
    rule: str,
    audience: str,
    *,
    tx: Transaction,
    renderer: Renderer,
    after: int = 0,
    most: int = 50,
    seconds: float = SECONDS,
    timer: Timer = system_timer,
) -> tuple[list[int], int]:
    """Ids of readers, in their order, and behind which one to go on; 0: that was everybody.

    Raises TemplateFailed for a rule that cannot be read or answered.
    """
    end = timer() + seconds
    ids: list[int] = []
    with closing(readers_for(rule, audience, tx, after=after)) as readers:
        while some := list(islice(readers, AT_A_TIME)):
            ids += (one.id for one, _ in chosen(some, rule, renderer, seconds=PATIENCE))
            if len(ids) >= most:
                return ids[:most], ids[most - 1]
            if timer() > end:
                return ids, some[-1][0].id
    return ids, 0
