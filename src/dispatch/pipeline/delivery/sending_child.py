"""The program of a process that sends: one loop, for whoever started it.

It is told once what to send (`sending_orders.py`). Its input ends when it is to stop, and with
whoever started it, however that ends. Then it hands over nothing more, and ends once it knows what
has become of what is in the mail server's hands.

It imports what sending takes and nothing of what configuration, templates or pages do.
"""

import gc
import pickle
import select
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Lock
from typing import IO, TYPE_CHECKING, Any, cast

from dispatch.clock import carried_on, system_clock, system_timer
from dispatch.errors import DispatchError, RenderingStopped
from dispatch.log import Line, pass_on
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.state import Settlement
from dispatch.model.editions.edition import EditionContent
from dispatch.pipeline.delivery.sending_loop import work_on_edition
from dispatch.pipeline.delivery.sending_orders import Says, SendingOrders
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.subprocesses.child import for_the_other_side
from dispatch.subprocesses.messages import receive, send

if TYPE_CHECKING:
    from dispatch.render.renderer import Renderer

TELL_SECONDS = 0.1
"""How often it says how far it is."""


def main() -> None:
    """Carry out one order."""
    parent = Parent(sys.stdin.buffer, sys.stdout.buffer)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: parent.leave())
    pass_on(parent.log)
    try:
        # Bytes of our own process, as with all pipes to it.
        orders: SendingOrders = pickle.loads(receive(sys.stdin.buffer))  # noqa: S301
    except EOFError:
        return  # nobody wants anything any more
    gc.freeze()  # likewise what was told; and looking for garbage begins (sending_start.py)
    gc.enable()
    try:
        ended = _carry_out(orders, parent)
    except DispatchError as error:
        parent.say(Says.FAILED, error)
    except Exception as bug:  # noqa: BLE001 - it is raised where somebody waits for us
        parent.say(Says.FAILED, for_the_other_side(bug))
    else:
        parent.say(Says.DONE, ended)


def _carry_out(orders: SendingOrders, parent: "Parent") -> int:
    store = orders.store
    progress = Progress(parent)
    tools = SendingTools(
        store,
        orders.guard,
        orders.links,
        cast("Renderer", AskingRenderer(parent, orders.edition.content)),
        carried_on(store.time() or system_clock(), timer=system_timer),
        orders.lease,
        window_of=orders.windows.__getitem__,
        keep_going=parent.wants_more,
        wait=parent.wait,
        progress=progress.add,
        refused=parent.refused,
        took=parent.took,
    )
    try:
        return work_on_edition(
            orders.edition, orders.channel, orders.planned, orders.connections, tools=tools
        )
    finally:
        progress.tell()
        store.close()


class Parent:
    """Whoever started this process, as seen from here."""

    def __init__(self, hears: IO[bytes], says: IO[bytes]) -> None:
        self._hears = hears
        self._says = says
        self._ended = select.poll()
        self._ended.register(hears, select.POLLIN | select.POLLHUP)
        self._leaves = False
        self._lock = Lock()  # connections are opened by threads, which may log

    def leave(self) -> None:
        """Stop soon."""
        self._leaves = True

    def wants_more(self) -> bool:
        """Whether we are to go on."""
        self.wait(0)
        return not self._leaves

    def wait(self, seconds: float) -> None:
        """Wait for so long, or until we are to stop."""
        # Unasked it says nothing, so that what can be read is the end.
        if not self._leaves and self._ended.poll(seconds * 1000):
            self._leaves = True

    def say(self, what: Says, *more: Any) -> None:
        """Tell it something."""
        data = pickle.dumps((what, *more))
        with self._lock, suppress(BrokenPipeError):  # it is gone, and we stop at the next look
            send(self._says, data)

    def ask(self, task: str, given: tuple[Any, ...]) -> Any:
        """What it renders for us. Raises TemplateFailed."""
        self.say(Says.ASKS, task, given)
        try:
            data = receive(self._hears)
        except EOFError:
            self._leaves = True
            raise RenderingStopped("not rendered, dispatch stops - try again later") from None
        result, refusal = pickle.loads(data)  # noqa: S301 - of our own process
        if refusal is not None:
            raise refusal
        return result

    def refused(self, settled: Sequence[Settlement]) -> None:
        """Have it look after deliveries that were refused."""
        self.say(Says.REFUSED, tuple(settled))

    def took(self, batch: Batch) -> None:
        """Have it know what is in our hands, should we die."""
        self.say(Says.TOOK, batch.id, batch.fence)

    def log(self, level: str, line: Line) -> None:
        """Have it log what we would."""
        self.say(Says.LOGS, level, {key: _plain(value) for key, value in line.items()})


class Progress:
    """Says now and then how many deliveries have ended."""

    def __init__(self, parent: Parent) -> None:
        self._parent = parent
        self._ended = 0
        self._told = system_timer()

    def add(self, number: int) -> None:
        """So many more."""
        self._ended += number
        if system_timer() - self._told >= TELL_SECONDS:
            self.tell()

    def tell(self) -> None:
        """Say what was not said yet."""
        if self._ended:
            self._parent.say(Says.ENDED, self._ended)
        self._ended, self._told = 0, system_timer()


class AskingRenderer:
    """Has whoever started us render: templates run where they can be ended, and once only.

    The content of our edition is not sent along each time.
    """

    def __init__(self, parent: Parent, content: EditionContent) -> None:
        self._parent = parent
        self._content = content

    def __getattr__(self, task: str) -> Callable[..., Any]:
        """What a `Renderer` can do."""

        def ask(content: EditionContent, *given: Any, **named: Any) -> Any:
            known = None if content is self._content else content
            return self._parent.ask(task, (known, given, named))

        return ask


def _plain(value: Any) -> Any:
    return value if isinstance(value, str | int | float | bool | None) else str(value)


if __name__ == "__main__":
    main()
