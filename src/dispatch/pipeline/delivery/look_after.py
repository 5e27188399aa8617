"""Look after deliveries that were just written down as not accepted."""

from collections.abc import Callable, Sequence
from contextlib import suppress

from dispatch.clock import Clock
from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.state import DeliveryState, Settlement
from dispatch.pipeline.delivery.believe_told import believe_told
from dispatch.store.transactions import Store


def look_after(
    settled: Sequence[Settlement],
    *,
    store: Store,
    clock: Clock,
    refused: Callable[[Sequence[Settlement]], object],
) -> None:
    """Accept what the provider told of while we waited in vain, and hand on what was refused.

    A database that is away raises nothing here: the outcomes are kept.
    """
    lost = [one.delivery.id for one in settled if one.state is DeliveryState.UNKNOWN]
    with suppress(StoreUnavailable):
        believe_told(lost, store=store, clock=clock)
    turned_down = [one for one in settled if one.state is DeliveryState.REFUSED]
    if turned_down:
        refused(turned_down)
