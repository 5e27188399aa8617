"""Parsing in a process of its own, so that no feed can stall or kill the service.

feedparser is quadratic in places: 2 MB in one element keep it busy for hours. A thread cannot be
stopped, a process can; and what it takes of memory never was ours.
"""

import threading
from functools import partial
from types import TracebackType
from typing import Protocol, Self

from dispatch.errors import FeedTooCostly, FeedUnreadable
from dispatch.feeds.subprocesses.child import Child, Request, TurnOver
from dispatch.feeds.subprocesses.turns import Busy, Closed, Rank, Reputation, Turns
from dispatch.feeds.web.address import shown
from dispatch.model.intake.feed import FeedDocument

SECONDS = 20.0  # a feed of 1,000 long posts takes two
QUICK = 3.0  # of them, which every feed gets; the others only one at a time
UNKNOWN = 1 / 3  # of these, for a feed of which nothing is known: most take some hundredths
PATIENCE = 60.0  # seconds to wait for a turn that may take long: a dozen large feeds can be new
AT_ONCE = 2  # processes: more would only share the processor
READER = "dispatch.feeds.subprocesses.feed_reader"
PAGE_READER = "dispatch.feeds.subprocesses.page_reader"


class Parse(Protocol):
    """Bytes to FeedDocument, as `dispatch.feeds.parse.document.parse` has it."""

    def __call__(self, body: bytes, *, url: str, content_type: str = "") -> FeedDocument: ...


class SubprocessParser:
    """Parsing (`feeds/parse/`) with limits on time and memory, for any number of threads.

    A process is started when one is needed, kept for the next feeds, and replaced when it dies.
    While all are busy, callers wait: those come first whose feeds were read well before.

    Each feed has a `quick` turn, a third of it if it is new. Where that is not enough it may go on
    until its `seconds` are over, unless another one does so; then it is begun anew when that has
    ended. Who hit a limit the last time waits for such a long turn at once. So what takes long has
    one of the processes, however much of it there is.

    Raises FeedTooCostly where a limit was hit, and FeedUnreadable also where no long turn was to be
    had within `patience` seconds. To be closed.
    """

    def __init__(
        self,
        *,
        seconds: float = SECONDS,
        quick: float = QUICK,
        patience: float = PATIENCE,
        at_once: int = AT_ONCE,
        program: str = READER,
    ) -> None:
        """`program` is the module that runs there, with a `parse` of its own."""
        self._seconds = seconds
        self._quick = min(quick, seconds)
        self._patience = patience
        self._program = program
        self._reputation = Reputation()
        self._turns: Turns[Child | None] = Turns([None] * at_once)
        self._running: set[Child] = set()
        self._lock = threading.Lock()
        self._closed = False

    def __call__(self, body: bytes, url: str, content_type: str = "") -> FeedDocument:
        request = Request(body, url, content_type, self._seconds)
        try:
            result = self._read(request)
        except Closed as closed:
            raise FeedUnreadable(
                f"{shown(url)}: not read, dispatch stops - it is tried later"
            ) from closed
        except Busy as busy:
            self._reputation.note(url, well=False)
            raise FeedUnreadable(
                f"{shown(url)}: takes long to be read, and others do so too - it is tried later"
            ) from busy
        self._reputation.note(url, well=not isinstance(result, FeedTooCostly))
        if isinstance(result, FeedDocument):
            return result
        raise result

    def close(self) -> None:
        """End the processes, also one that is reading; what still wants to parse is refused."""
        with self._lock:
            self._closed = True
            running = list(self._running)
        for child in running:
            child.kill()
        for idle in self._turns.close():  # those that are busy are let go of by who waits for them
            if idle is not None:
                self._forget(idle)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _read(self, request: Request) -> FeedDocument | Exception:
        """What `parse` makes of it: a document, or what it raises; or a FeedTooCostly."""
        try:
            return self._read_in_turn(request, self._reputation.rank(request.url))
        except TurnOver:
            return self._read_in_turn(request, Rank.SUSPECT)

    def _read_in_turn(self, request: Request, rank: Rank) -> FeedDocument | Exception:
        turn = self._turns.take(rank, patience=self._patience)
        child = turn.seat
        try:
            if self._closed:
                raise Closed
            if child is not None and child.has_died:
                self._forget(child)
                child = None
            if child is None:
                child = self._start(request.url)
            quick = self._quick if rank is Rank.KNOWN else self._quick * UNKNOWN
            result = child.read(request, quick=quick, may_go_on=partial(self._turns.prolong, turn))
            if self._closed:  # which has killed it
                raise Closed
        finally:
            if child is not None and (child.is_done or self._closed):
                self._forget(child)
                child = None
            self._turns.give_back(turn, child)
        return result

    def _start(self, url: str) -> Child:
        child = Child(self._program)
        with self._lock:
            self._running.add(child)
            if self._closed:
                child.kill()
        if not child.get_ready():
            self._forget(child)
            raise FeedUnreadable(f"{shown(url)}: not read, no process starts - it is tried later")
        return child

    def _forget(self, child: Child) -> None:
        child.end()
        with self._lock:
            self._running.discard(child)
