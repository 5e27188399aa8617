"""A stopped channel is resumed: a person has mended it, or wants to try."""

from dataclasses import replace

import structlog

from dispatch.clock import Clock
from dispatch.model.editions.edition import UNFINISHED
from dispatch.store.transactions import Store

log = structlog.get_logger()


def resume_channel(name: str, *, store: Store, clock: Clock, by: str = "") -> bool:
    """Lift a channel's stop; False if it was not stopped, or has worked since.

    The channel begins with one message, as after every stop: where one answer was lost, more may
    be. What waits for it starts over, as if it had not been tried. The failed attempts said
    something about the channel, and nothing about the messages. `by` names who decided, where
    that was a person.
    """
    with store.begin() as tx:
        stop = tx.channels.stop(name)
        if stop is None:
            return False
        tx.channels.put_stop(replace(stop, until=clock(), failures=0, down=False))
        for edition in tx.editions.in_state(None, UNFINISHED):
            if name in edition.content.channels:
                tx.batches.lock(edition.id)  # before deliveries, as workers do
                if tx.deliveries.start_over(name, edition, now=clock()):
                    tx.batches.reopen(edition.id, now=clock())
        if by:
            tx.audit.add("channel.resume", by=by, now=clock(), kind="channel", subject=name)
    if by:
        log.info("channel.resumed", channel=name, by=by)
    return True
