"""A sending loop takes batches of one edition and channel, one by one, and works them off.

Between two batches it looks whether it is to go on: its channel may be stopped, its edition paused,
or too much refused. Over a wire a batch is taken while the last messages of the one before are
still under way. A channel that was stopped is on trial, like a circuit breaker that is half
open: one message goes out on one connection, and no other before that one is accepted. So no more
than one can be lost.
"""

from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from datetime import datetime
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, TypeVar

import structlog

from dispatch.channels.opened import Channel
from dispatch.channels.provider import Wire, Wired
from dispatch.errors import StoreUnavailable
from dispatch.log import at_work_on
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.state import On
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.loop_messages import LoopMessages
from dispatch.pipeline.delivery.memory import Memory
from dispatch.pipeline.delivery.queue import Queue
from dispatch.pipeline.delivery.refusal_limit import RefusalLimit
from dispatch.pipeline.delivery.repeated_refusals import RepeatedRefusals
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.delivery.settle import stop_after
from dispatch.pipeline.delivery.taken_batches import TakenBatch, TakenBatches
from dispatch.pipeline.delivery.turns import Turns
from dispatch.pipeline.delivery.work_batch import BatchWork
from dispatch.store.delivery.item import Item
from dispatch.store.delivery.ledger import Ledger
from dispatch.store.delivery.row_keys import is_of_snippet

if TYPE_CHECKING:
    from dispatch.pipeline.delivery.publishing import Publishing

log = structlog.get_logger()

T = TypeVar("T")

EARLY = 200
EARLY_SECONDS = 0.02
"""How many messages are left to be offered, and for how long they will do at the rate so far, when
the next batch is taken: the disk needs some time. Others could take it meanwhile."""


def work_on_edition(
    edition: Edition,
    channel: Channel,
    planned: Sequence[str],
    connections: int,
    *,
    tools: SendingTools,
) -> int:
    """Run one loop; how many deliveries it has brought to an end.

    It asks for so many `connections` of the channel. Raises StoreUnavailable.
    """
    with at_work_on(campaign=edition.campaign, edition=edition.id, channel=channel.name):
        loop = SendingLoop(edition, channel, planned, connections, tools)
        loop.work()
    return loop.ended


