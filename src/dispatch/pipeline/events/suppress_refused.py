"""Never mail again an address that the mail server itself says is nobody's."""

import re
from collections.abc import Sequence
from contextlib import suppress

from dispatch.channels.bounces.dead import failure, is_dead
from dispatch.channels.smtp.about import read_reason
from dispatch.clock import Clock
from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.state import Settlement
from dispatch.model.people.subscriber import Suppression, email_key
from dispatch.model.people.suppression import Target
from dispatch.pipeline.events.suppress_told import reason_of, source_of
from dispatch.pipeline.people.endings import Endings
from dispatch.pipeline.people.suppress import keep_suppressed
from dispatch.store.transactions import Store

_FOR_GOOD = re.compile(r"5\d\d ")


def suppress_refused(
    refused: Sequence[Settlement], *, store: Store, clock: Clock, endings: Endings
) -> None:
    """Suppress whom a mail server knows not, of deliveries that it has just refused.

    A database that is away raises nothing: the address is refused again the next time.
    """
    dead = [one for one in refused if one.delivery.subscriber_id and is_nobody(one.reason)]
    if not dead:
        return
    with suppress(StoreUnavailable), store.begin() as tx:
        now = clock()
        said = {
            Target(email_key(one.delivery.recipient)): Suppression(
                one.delivery.recipient,
                reason_of("refused", one.reason),
                now,
                source_of(one.delivery.channel),
            )
            for one in dead
        }
        keep_suppressed(said, tx=tx, now=now, endings=endings)


def is_nobody(reason: str) -> bool:
    """Whether a refusal says for sure that there is no such mailbox, and is a mail server's.

    >>> is_nobody("550 5.1.1 User unknown"), is_nobody("554 5.7.1 Access denied")
    (True, False)
    """
    return (
        _FOR_GOOD.match(reason) is not None
        and read_reason(reason).sure
        and is_dead(failure("", reason))
    )
