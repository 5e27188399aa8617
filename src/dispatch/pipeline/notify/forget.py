"""What was told long ago is forgotten: it may name readers."""

from collections.abc import Callable
from datetime import timedelta

from dispatch.clock import Clock
from dispatch.model.notify.notification import LONGEST_WAIT, NotificationState
from dispatch.store.transactions import Store

KEPT = {NotificationState.DELIVERED: timedelta(days=30), NotificationState.FAILED: timedelta(90)}
"""How long; what waits is kept as long as what has failed."""


def forget_notifications(*, store: Store, clock: Clock, keep_going: Callable[[], bool]) -> int:
    """Forget what is older than it is kept, some at a time; how many.

    What waits for longer than a receiver is ever left alone was given its time by a clock that went
    ahead: it is due now.
    """
    with store.begin() as tx:
        tx.receivers.hurry(now=clock(), longest=2 * LONGEST_WAIT)
    number = 0
    for state, kept in KEPT.items():
        while keep_going():
            with store.begin() as tx:
                gone = tx.notification_lanes.forget(state, before=clock() - kept)
            number += gone
            if not gone:
                break
    return number