class SendingLoop:
    """Works on one edition over one channel, in one thread.

    `planned` are the channels whose batches it takes: its own, and those it steps in for. It asks
    for so many `connections`.
    """

    def __init__(
        self,
        edition: Edition,
        channel: Channel,
        planned: Sequence[str],
        connections: int,
        tools: SendingTools,
    ) -> None:
        self._edition = edition
        self._channel = channel
        self._sending = edition.content.sending
        self._tools = tools
        self._messages = LoopMessages(edition, channel, planned, tools)
        self._refusal_limit = RefusalLimit(edition)
        self._repeated = RepeatedRefusals()
        self._memory = Memory(tools)
        self._taken = TakenBatches(
            edition,
            channel,
            planned,
            connections,
            tools=tools,
            memory=self._memory,
            refusal_limit=self._refusal_limit,
            open_from=self._open_from,
        )
        self._wire: Wire[Any] | None = None
        self._connections = 0
        self._turns: Turns | None = None
        self._coming: TakenBatch | None = None  # taken before it is its turn
        self._has_looked = False  # for that one
        self._failed: Exception | None = None  # while something was under way

    @property
    def ended(self) -> int:
        """How many deliveries came to an end."""
        return self._taken.ended

    def work(self) -> None:
        """Go on until nothing is due, the channel or the edition stops, or we are to stop."""
        taken = self._taken
        try:
            batch = self._next()
            while batch is not None and self._work_on(batch):
                batch = self._next()
            if self._coming is not None:
                taken.note_done(self._coming)
            taken.leave()
        finally:
            for one in taken.in_hand:
                self._close(one)
            if self._wire is not None:
                self._wire.close()

    def _next(self) -> TakenBatch | None:
        """Another batch; before there is none, what is under way is seen through to its end."""
        coming, self._coming = self._coming, None
        is_last, self._has_looked = self._has_looked and coming is None, False
        if coming is not None:
            if self._tools.clock() - coming.taken_at < self._tools.lease / 2:
                return coming
            self._taken.note_done(coming)  # the rate has changed
        in_hand = self._taken.in_hand
        batch = None if is_last and in_hand else self._between(self._taken.take)
        if batch is None and in_hand and self._finish():
            batch = self._taken.take()
        return batch

    def _between(self, act: Callable[[], T]) -> T:
        """Do something between two batches; where it fails, what is under way comes in before."""
        try:
            return act()
        except Exception:
            if self._taken.in_hand:
                self._finish()
            raise

    def _work_on(self, taken: TakenBatch) -> bool:
        """Hand over what is due of a batch; returns whether this loop should go on.

        Its last messages may be under way then.
        """
        batch, now = taken.batch, self._tools.clock()
        if self._open_from(batch, now) > now:
            self._taken.note_done(taken)
            return True  # it waits for its hours; another zone's may be open
        in_hand = self._taken.in_hand
        if in_hand and self._connections != batch.connections and not self._finish():
            self._taken.note_done(taken)
            return False
        before = in_hand[0].work if in_hand else None
        work, turns = self._between(partial(self._begin, taken, now))
        in_hand.append(taken)
        turns.work(work, before, may_be_followed=self._may_be_followed(batch))
        return self._goes_on_after(taken, work)

    def _begin(self, taken: TakenBatch, now: datetime) -> tuple[BatchWork, Turns]:
        """What works on a batch, from now on."""
        batch = taken.batch
        self._tools.store.wait_for(taken.sync)
        wire, turns = self._wire_for(batch)
        taken.begun_at = now
        with ExitStack() as where_it_fails:
            ledger = taken.ledger = self._tools.store.ledger(batch)
            where_it_fails.callback(ledger.close)
            queue = self._queue(taken, ledger, now)
            where_it_fails.pop_all()
        taken.work = BatchWork(
            wire,
            ledger,
            queue,
            make=self._messages.message_for,
            window=self._channel.capabilities.idempotent_for,
            tools=self._tools,
            refusal_limit=self._refusal_limit,
            repeated=self._repeated,
            on_trial=self._taken.on_trial,
            publishing=self._publishing if is_of_snippet(batch.first) else None,
            reserves=partial(self._taken.reserves, batch.connections, taken),
            memory=self._memory,
        )
        return taken.work, turns

    def _goes_on_after(self, taken: TakenBatch, work: BatchWork) -> bool:
        if not work.is_busy:
            self._end(taken)
        failed, self._failed = self._failed, None
        if failed is not None:
            raise failed
        return not work.ends_loop

    def _may_be_followed(self, batch: Batch) -> bool:
        """Whether another batch may begin while the last messages of this one are under way.

        Not where a pace says when they leave, nor where a call takes a whole batch.
        """
        is_wire = isinstance(self._channel.provider, Wired)
        waits = self._channel.pace.limited or self._taken.on_trial or is_of_snippet(batch.first)
        return is_wire and not waits

    def _look_around(self) -> None:
        """Between two turns: see whether the batch before is done, and take the next one early.

        What fails is raised once all that is under way has come in.
        """
        try:
            self._end_before()
            self._take_early()
        except Exception as error:  # noqa: BLE001 - raised later
            self._failed = self._failed or error
            for taken in self._taken.in_hand:
                if taken.work is not None:
                    taken.work.halted = True

    def _end_before(self) -> None:
        for taken in self._taken.in_hand[:-1]:
            if taken.work is not None and not taken.work.is_busy:
                self._end(taken)
        self._taken.leave_in_time()

    def _take_early(self) -> None:
        """Take the next batch a little before its turn, where the wire will have room for it."""
        *before, current = self._taken.in_hand
        work = current.work
        if self._has_looked or before or work is None or work.halted or work.left > EARLY:
            return
        if work.ended and self._is_near(current, work):
            self._has_looked = True
            if self._may_be_followed(current.batch):
                with suppress(StoreUnavailable):  # else it is taken when it is its turn
                    self._coming = self._taken.take(ahead=True)

    def _is_near(self, taken: TakenBatch, work: BatchWork) -> bool:
        """Whether the end of a batch is near, if it goes on as it did."""
        begun_at = taken.begun_at or taken.taken_at
        seconds = (self._tools.clock() - begun_at).total_seconds()
        return work.left * seconds <= work.ended * EARLY_SECONDS

    def _finish(self) -> bool:
        """See what is under way through to its end; returns whether this loop should go on."""
        [taken] = self._taken.in_hand
        work = taken.work
        if work is None or self._turns is None:
            return True
        self._has_looked = True  # whoever finishes one takes the next one after it
        self._turns.work(work)
        return self._goes_on_after(taken, work)

    def _end(self, taken: TakenBatch) -> None:
        self._taken.in_hand.remove(taken)
        self._close(taken)
        self._taken.note_done(taken)
        if taken.work is not None:
            self._tell(taken.work)

    def _close(self, taken: TakenBatch) -> None:
        if taken.ledger is not None:
            taken.ledger.close()
        if taken.work is not None:
            self._taken.ended += taken.work.ended

    def _queue(self, taken: TakenBatch, ledger: Ledger, now: datetime) -> Queue:
        return Queue(
            self._items(ledger, taken),
            channel=self._channel,
            store=self._tools.store,
            clock=self._tools.clock,
            timezone=self._edition.content.publisher.timezone,
            closes=self._open_until(taken.batch, now),
        )

    @cached_property
    def _publishing(self) -> "Publishing":
        from dispatch.pipeline.delivery.publishing import Publishing  # noqa: PLC0415 - for networks

        return Publishing(self._edition, self._channel, self._tools.store, self._tools.clock)

    def _open_from(self, batch: Batch, moment: datetime) -> datetime:
        if is_of_snippet(batch.first):
            return self._publishing.hours.open_from(moment)
        return self._sending.open_from(moment, batch.timezone)

    def _open_until(self, batch: Batch, moment: datetime) -> datetime | None:
        if is_of_snippet(batch.first):
            return self._publishing.hours.open_until(moment)
        return self._sending.open_until(moment, batch.timezone)

    def _items(self, ledger: Ledger, taken: TakenBatch) -> list[Item]:
        batch = taken.batch
        items = self._messages.items_of(batch, ledger)
        # A lost answer may only be repeated where the provider drops repeats: at the same one.
        ours = [
            item for item in items if item.repeats_kept is None or item.channel == batch.channel
        ]
        taken.leaves_out = len(ours) < len(items)
        return sorted(ours, key=_trial_order)[:1] if self._taken.on_trial else ours

    def _work_ahead(self, room: int) -> None:
        """Make what comes next, as far as the wire has room for it."""
        others = self._channel.connections > self._connections  # who may take the next one
        if not others and not self._taken.on_trial and self._tools.keep_going():
            self._messages.look_ahead(room)

    def _wire_for(self, batch: Batch) -> tuple[Wire[Any], Turns]:
        if self._wire is None or self._turns is None or self._connections != batch.connections:
            if self._wire is not None:
                self._wire.close()
            provider = self._channel.provider
            wire = self._wire = (
                provider.open_wire(batch.connections)
                if isinstance(provider, Wired)
                else self._calling(batch.connections)
            )
            self._turns = Turns(
                wire, self._tools, meanwhile=self._work_ahead, each=self._look_around
            )
            self._connections = batch.connections
        return self._wire, self._turns

    def _calling(self, connections: int) -> Wire[Any]:
        from dispatch.channels.calling import Calling  # noqa: PLC0415 - not for a wire
        from dispatch.channels.inquiry import MOST_SECONDS  # noqa: PLC0415

        tools = self._tools
        return Calling(
            self._channel.provider,
            self._channel.capabilities,
            name=self._channel.name,
            connections=connections,
            most_seconds=min(MOST_SECONDS, tools.lease.total_seconds() / 2),
            wait=tools.wait,
        )

    def _tell(self, batch_work: BatchWork) -> None:
        """Stop the channel for everybody after trouble that is its own, or lift a stop that was."""
        name, now = self._channel.name, self._tools.clock()
        if batch_work.trouble is not None:
            with self._tools.store.begin() as tx:
                stop = stop_after(name, batch_work.trouble, tx.channels.stop(name), now=now)
                tx.channels.put_stop(stop)
            log.warning("channel.stopped", channel=name, problem=str(stop))
        elif self._taken.on_trial and batch_work.answered > batch_work.refused:
            # A refusal says little: it may come before the point at which answers are lost.
            self._taken.on_trial = False
            with self._tools.store.begin() as tx:
                tx.channels.clear_stop(name)
        if self._repeated.keys and batch_work.halted:
            self._take_back(batch_work)

    def _take_back(self, batch_work: BatchWork) -> None:
        """Let those wait again who were refused right before the channel stopped for it.

        What was refused was not taken. The batch is still ours, so that the edition cannot end
        meanwhile.
        """
        keys, now = list(self._repeated.keys), self._tools.clock()
        with self._tools.store.begin() as tx:
            stop = tx.channels.stop(self._channel.name)
            if stop is None or not stop.is_in_force(now):
                return
            self._repeated.clear()
            tx.batches.lock(self._edition.id)
            taken_back = tx.deliveries.take_back(keys, reason=On.MISJUDGED.value, now=now)
            tx.batches.forget_counts(keys)
            tx.batches.reopen(self._edition.id, now=now)
        batch_work.answered -= taken_back
        batch_work.refused -= taken_back
        self._taken.ended -= taken_back


def _trial_order(item: Item) -> int:
    """First what may be repeated for some time only, then what was tried least.

    What the service takes offence at may be one message, which must not stand before all others.
    """
    return 0 if item.repeats_kept is not None else item.attempt + 1
