"""The turns of the batches that go out over one wire.

Each turn offers what comes next, hears what the wire has to say, and writes it down. The last
answers to one batch come while the next one goes out.
"""

from collections.abc import Callable, Sequence
from typing import Any

from dispatch.channels.provider import Wire, WireEvent
from dispatch.errors import ProviderError
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.delivery.work_batch import BatchWork

GATHER_SECONDS = 0.001
MOST_LOOKS = 20
"""How long, and how often, it waits for one more answer before it writes down those it has, where
the database is a server: a commit costs as much there as ten mails. In a file it costs less."""


class Turns:
    """Gives turns to the work on one batch, and to that on the one before it."""

    def __init__(
        self,
        wire: Wire[Any],
        tools: SendingTools,
        *,
        meanwhile: Callable[[int], object] = lambda _: None,
        each: Callable[[], object] = lambda: None,
    ) -> None:
        """`meanwhile` is called with the wire's room before the last answers are waited for.

        `each` is called with each turn.
        """
        self._wire = wire
        self._tools = tools
        self._meanwhile = meanwhile
        self._each = each

    def work(
        self, one: BatchWork, before: BatchWork | None = None, *, may_be_followed: bool = False
    ) -> None:
        """Go on until nothing is due, or until something halts us, and all answers are in.

        Where it `may_be_followed`, until all of it is offered and the wire has room for more:
        then some of it is under way. Nothing of the batch `before` is under way in any case.
        """
        while True:
            if not one.halted and not self._tools.keep_going():
                one.halted = True
            if before is not None and not before.is_busy:
                before = None
            self._each()
            if before is None and not one.is_busy:
                break
            one.offer()  # here, while the answers to the last chunk are on their way
            self._hear(one, before, self._poll(one, before))
            self._gather(one, before)
            if before is not None:
                self._see_to(before, one)
            one.write_down()
            if may_be_followed and before is None and not one.halted and self._is_offered(one):
                return
        one.close()

    def _is_offered(self, one: BatchWork) -> bool:
        return not one.left and self._wire.room > 0

    def _see_to(self, before: BatchWork, one: BatchWork) -> None:
        """Give a turn to the batch before; what ends the loop halts both."""
        if before.is_ready and one.has_news:
            one.write_down_news()  # or more would be in doubt than there are connections
        before.write_down()
        one.halted = one.halted or before.ends_loop
        if one.ends_loop or before.halted:
            before.halt()

    def _hear(self, one: BatchWork, before: BatchWork | None, events: Sequence[WireEvent]) -> None:
        others = one.hear(events)
        if others and before is not None:
            before.hear(others)

    def _poll(self, one: BatchWork, before: BatchWork | None) -> Sequence[WireEvent]:
        """Ask the wire for its events; with nothing to do, wait until the pace allows something."""
        seconds = one.pause(has_room=self._wire.room > 0)
        if not one.listens and (before is None or not before.listens):
            if seconds and not one.halted:
                self._tools.wait(seconds)
            return ()
        if seconds and one.is_handed_over:
            self._meanwhile(self._wire.room)
        return self._look(one, seconds)

    def _gather(self, one: BatchWork, before: BatchWork | None) -> None:
        """Wait a moment for what is answered next, to write it down along with the rest."""
        for _ in range(MOST_LOOKS if self._tools.store.is_shared else 0):
            if not one.gathers:
                return
            events = self._look(one, GATHER_SECONDS)
            if not events:
                return
            self._hear(one, before, events)

    def _look(self, one: BatchWork, seconds: float) -> Sequence[WireEvent]:
        try:
            return self._wire.poll(seconds)
        except ProviderError as error:
            # Nothing more can be handed over; what was offered is as if it never had been.
            one.note_trouble(error)
            return ()
