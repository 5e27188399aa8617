"""A provider that takes batches by `send`, fed like a wire: each call is made by a thread.

So whoever feeds it can make the next messages meanwhile, renew a lease, and leave when it is told
to, however long a call takes. What is READY is what can be called for now: one batch for each
connection. No more than that can be in doubt after a crash.
"""

from collections.abc import Callable, Sequence
from contextvars import copy_context
from queue import Empty, SimpleQueue
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from dispatch.channels.batches import Batches
from dispatch.channels.inquiry import MOST_SECONDS, Inquiry
from dispatch.channels.provider import READY, Capabilities, Provider, Ready, WireEvent
from dispatch.errors import NotHandedOver, ProviderError, TryLater
from dispatch.model.delivery.message import Message, Outcome


class Calling:
    """A Wire on which each of `connections` carries one batch at a time."""

    def __init__(
        self,
        provider: Provider[Any],
        declared: Capabilities,
        *,
        name: str,
        connections: int = 1,
        ticks: Callable[[], float] = monotonic,
        most_seconds: float = MOST_SECONDS,
        wait: Callable[[float], object] | None = None,
    ) -> None:
        """`wait` is called with seconds in which nothing can happen here."""
        self._provider = provider
        self._name = name
        self._connections = connections
        self._ticks = ticks
        self._most_seconds = most_seconds
        self._wait = wait or Event().wait
        self._waiting = Batches(declared)
        self._most = 2 * connections * declared.batch  # what is under way, and what comes after
        self._told: dict[str, int] = {}  # READY or handed over -> number of its batch
        self._left: dict[int, int] = {}  # number of a batch -> how many of it have not come out
        self._batches = 0
        # Number of a batch -> what nobody has begun with.
        self._handed: dict[int, list[Message]] = {}
        self._lock = Lock()
        self._todo: SimpleQueue[int | None] = SimpleQueue()
        self._done: SimpleQueue[list[WireEvent] | BaseException] = SimpleQueue()
        self._threads = 0
        self._failed = False  # what nobody has begun with stays here
        self._closed = False
        self.in_flight = 0

    @property
    def room(self) -> int:
        """For each connection: the batch that is under way, and the one that comes after."""
        return max(0, self._most - len(self._waiting) - len(self._told))

    def offer(self, messages: Sequence[Message]) -> None:
        """Keep messages for calls to come."""
        self._waiting.add(messages)

    def poll(self, seconds: float) -> Sequence[WireEvent]:
        """What has come out, and what can be called for now."""
        came_out: list[WireEvent] = []
        ready = self._take_ready()
        if self.in_flight:
            came_out = self._collect(0.0 if ready else seconds)
            # One by one, so that what came out is written down before the next is called for; with
            # several connections there is always something that came out.
            if not came_out or self._connections > 1:
                ready += self._take_ready()
        elif not ready:
            self._wait(seconds)  # until some of those that are READY are handed over
        return came_out + ready

    def hand_over(self, messages: Sequence[Message]) -> None:
        """Call the provider with messages that are READY: once for each batch.

        What a pace lets out bit by bit while a call is under way goes out together by the next.
        """
        if not self.in_flight:
            self._failed = False
        self.in_flight += len(messages)
        while self._threads < len(self._left):
            self._start_thread()
        with self._lock:
            for one in messages:
                number = self._told[one.id]
                if number not in self._handed:
                    self._handed[number] = []
                    self._todo.put(number)
                self._handed[number].append(one)

    def withdraw(self, messages: Sequence[Message]) -> None:
        """Forget messages that were offered."""
        for one in messages:
            if one.id in self._told:
                self._free(one)
            else:
                self._waiting.remove(one)

    def close(self) -> None:
        """Make no more calls; nobody waits for those that are under way."""
        self._closed = self._failed = True
        for _ in range(self._threads):
            self._todo.put(None)

    def _take_ready(self) -> list[WireEvent]:
        """Have a batch ready for each connection that has none."""
        events: list[WireEvent] = []
        if self._failed and self.in_flight:
            return events  # whoever asks is about to stop
        while len(self._left) < self._connections and (batch := self._waiting.take()):
            self._batches += 1
            self._left[self._batches] = len(batch)
            self._told.update((one.id, self._batches) for one in batch)
            events += [(one, READY) for one in batch]
        return events

    def _collect(self, seconds: float) -> list[WireEvent]:
        """What threads have found out since, waiting for the first of it."""
        events: list[WireEvent] = []
        try:
            found = self._done.get(timeout=seconds) if seconds else self._done.get_nowait()
            while True:
                if isinstance(found, BaseException):
                    raise found
                events += found
                found = self._done.get_nowait()
        except Empty:
            pass
        for message, _ in events:
            self._free(message)
        self.in_flight -= len(events)
        return events

    def _free(self, message: Message) -> None:
        number = self._told.pop(message.id)
        self._left[number] -= 1
        if not self._left[number]:
            del self._left[number]

    # In threads.

    def _start_thread(self) -> None:
        self._threads += 1
        # A daemon, so that a service that hangs does not keep the program from ending.
        name = f"calls-{self._name}-{self._threads}"
        Thread(target=copy_context().run, args=(self._serve,), name=name, daemon=True).start()

    def _serve(self) -> None:
        while (number := self._todo.get()) is not None:
            with self._lock:
                batch = self._handed.pop(number)
            try:
                self._call(batch)
            except BaseException as error:  # noqa: BLE001 - it is raised where somebody sees it
                self._done.put(error)

    def _call(self, batch: list[Message]) -> None:
        if self._failed:
            problem = f"{self._name}: not handed over, as another call failed - it is tried again"
            self._done.put([(one, NotHandedOver(problem)) for one in batch])
            return
        inquiry = Inquiry(
            self._provider,
            batch,
            name=self._name,
            ticks=self._ticks,
            most_seconds=self._most_seconds,
            wants_more=lambda: not self._failed,
        )
        for events in inquiry.answers():
            if any(_concerns_all(what) for _, what in events):
                self._failed = True
            if events:
                self._done.put(events)


def send_one(provider: Provider[Any], message: Message, *, name: str) -> Outcome:
    """What becomes of one message by itself; raises a ProviderError."""
    inquiry = Inquiry(provider, [message], name=name)
    [(_, what)] = [event for events in inquiry.answers() for event in events]
    if isinstance(what, ProviderError):
        raise what
    if isinstance(what, Ready):
        raise TypeError(what)
    return what


def _concerns_all(what: Ready | Outcome | ProviderError) -> bool:
    return isinstance(what, ProviderError) and not isinstance(what, TryLater | NotHandedOver)
