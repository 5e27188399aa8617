"""How long a worker's batches lie there after it was killed, until another has done them."""

import threading
import time

from benchmarks.stage import Prepared, WrongCountError, patience
from benchmarks.workers import worker
from benchmarks.workspace import LEASE_SECONDS, count_states
from dispatch.model.delivery.state import DeliveryState, count_open
from dispatch.store.transactions import Store

LOOK_EVERY = 0.05
"""Seconds between two looks at the ledger."""


def take_over(prepared: Prepared, mails: int) -> tuple[float, dict[str, int]]:
    """Kill one of two workers after a quarter of the mails; in how many leases the rest was done.

    Also how the deliveries came out.
    """
    store = Store(prepared.database)
    looked = threading.Event()
    give_up = time.monotonic() + patience(mails)

    def counts() -> dict[DeliveryState, int]:
        looked.wait(LOOK_EVERY)
        if time.monotonic() > give_up:
            raise WrongCountError("the other worker did not finish the edition")
        return count_states(store, prepared.edition)

    try:
        with worker(prepared) as first, worker(prepared):
            while counts().get(DeliveryState.ACCEPTED, 0) < mails / 4:
                pass
            first.kill()
            killed = time.monotonic()
            while count_open(found := counts()):
                pass
            seconds = time.monotonic() - killed
    finally:
        store.close()
    return seconds / LEASE_SECONDS, {state.value: number for state, number in found.items()}
