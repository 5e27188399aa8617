"""Somebody who has left says why: counted by edition, and kept without them."""

from dispatch.clock import Clock
from dispatch.model.people.reason import LONGEST_REMARK, Reason
from dispatch.model.people.subscriber import Subscriber
from dispatch.model.text.plain_text import one_line, printable
from dispatch.pipeline.people.leave import MOST_UNDONE, Left
from dispatch.store.transactions import Store


def say_why(
    reader: Subscriber,
    left: Left,
    reason: Reason,
    remark: str = "",
    *,
    mark: str,
    store: Store,
    clock: Clock,
) -> bool:
    """Count why somebody left, once for each leaving; False where that was said before.

    `mark` stands for the page on which it is said, and is forgotten after an hour. What they say
    counts for the last edition that they were sent.
    """
    now = clock()
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    with store.begin() as tx:
        if not tx.limits.use(mark, until=now + MOST_UNDONE):
            return False
        for audience in left.audiences:
            edition = tx.reasons.last_edition(reader.id, audience)
            line = one_line(printable(remark))[:LONGEST_REMARK] if reason is Reason.OTHER else ""
            tx.reasons.add(audience, edition, reason, line, day=day)
    return True
