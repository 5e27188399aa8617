"""Pictures of anybody are read in a process of its own, so that none can stall or fill ours."""

import pickle
import threading
from typing import cast

from dispatch.feeds.pictures.ordinary import is_available, keep_as_it_is
from dispatch.model.editions.card import KeptPicture
from dispatch.subprocesses.process import Process

SECONDS = 8.0
"""For one picture; the largest that is opened takes one, where nothing else is done."""

CHILD = "dispatch.feeds.pictures.child"


class PictureReader:
    """Bytes to KeptPicture with limits on time and memory, for any number of threads.

    The process is started when it is needed, and reads one picture at a time. Without the extra
    `pictures` there is none, and only ordinary pictures are kept. To be closed.
    """

    def __init__(self, *, seconds: float = SECONDS, program: str = CHILD) -> None:
        """`program` is the module that runs there."""
        self._seconds = seconds
        self._program = program
        self._process: Process | None = None
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self, data: bytes) -> KeptPicture:
        """The picture, made ordinary. Raises ValueError, a few words on what is wrong."""
        if not is_available():
            return keep_as_it_is(data)
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
            return "was not read: dispatch stops"
        if self._process is not None and self._process.has_died:
            self._end()
        if self._process is None:
            self._process = Process(self._program)
            if not self._process.get_ready():
                self._end()
                return "was not read: no process starts"
        process = self._process
        with process.limited(self._seconds) as too_late:
            try:
                # Bytes of our own process: whoever has made it write others can do all we can.
                answer = pickle.loads(process.ask(str(self._seconds).encode(), data))  # noqa: S301
            except (EOFError, OSError):
                self._end()
                much = "time" if too_late.is_set() else "memory"
                return f"takes too much {much} to be read"
        return cast("KeptPicture | str", answer)

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None
