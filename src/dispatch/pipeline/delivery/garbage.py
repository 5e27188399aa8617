"""When Python looks for garbage in circles while a process sends: seldom, and not in all it has."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import Lock

ALIVE = 50_000
"""Objects that are made for the messages of several calls, and stay until these are answered.
Python looks at the new ones after 700, finds all of them in use, and soon looks at all it has."""


@cache
def leave_out_what_is_there() -> None:
    """Look for no garbage among what is there now: the program, and the workspace it has opened.

    Otherwise one look at all of it falls into each start of sending, and takes 40 ms of 100. Once
    in a process: what is garbage by then stays, and would be more each time.
    """
    gc.freeze()


class _Collector:
    """Python's, which all threads share."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._within = 0
        self._usual = gc.get_threshold()

    def be_rare(self) -> None:
        with self._lock:
            self._within += 1
            if self._within == 1:
                self._usual = gc.get_threshold()
                gc.set_threshold(max(ALIVE, self._usual[0]), *self._usual[1:])

    def be_usual(self) -> None:
        with self._lock:
            self._within -= 1
            if not self._within:
                gc.set_threshold(*self._usual)


_collector = _Collector()


@contextmanager
def collecting_rarely() -> Iterator[None]:
    """Have Python look after so many new objects only, for as long as anybody is in here."""
    _collector.be_rare()
    try:
        yield
    finally:
        _collector.be_usual()
