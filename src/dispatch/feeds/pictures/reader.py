"""Pictures of anybody are read in a process of its own, so that none can stall or fill ours."""

import pickle
import threading
from collections.abc import Callable
from typing import cast

from dispatch.feeds.pictures.ordinary import is_available, keep_as_it_is
from dispatch.model.editions.card import KeptPicture
from dispatch.model.editions.uploaded import Unfit
from dispatch.subprocesses.process import Process

SECONDS = 8.0
"""For one picture; the largest that is opened takes one, where nothing else is done."""

CHILD = "dispatch.feeds.pictures.child"
FOR_PIECES = "dispatch.feeds.pictures.piece_child"


class TakesTooMuch(ValueError):
    """The picture went over the limit of time or memory."""


class NotRead(ValueError):
    """The picture was not looked at, whatever it is."""


def needs_extra(data: bytes) -> KeptPicture:  # noqa: ARG001
    """What becomes of a picture for a piece without the extra: nobody can strip it."""
    raise ValueError(Unfit.NEEDS_EXTRA)


class PictureReader:
    """Bytes to KeptPicture with limits on time and memory, for any number of threads.

    The process is started when it is needed, and reads one picture at a time. Without the extra
    `pictures` there is none. To be closed.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        program: str = CHILD,
        without: Callable[[bytes], KeptPicture] = keep_as_it_is,
    ) -> None:
        """`program` is the module that runs there, `without` what is done without the extra."""
        self._seconds = seconds
        self._program = program
        self._without = without
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self, data: bytes) -> KeptPicture:
        """The picture, made ordinary. Raises ValueError, a few words on what is wrong."""
        if not is_available():
            return self._without(data)
        with self._lock:
            result = self._ask(data)
        if isinstance(result, KeptPicture):
            return result
        raise ValueError(result)

    def close(self) -> None:
        """End the process, also while it reads."""
        self._closed = True
        if (process := self._process) is not None:
            process.kill()
        with self._lock:
            self._end()

    def _ask(self, data: bytes) -> KeptPicture | str:
        if self._closed:
            raise NotRead("was not read: dispatch stops")
        if self._process is not None and self._process.has_died:
            self._end()
        if self._process is None:
            self._process = Process(self._program)
            if not self._process.get_ready():
                self._end()
                raise NotRead("was not read: no process starts")
        process = self._process
        with process.limited(self._seconds) as too_late:
            try:
                # Bytes of our own process: whoever has made it write others can do all we can.
                answer = pickle.loads(process.ask(str(self._seconds).encode(), data))  # noqa: S301
            except (EOFError, OSError) as error:
                self._end()
                much = "time" if too_late.is_set() else "memory"
                raise TakesTooMuch(f"takes too much {much} to be read") from error
        return cast("KeptPicture | str", answer)

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
