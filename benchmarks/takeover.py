"""How long a worker's batches lie there after it was killed, until another has done them."""

import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.processes import NotMeasuredError, clean_environ
from benchmarks.stage import Prepared, WrongCountError, patience
from benchmarks.workspace import LEASE_SECONDS, SECRET_KEY, count_states
from dispatch.model.delivery import DeliveryState, count_open
from dispatch.store.store import Store

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
        with _worker(prepared) as first, _worker(prepared):
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


@contextmanager
def _worker(prepared: Prepared) -> Iterator[subprocess.Popen[bytes]]:
    """`dispatch worker` on the workspace; ended after."""
    process = subprocess.Popen(
        [*_DISPATCH, "--workspace", str(prepared.folder), "worker"],
        env={
            **clean_environ(),
            "DISPATCH_DATABASE_URL": prepared.database,
            "DISPATCH_SECRET_KEY": SECRET_KEY,
            "DISPATCH_LEASE_SECONDS": str(LEASE_SECONDS),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        try:
            process.wait(2 * LEASE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


_DISPATCH = (sys.executable, "-m", "dispatch")


def check_worker() -> None:
    """Raise NotMeasuredError where this dispatch has no command `worker`."""
    asked = subprocess.run(
        [*_DISPATCH, "worker", "--help"], capture_output=True, check=False, timeout=60
    )
    if asked.returncode:
        raise NotMeasuredError("this dispatch has no command 'worker'")
