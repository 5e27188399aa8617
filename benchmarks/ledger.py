"""The ledger's share of the CPU: the time that threads spend inside the store."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from dispatch.store.delivery.ledger import Ledger
from dispatch.store.transactions import Store

TRANSACTIONS = ("begin", "read")
"""Of the store: counted from when the block is entered until it is left."""

CALLS = ("items", "commit")
"""Of a batch's ledger: the path that every mail takes."""


class LedgerClock:
    """Adds up each thread's CPU from when it enters the store until it has left it.

    All that happens between is counted, Python's share of it too, and so is SQLite, which works
    in the thread that asks; a PostgreSQL server's own work is not. No profiler is running, whose
    cost for each call would distort the shares; the clock itself costs about two microseconds for
    each transaction. Waiting, as for the disk, is no CPU.
    """

    def __init__(self) -> None:
        self.seconds = 0.0
        self._lock = threading.Lock()
        self._thread = threading.local()
        for name in TRANSACTIONS:
            setattr(Store, name, self._transaction(getattr(Store, name)))
        for name in CALLS:
            setattr(Ledger, name, self._call(getattr(Ledger, name)))

    def start(self) -> None:
        """Count from here on."""
        with self._lock:
            self.seconds = 0.0

    @contextmanager
    def _counted(self) -> Iterator[None]:
        if getattr(self._thread, "inside", False):
            yield  # the one around it counts
            return
        self._thread.inside = True
        began = time.thread_time()
        try:
            yield
        finally:
            spent = time.thread_time() - began
            self._thread.inside = False
            with self._lock:
                self.seconds += spent

    def _transaction(self, begin: Callable[[Store], Any]) -> Callable[[Store], Any]:
        @contextmanager
        def counted(store: Store) -> Iterator[Any]:
            with self._counted(), begin(store) as tx:
                yield tx

        return counted

    def _call(self, call: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(call)
        def counted(*given: Any, **named: Any) -> Any:
            with self._counted():
                return call(*given, **named)

        return counted
