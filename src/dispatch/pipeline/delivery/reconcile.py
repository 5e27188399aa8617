"""Reconcile the ledger: wake for what is ready, settle what was left behind, end what is done.

Wake-ups may be lost, and workers may die. Every node reconciles at each tick. Nothing rests on
which of them is first.
"""

from collections.abc import Callable
from datetime import timedelta
from itertools import groupby

from dispatch.clock import Clock
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.delivery.failover import failover_channel
from dispatch.pipeline.delivery.look_after import look_after
from dispatch.pipeline.delivery.pause import end_if_cancelled
from dispatch.pipeline.delivery.settle import WindowOf, settle_lost
from dispatch.store.transactions import Store, Transaction

LoopsOf = Callable[[str], int]
"""Channel name to how many sending loops it has use for; zero where it cannot be opened."""

DELIVER = "deliver"
"""The job that a wake-up asks for: one sending loop's work on an edition over a channel."""


def reconcile(
    *, store: Store, clock: Clock, lease: timedelta, window_of: WindowOf, loops_of: LoopsOf
) -> None:
    """Look over the ledger once."""
    settle_what_was_left(store=store, clock=clock, lease=lease, window_of=window_of)
    with store.begin() as tx:
        now = clock()
        tx.wakeups.forget_stalled()
        for edition_id in tx.batches.worked_off():
            tx.batches.finish_edition(edition_id, now=now)
        # Editions may wait for a day, for the next zone's hour: those are not even read.
        for edition_id, works in groupby(tx.batches.work(now=now), key=lambda one: one.edition_id):
            edition = tx.editions.get(edition_id)
            for work in works:
                channel = failover_channel(
                    edition, work.channel, tx, now=now, opens=lambda name: loops_of(name) > 0
                )
                if channel is not None:
                    wake_for(edition.id, channel, loops_of(channel), tx)


def wake_for(edition_id: str, channel: str, loops: int, tx: Transaction) -> None:
    """Ask for as many workers as the channel has use for."""
    for loop in range(loops):
        payload = {"edition": edition_id, "channel": channel}
        tx.wakeups.wake(DELIVER, payload, key=f"{DELIVER} {edition_id} {channel} {loop}")


def settle_what_was_left(
    *, store: Store, clock: Clock, lease: timedelta, window_of: WindowOf
) -> None:
    """Settle for dead workers where nobody else will: in editions that are paused or cancelled."""
    while _settle_one(store, clock, lease, window_of):
        pass
    with store.read() as tx:
        unfinished = tx.batches.unfinished_in(EditionState.CANCELLED)
    for edition_id in unfinished:
        end_if_cancelled(edition_id, store=store, clock=clock)


def _settle_one(store: Store, clock: Clock, lease: timedelta, window_of: WindowOf) -> bool:
    with store.begin() as tx:
        now = clock()
        batch = tx.batches.take_lost(now=now, lease=lease)
        if batch is None:
            return False
        lost = settle_lost(batch, window_of=window_of, tx=tx, now=now)
        tx.batches.put_back(batch, now=now)
    look_after(lost, store=store, clock=clock, refused=lambda _: None)
    return True
