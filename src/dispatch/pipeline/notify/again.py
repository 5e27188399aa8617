"""What people do about programs that are told things: try one, tell it again, turn it on again."""

from collections.abc import Sequence
from datetime import datetime

from dispatch.clock import Clock
from dispatch.errors import Conflict
from dispatch.ids import Ids
from dispatch.model.notify.notification import Notification
from dispatch.model.notify.receiver import Receiver, ReceiverPlan, ReceiverState, Wanting
from dispatch.model.notify.types import Type
from dispatch.pipeline.notify.tell import LEASE
from dispatch.store.transactions import Store, Transaction


def replay(numbers: Sequence[int], *, by: str, store: Store, clock: Clock) -> int:
    """Have some told once more, by the names that they had; how many.

    Raises NotFound where one of them is not known: then none is.
    """
    wanted = list(dict.fromkeys(numbers))
    with store.begin() as tx:
        now = clock()
        for number in wanted:
            one = tx.listed_notifications.get(number)
            tx.receivers.check(one.receiver)  # still in the file
            _note(tx, "notification.replay", by, now, one.receiver, number=number)
        return tx.listed_notifications.replay(wanted, now=now)


def replay_failed(name: str, *, by: str, store: Store, clock: Clock) -> int:
    """Have all told once more that have failed with a receiver; how many."""
    with store.begin() as tx:
        now = clock()
        tx.receivers.check(name)
        number = tx.listed_notifications.replay_failed(name, now=now)
        if number:
            _note(tx, "notification.replay_failed", by, now, name, number=number)
        return number


def resume(name: str, *, by: str, store: Store, clock: Clock) -> Receiver:
    """Tell a receiver things again, what waits among them, from now on."""
    with store.begin() as tx:
        now = clock()
        receiver = tx.receivers.get(name)
        if receiver.state is ReceiverState.ON and not receiver.failing_since:
            raise Conflict(f"receiver {name}: is on, and does not fail - nothing is to be resumed")
        tx.receivers.turn_on(name, now=now)
        _note(tx, "notification.resume", by, now, name)
        return tx.receivers.get(name)


def ping(plan: ReceiverPlan, *, by: str, store: Store, clock: Clock, ids: Ids) -> Notification:
    """A notification by which a receiver is tried, in the hands of who asked for it."""
    with store.begin() as tx:
        now = clock()
        tx.receivers.check(plan.name)
        subject = ids()
        wanting = Wanting(plan.name, frozenset(), addresses=False)
        told = [(subject, {"receiver": plan.name})]
        tx.notifications.add_for([wanting], Type.PING, told, now=now)
        _note(tx, "notification.test", by, now, plan.name)
        [made] = tx.notification_lanes.claim(
            plan.name, limit=1, now=now, lease=LEASE, subject=subject
        )
        return made


def _note(
    tx: Transaction, act: str, by: str, now: datetime, receiver: str, **detail: object
) -> None:
    tx.audit.add(act, by=by, now=now, kind="receiver", subject=receiver, **detail)
