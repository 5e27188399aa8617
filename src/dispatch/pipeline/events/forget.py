"""Forget what is old and says no more than what came later of a mail, which stays."""

from datetime import timedelta

from dispatch.clock import Clock
from dispatch.store.transactions import Store

KEPT_FOR = timedelta(days=30)
"""How long each delivery, opening and click is kept, and all that is of no delivery of ours."""

AT_A_TIME = 1_000
"""Rows of one transaction: others wait for it."""

MOST_TIMES = 100
"""Transactions of one round; the next one goes on."""


def forget_events(*, store: Store, clock: Clock) -> int:
    """Remove events that are older than they are kept for; how many.

    Bounces, complaints, what was dropped and who unsubscribed stay.
    """
    with store.read() as tx:
        upto = tx.old_events.last_before(clock() - KEPT_FOR)
    number = after = times = 0
    while after < upto and times < MOST_TIMES:
        with store.read() as tx:
            after, old = tx.old_events.some(after=after, upto=upto, most=AT_A_TIME)
        if old:
            times += 1
            with store.begin() as tx:
                number += tx.old_events.delete(old)
    return number
