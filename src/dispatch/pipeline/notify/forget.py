"""What was told long ago is forgotten: it may name readers."""

from collections.abc import Callable
from datetime import timedelta

import structlog

from dispatch.clock import Clock
from dispatch.model.notify.notification import LONGEST_WAIT, NotificationState
from dispatch.store.transactions import Store

_LONG = timedelta(days=90)
KEPT = {
    NotificationState.DELIVERED: timedelta(days=30),
    NotificationState.FAILED: _LONG,
    NotificationState.WAITING: _LONG,  # for one that is off, or takes less than there is
}
"""How long."""

log = structlog.get_logger()


def forget_notifications(*, store: Store, clock: Clock, keep_going: Callable[[], bool]) -> int:
    """Forget what is older than it is kept, some at a time; how many.

    What waits for longer than a receiver is ever left alone was given its time by a clock that went
    ahead: it is due now.
    """
    with store.begin() as tx:
        tx.receivers.hurry(now=clock(), longest=2 * LONGEST_WAIT)
    number = lost = 0
    for state, kept in KEPT.items():
        while keep_going():
            with store.begin() as tx:
                gone = tx.notification_lanes.forget(state, before=clock() - kept)
            number += gone
            lost += gone if state is NotificationState.WAITING else 0
            if not gone:
                break
    if lost:
        log.warning("notify.forgotten", number=lost)
    return number
