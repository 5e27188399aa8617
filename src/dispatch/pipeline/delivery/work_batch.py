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

MOST_DOUBTS = 2
"""Refusals of one delivery that are put down to the account; what is refused once more, is."""


class BatchWork:
    """Works off one batch that was taken.

    Afterwards `halted` says that something stopped it before its end. `trouble` is what was
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
        window: timedelta,
        tools: SendingTools,
        refusal_limit: RefusalLimit,
        repeated: RepeatedRefusals,
        on_trial: bool = False,
        publishing: "Publishing | None" = None,
        reserves: Callable[[], int] = lambda: 0,
        memory: Memory | None = None,
    ) -> None:
        """Begin with a batch in hand; `window` is how long the provider drops repeats.

        `on_trial` says that the channel was stopped, and has accepted nothing since. `publishing`
        is there where the batch is of snippets. `reserves` says how many may be in doubt after a
        power cut, those in flight among them.
        """
        self.halted = False
        self.trouble: ProviderError | None = None
        self.ended = self.answered = self.refused = 0
        self._wire = wire
        self._ledger = ledger
        self._queue = queue
        self._make = make
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

    @property
    def is_busy(self) -> bool:
        """Whether something is to be handed over, under way, or to be written down."""
        waiting = not self.halted and not self._queue.is_empty
        return bool(waiting or self._offered or self._handed or self.has_news)

    @property
    def ends_loop(self) -> bool:
        """Whether this worker should not take another batch: not only this one's hours are over."""
        return self.halted and not self._queue.is_closed

    @property
    def under_way(self) -> int:
        """How many were offered, and have not come out."""
        return len(self._offered) + len(self._handed)

    def halt(self) -> None:
        """Hand nothing more over."""
        self.halted = True
        self._withdraw_all()

    @property
    def is_ready(self) -> bool:
        """Whether something could leave at once."""
        return bool(self._ready)

    @property
    def left(self) -> int:
        """How many wait to be offered."""
        return len(self._queue)

    @property
    def is_handed_over(self) -> bool:
        """Whether only answers are waited for."""
        return not self._offered and self._queue.is_empty and not self.halted

    @property
    def listens(self) -> bool:
        """Whether the wire has something to say of messages of this batch."""
        return bool(self._handed) or len(self._offered) > len(self._ready)

    @property
    def gathers(self) -> bool:
        """Whether there is something to write down, and more to come."""
        return bool(self._handed and (self._ready or self.has_news))

    def pause(self, *, has_room: bool) -> float:
        """How many seconds there is nothing to do, unless the wire has something to say."""
        if self.has_news and not self._queue.opens_soon(len(self._ready)):
            return 0.0
        return self._queue.pause(GLANCE_SECONDS, ready=bool(self._ready), room=has_room)

    def write_down(self) -> None:
        """Write down what came out, and hand over what may leave."""
        number = self._queue.permit(len(self._ready))
        self.halted = self.halted or self._queue.day_is_over or self._queue.is_closed
        waits = self.has_news and self._queue.puts_off(len(self._ready))
        if number or self._lease_runs_out or (self.has_news and not waits):
            self._work_on_chunk(number)

    def write_down_news(self) -> None:
        """Write down what came out, and hand nothing over."""
        self._work_on_chunk(0)

    def close(self) -> None:
        """Nothing of it is left to do."""
        self._queue.close()

    @property
    def has_news(self) -> bool:
        """Whether something came out that is not written down."""
        return bool(self._taken or self._settled)

    def offer(self) -> None:
        """Make what the wire has room for, and have it announced; take all back once halted."""
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

    def hear(self, events: Sequence[WireEvent]) -> Sequence[WireEvent]:
        """Note what may be handed over, and what came out; gives back what is of other batches."""
        others = []
        for event in events:
            message, what = event
            if isinstance(what, Ready):
                if message.id in self._offered:
                    self._ready.append(message.id)
                else:
                    others.append(event)
                continue
            item, handed_over = self._came_out(message)
            if item is None:
                others.append(event)
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
        return others

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
            self.note_trouble(what)
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

    def note_trouble(self, error: ProviderError) -> None:
        """The channel is in trouble, so that nothing more goes out; the first trouble is told."""
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
                self.note_trouble(trouble)
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
        most = max(0, self._reserves() - len(self._handed) - len(wanted))
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
