"""Connections opened beside the work, so that a slow greeting or handshake stalls nobody."""

import socket
from collections.abc import Callable
from contextlib import suppress
from queue import Empty, SimpleQueue
from threading import Lock, Thread

from dispatch.channels.smtp.session import Session

PATIENCE_AFTER_FAILURE = 5.0
"""Seconds without opening one more, when one could not be opened and others are there."""


class Opener:
    """Opens connections in threads of its own; `bell` can be read from when one is there."""

    def __init__(self, connect: Callable[[], Session]) -> None:
        self.pending = 0
        self._rests_until = 0.0
        self.bell, self._far = socket.socketpair()
        self.bell.setblocking(False)
        self._connect = connect
        self._done: SimpleQueue[Session | Exception] = SimpleQueue()
        self._lock = Lock()
        self._closed = False

    def fill(self, missing: int, waiting: int, *, first: bool, now: float) -> None:
        """Begin to open what is `missing`, less what is under way, for so many `waiting` mails.

        `first`: there is none yet. It goes alone: twenty wrong passwords at once would lock the
        account.
        """
        if first:
            missing = min(missing, 1)
        elif now < self._rests_until:
            return
        for _ in range(min(missing - self.pending, waiting)):
            self.ask()

    def rest(self, now: float) -> None:
        """Open no more beside those that are there, for a while."""
        self._rests_until = now + PATIENCE_AFTER_FAILURE

    def ask(self) -> None:
        """Begin to open one more."""
        self.pending += 1
        Thread(target=self._open, name="smtp-opener", daemon=True).start()

    def collect(self) -> list[Session | Exception]:
        """The connections that were opened since, and for each that was not, why."""
        with suppress(BlockingIOError):
            self.bell.recv(1024)
        found: list[Session | Exception] = []
        with suppress(Empty):
            while True:
                found.append(self._done.get_nowait())
        self.pending -= len(found)
        return found

    def close(self) -> None:
        """End what was opened and not collected; what is being opened ends when it is."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        for one in self.collect():
            if isinstance(one, Session):
                one.close()
        self.bell.close()
        self._far.close()

    def _open(self) -> None:
        result: Session | Exception
        try:
            result = self._connect()
        except Exception as error:  # noqa: BLE001 - raised where the connection is waited for
            result = error
        with self._lock:
            if not self._closed:
                self._done.put(result)
                self._far.send(b".")
            elif isinstance(result, Session):
                result.close()
