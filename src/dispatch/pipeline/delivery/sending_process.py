"""A sending loop in a process of its own, seen from the one that started it."""

import pickle
import select
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import suppress
from io import BufferedReader
from itertools import count
from typing import IO, Any, cast

import structlog

from dispatch.errors import DispatchError, StoreUnavailable
from dispatch.log import repeat
from dispatch.model.delivery.state import Settlement
from dispatch.pipeline.delivery.sending_orders import (
    RENDERED,
    Says,
    SendingOrders,
)
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.subprocesses.child import for_the_other_side
from dispatch.subprocesses.messages import cut_off_first, send
from dispatch.subprocesses.process import start_trusted

log = structlog.get_logger()

PROGRAM = "dispatch.pipeline.delivery.sending_start"

MOST_DEATHS = 3
"""So often a loop's process is replaced when it dies; what then still waits is taken up later."""

LOOK_SECONDS = 0.2
"""How often it is looked whether to stop, beside what the process says."""


def send_elsewhere(orders: SendingOrders, tools: SendingTools) -> int:
    """Have one loop run in a process of its own; how many deliveries have ended by it.

    `tools` are ours, for what it asks of us. When it dies another one takes its place. Raises what
    the loop raises.
    """
    ended = 0
    for deaths in count(1):
        try:
            process = SendingProcess(orders, tools)
        except OSError as error:  # others send what it would have
            log.warning("sender.not_started", problem=error.strerror)
            break
        try:
            process.serve()
        finally:
            process.end()
            ended += process.ended
        if process.has_finished:
            break
        log.warning("sender.died", code=process.code, deaths=deaths)
        process.let_go()
        if deaths > MOST_DEATHS or not tools.keep_going():
            break
    return ended


class SendingProcess:
    """One such process, from its start to its end.

    `ended` is how many deliveries it has brought to an end. `has_finished` says that it ended by
    itself, and `code` how it did.
    """

    def __init__(self, orders: SendingOrders, tools: SendingTools) -> None:
        self.ended = 0
        self.has_finished = False
        self.code = 0
        self._orders = orders
        self._tools = tools
        self._batches: deque[tuple[int, int]] = deque(maxlen=4)  # those it may have in hand
        self._failed: Exception | None = None
        self._process = start_trusted(PROGRAM)

    def serve(self) -> None:
        """Give it its orders and what it asks for, until it ends. Raises what it fails with."""
        self._send(self._orders)
        for what, *more in self._messages():
            match what, more:
                case Says.ENDED, [number]:
                    self.ended += number
                    self._tools.progress(number)
                case Says.TOOK, [batch, fence]:
                    self._batches.append((batch, fence))
                case Says.ASKS, [task, given]:
                    self._send(self._rendered(task, *given))
                case Says.REFUSED, [settled]:
                    self._look_after(settled)
                case Says.LOGS, [level, line]:
                    repeat(level, line)
                case Says.FAILED, [error]:
                    self.has_finished = True
                    raise error
                case Says.DONE, [ended]:
                    self.has_finished, self.ended = True, ended
        if self._failed is not None:
            raise self._failed

    def end(self) -> None:
        """Have it stop, and wait until it has: what is in a mail server's hands comes out first."""
        self._hang_up()
        while self._says.read1():
            pass
        self.code = self._process.wait()
        self._says.close()

    def let_go(self) -> None:
        """Let others take what it had in its hands, as it is gone for sure."""
        with suppress(StoreUnavailable), self._tools.store.begin() as tx:
            for batch, fence in self._batches:
                tx.batches.let_go(batch, fence, now=self._tools.clock())

    def _look_after(self, settled: Sequence[Settlement]) -> None:
        """See to those that were refused; where that fails, to those that are told of yet, too."""
        try:
            self._tools.refused(settled)
        except Exception as error:  # noqa: BLE001 - raised at the end
            self._failed = self._failed or error
            self._hang_up()

    def _rendered(self, task: str, content: Any, given: Any, named: Any) -> tuple[Any, Any]:
        if task not in RENDERED:
            raise ValueError(task)
        if content is None:
            content = self._orders.edition.content
        try:
            return getattr(self._tools.renderer, task)(content, *given, **named), None
        except DispatchError as error:
            return None, error
        except Exception as bug:  # noqa: BLE001 - it is of one reader, and told where theirs is made
            return None, for_the_other_side(bug)

    def _messages(self) -> Iterator[tuple[Any, ...]]:
        ready = select.poll()
        ready.register(self._says, select.POLLIN | select.POLLHUP)
        unread = bytearray()
        while True:
            while (message := cut_off_first(unread)) is not None:
                yield pickle.loads(message)  # noqa: S301 - of our own process
            if not self._tools.keep_going():
                self._hang_up()
            if ready.poll(LOOK_SECONDS * 1000):
                data = self._says.read1()
                if not data:
                    return
                unread += data

    def _send(self, what: object) -> None:
        with suppress(BrokenPipeError, ValueError):  # it is gone, or is to be
            send(self._hears, pickle.dumps(what))

    def _hang_up(self) -> None:
        with suppress(BrokenPipeError):
            self._hears.close()

    @property
    def _hears(self) -> IO[bytes]:
        return cast("IO[bytes]", self._process.stdin)

    @property
    def _says(self) -> BufferedReader:
        return cast("BufferedReader", self._process.stdout)
