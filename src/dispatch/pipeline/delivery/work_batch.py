"""A worker works off one batch: it hands messages over, and writes down what came of them.

The intent is committed before a message leaves, and the outcome after it. One commit is for all
messages that happen to be at that point: a chunk. Whoever finds a row between the two, when the
lease has run out, knows only that it may have gone out.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from dispatch.channels.provider import Ready, Wire, WireEvent
from dispatch.errors import (
    NotHandedOver,
    ProviderError,
    ProviderUnavailable,
    RenderingStopped,
    StoreUnavailable,
    TryLater,
)
from dispatch.model.delivery.message import Accepted, Message, Refused, SocialMessage
from dispatch.model.delivery.state import Delivery, Settlement
from dispatch.model.text.plain_text import printable
from dispatch.pipeline.delivery.look_after import look_after
from dispatch.pipeline.delivery.memory import Memory
from dispatch.pipeline.delivery.patience import patiently
from dispatch.pipeline.delivery.queue import Queue
from dispatch.pipeline.delivery.refusal_limit import RefusalLimit
from dispatch.pipeline.delivery.repeated_refusals import RepeatedRefusals
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.delivery.settle import ASLEEP, by_error, given_back, not_made, refused
from dispatch.store.delivery.item import Item
from dispatch.store.delivery.ledger import Chunk, Ledger

if TYPE_CHECKING:
    from dispatch.pipeline.delivery.publishing import Publishing

GLANCE_SECONDS = 0.5
"""How long an idle worker waits before it looks whether it is to stop."""

GATHER_SECONDS = 0.001
MOST_LOOKS = 20
"""How long, and how often, it waits for one more answer before it writes down those it has, where
the database is a server: a commit costs as much there as ten mails. In a file it costs less."""

MOST_DOUBTS = 2
"""Refusals of one delivery that are put down to the account; what is refused once more, is."""


class BatchWork:
    """Works off one batch that was taken.

    Afterwards `halted` says that this worker should not take another one. `trouble` is what was
    wrong with the channel. `ended` counts deliveries. `answered` and `refused` count those that the
    refusal limit has not counted yet.
    """

    def __init__(
        self,
        wire: Wire[Any],
        ledger: Ledger,
        queue: Queue,
        *,
        make: Callable[[Item], Message],
        meanwhile: Callable[[int], object] = lambda _: None,
        window: timedelta,
        tools: SendingTools,
        refusal_limit: RefusalLimit,
        repeated: RepeatedRefusals,
        on_trial: bool = False,
        publishing: "Publishing | None" = None,
        reserves: int = 0,
        memory: Memory | None = None,
    ) -> None:
        """Begin with a batch in hand; `window` is how long the provider drops repeats.

        `meanwhile` is called with the wire's room before the last answers are waited for.
        `on_trial` says that the channel was stopped, and has accepted nothing since. `publishing`
        is there where the batch is of snippets. `reserves` is how many may be in doubt after a
        power cut, those in flight among them.
        """
        self.halted = False
        self.trouble: ProviderError | None = None
        self.ended = self.answered = self.refused = 0
        self._wire = wire
        self._ledger = ledger
        self._queue = queue
        self._make = make
        self._meanwhile = meanwhile
        self._window = window
        self._tools = tools
        self._refusal_limit = refusal_limit
        self._repeated = repeated
        self._on_trial = on_trial
        self._publishing = publishing
        self._reserves = reserves
        self._memory = memory or Memory(tools, tools.clock())
        self._posts: dict[int, Accepted] = {}  # key -> where what was taken stands on a network
        self._offered: dict[str, tuple[Item, Message]] = {}
        self._handed: dict[str, tuple[Item, datetime]] = {}
        self._ready: list[str] = []
        self._early: list[int] = []  # came out without having been handed over
        self._taken: dict[int, str] = {}  # key -> the provider's name for it
        self._settled: list[Settlement] = []  # what came out otherwise

    def work(self) -> None:
        """Go on until nothing is due, or until something halts us and all answers are in."""
        while self._is_busy():
            self._offer()  # here, while the answers to the last chunk are on their way
            self._sort(self._poll())
            self._gather()
            number = self._queue.permit(len(self._ready))
            self.halted = self.halted or self._queue.day_is_over or self._queue.is_closed
            waits = self._has_news and self._queue.puts_off(len(self._ready))
            if number or self._lease_runs_out or (self._has_news and not waits):
                self._work_on_chunk(number)
        self._queue.close()

    def _is_busy(self) -> bool:
        if not self.halted and not self._tools.keep_going():
            self.halted = True
        waiting = not self.halted and not self._queue.is_empty
        return bool(waiting or self._offered or self._handed or self._has_news)

    @property
    def _has_news(self) -> bool:
        """Whether something came out that is not written down."""
        return bool(self._taken or self._settled)

    def _offer(self) -> None:
        if self.halted:
            self._withdraw_all()
            return
        room = self._wire.room
        if room <= 0 or self._queue.is_empty:
            return
        messages = []
        for item in self._queue.take(room, offered=len(self._offered)):
            message = self._made(item)
            if message is not None:
                self._offered[message.id] = item, message
                messages.append(message)
        if messages:
            self._wire.offer(messages)

    def _withdraw_all(self) -> None:
        """Take back what was offered."""
        if self._offered:
            self._wire.withdraw([message for _, message in self._offered.values()])
            self._offered.clear()
        self._ready.clear()

    def _made(self, item: Item) -> Message | None:
        try:
            return self._make(item)
        except RenderingStopped:  # it is made when somebody goes on
            self.halted = True
        except Exception as error:  # noqa: BLE001 - whatever it is, the others go out
            self._early.append(item.id)
            self._settled.append(not_made(self._delivery(item), error))
        return None

    def _delivery(self, item: Item) -> Delivery:
        """What is made of an item once something is to be said of it."""
        return self._ledger.delivery(item, self._tools.clock())

    @property
    def _lease_runs_out(self) -> bool:
        """Whether nothing was written down for so long that others may soon take the batch."""
        until = self._ledger.lease_until
        return until is not None and until - self._tools.clock() < self._tools.lease / 2

    def _poll(self) -> Sequence[WireEvent]:
        """Ask the wire for its events; with nothing to do, wait until the pace allows something."""
        seconds = 0.0
        if not self._has_news or self._queue.opens_soon(len(self._ready)):
            has_room = self._wire.room > 0
            seconds = self._queue.pause(GLANCE_SECONDS, ready=bool(self._ready), room=has_room)
        if len(self._offered) == len(self._ready) and not self._handed:
            if seconds and not self.halted:
                self._tools.wait(seconds)
            return ()
        if seconds and not self._offered and self._queue.is_empty and not self.halted:
            self._meanwhile(self._wire.room)
        return self._look(seconds)

    def _gather(self) -> None:
        """Wait a moment for what is answered next, to write it down along with the rest."""
        for _ in range(MOST_LOOKS if self._tools.store.is_shared else 0):
            if not (self._handed and (self._ready or self._has_news)):
                return
            events = self._look(GATHER_SECONDS)
            if not events:
                return
            self._sort(events)

    def _look(self, seconds: float) -> Sequence[WireEvent]:
        try:
            return self._wire.poll(seconds)
        except ProviderError as error:
            # Nothing more can be handed over; what was offered is as if it never had been.
            self._note_trouble(error)
            return ()

    def _sort(self, events: Sequence[WireEvent]) -> None:
        """Note what may be handed over, and what came out."""
        for message, what in events:
            if isinstance(what, Ready):
                if message.id in self._offered:
                    self._ready.append(message.id)
                continue
            item, handed_over = self._came_out(message)
            if item is None:
                continue
            if isinstance(what, Accepted):
                self.answered += 1
                self._taken[item.id] = printable(what.id)
                if self._publishing:
                    self._posts[item.id] = what
                if self._repeated.keys:
                    self._repeated.end_row()
            else:
                self._settled.append(self._settlement(self._delivery(item), handed_over, what))

    def _came_out(self, message: Message) -> tuple[Item | None, datetime | None]:
        handed = self._handed.pop(message.id, None)
        if handed is not None:
            return handed
        offered = self._offered.pop(message.id, None)
        if offered is None:
            return None, None
        if message.id in self._ready:  # it lost its connection while it waited for permission
            self._ready.remove(message.id)
        self._queue.used(1)
        self._early.append(offered[0].id)
        return offered[0], None

    def _settlement(
        self, delivery: Delivery, handed_over: datetime | None, what: Refused | ProviderError
    ) -> Settlement:
        if isinstance(what, Refused) and self._is_doubtful(delivery, what):
            what = ProviderUnavailable(
                f"whoever a mail is for, it is refused ({what.reason}) - see whether the account"
                " may send, or ask who runs the server"
            )
        if isinstance(what, Refused):
            self.answered += 1
            self.refused += 1
            return refused(delivery, what.reason)
        if not isinstance(what, TryLater | NotHandedOver):
            self._note_trouble(what)
        now = self._tools.clock()
        return by_error(
            delivery, what, window=self._window, handed_over=handed_over or now, now=now
        )

    def _is_doubtful(self, delivery: Delivery, what: Refused) -> bool:
        """Whether a refusal looks like the account's, as nothing shows that it may send."""
        if what.sure or delivery.attempt > MOST_DOUBTS:
            return False
        if self._on_trial or self.trouble is not None:
            return True
        return self._repeated.add(delivery, what.reason)

    def _note_trouble(self, error: ProviderError) -> None:
        self.halted = True
        self.trouble = self.trouble or error

    def _work_on_chunk(self, number: int) -> None:
        """Write down the next intents and the outcomes so far, then hand over."""
        ready, self._ready = self._ready[:number], self._ready[number:]
        if self._publishing:
            ready = self._publish(ready, self._publishing)
        chunk = self._commit([*(self._offered[one][0].id for one in ready), *self._early])
        self.halted = self.halted or not chunk.held
        ended = chunk.left + len(self._taken) + sum(one.ended for one in self._settled)
        self.ended += ended
        tools = self._tools
        look_after(self._settled, store=tools.store, clock=tools.clock, refused=tools.refused)
        if self._publishing:
            with suppress(StoreUnavailable):  # others ask how the delivery came out, too
                self._publishing.free(self._settled)
        self._early.clear()
        self._taken.clear()
        self._settled.clear()
        if ended:
            tools.progress(ended)
        if self._refusal_limit.is_time(self.answered, self.refused, tools.clock()):
            self._look_at_refusals()
        if ready:
            self._hand_over(ready, chunk)

    def _publish(self, ready: Sequence[str], publishing: "Publishing") -> list[str]:
        """Keep where posts are that were taken, and reserve the next; those that may be told."""
        if self._posts:
            patiently(lambda: publishing.keep(self._posts))
            self._posts.clear()
        wanted = [
            (self._delivery(item), message)
            for item, message in map(self._offered.__getitem__, ready)
            if isinstance(message, SocialMessage)
        ]
        if not wanted:
            return list(ready)
        withheld = patiently(lambda: publishing.reserve(wanted))
        back = [message for delivery, message in wanted if delivery.id in withheld]
        for message in back:
            item, _ = self._offered.pop(message.id)
            settlement, trouble = withheld[item.id]
            self._early.append(item.id)
            self._settled.append(settlement)
            if trouble is not None:
                self._note_trouble(trouble)
        if back:
            self._queue.used(-len(back))
            self._wire.withdraw(back)
        return [one for one in ready if one in self._offered]

    def _look_at_refusals(self) -> None:
        """Add up what was answered since the last look; stop where the edition pauses for it."""
        with suppress(StoreUnavailable), self._tools.store.begin() as tx:
            pulled = self._refusal_limit.pulled(self.answered, self.refused, tx)
            self.halted = self.halted or pulled
            self.answered = self.refused = 0

    def _commit(self, wanted: Sequence[int]) -> Chunk:
        clock, lease = self._tools.clock, self._tools.lease
        return patiently(
            lambda: self._ledger.commit(
                wanted,
                self._taken,
                self._settled,
                now=clock(),
                lease=lease,
                # A post on a network is worth the wait for the disk.
                ahead=None if self._publishing else lambda: self._ahead(wanted),
            )
        )

    def _ahead(self, wanted: Sequence[int]) -> list[int]:
        """The deliveries that are handed over after those that are wanted, to be reserved."""
        most = max(0, self._reserves - len(self._handed) - len(wanted))
        now = frozenset(wanted)
        offered = [item.id for item, _ in self._offered.values() if item.id not in now]
        return [*offered, *self._queue.coming(most)][:most]

    def _hand_over(self, ready: Sequence[str], chunk: Chunk) -> None:
        """Let out what was granted, now that it is written down, if our lease still holds."""
        not_noted = self._memory.of_chunk(chunk)
        now = self._tools.clock()
        lease_until = self._ledger.lease_until
        asleep = lease_until is None or now >= lease_until
        why_not = not_noted or (ASLEEP if asleep else "")
        self.halted = self.halted or bool(why_not)
        granted, withdrawn = [], []
        for one in ready:
            item, message = self._offered.pop(one)
            if item.id not in chunk.granted:
                withdrawn.append(message)
            elif why_not:
                withdrawn.append(message)
                self._settled.append(given_back(self._delivery(item), why_not, now=now))
            else:
                granted.append(message)
                self._handed[one] = item, now
        if withdrawn:
            if self.halted:
                self._withdraw_all()  # first, or new connections would be opened for the rest
            self._queue.used(-len(withdrawn))
            self._wire.withdraw(withdrawn)
        if granted:
            self._wire.hand_over(granted)
