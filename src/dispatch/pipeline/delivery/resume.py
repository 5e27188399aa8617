"""Let a stopped channel be used again: a person has mended it, or wants to try."""

from dispatch.clock import Clock
from dispatch.model.editions.edition import UNFINISHED
from dispatch.store.transactions import Store


def resume_channel(name: str, *, store: Store, clock: Clock) -> bool:
    """Lift a channel's stop; False if it was not stopped.

    What waits for it starts over, as if it had not been tried: the failed attempts said something
    about the channel and nothing about the messages.
    """
    with store.begin() as tx:
        if tx.channels.stop(name) is None:
            return False
        tx.channels.clear_stop(name)
        for edition in tx.editions.in_state(None, UNFINISHED):
            if name in edition.content.channels:
                tx.deliveries.start_over(name, edition, now=clock())
        return True
