"""A sending loop takes batches of one edition and channel, one by one, and works them off.

Between two batches it looks whether it is to go on: its channel may be stopped, its edition paused,
or too much refused. A channel that was stopped is on trial, like a circuit breaker that is half
open: one message goes out on one connection, and no other before that one is accepted. So no more
than one can be lost.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import structlog

from dispatch.channels.opened import Channel
from dispatch.channels.provider import Wire, Wired
from dispatch.errors import MessageUnusable
from dispatch.log import at_work_on
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.message import Message
from dispatch.model.delivery.reservation import most_reserved
from dispatch.model.delivery.state import On, Settlement
from dispatch.model.editions.edition import Edition, EditionContent
from dispatch.pipeline.delivery.look_after import look_after
from dispatch.pipeline.delivery.memory import Memory
from dispatch.pipeline.delivery.queue import Queue
from dispatch.pipeline.delivery.refusal_limit import RefusalLimit
from dispatch.pipeline.delivery.repeated_refusals import RepeatedRefusals
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.delivery.settle import settle_lost, settle_too_late, stop_after
from dispatch.pipeline.delivery.work_ahead import WorkAhead
from dispatch.pipeline.delivery.work_batch import BatchWork
from dispatch.pipeline.messages.make import MessageMaker, sign
from dispatch.store.delivery.item import Item
from dispatch.store.delivery.ledger import Ledger
from dispatch.store.delivery.row_keys import is_of_snippet
from dispatch.store.transactions import Transaction

if TYPE_CHECKING:
    from dispatch.model.editions.card import KeptPicture
    from dispatch.pipeline.delivery.publishing import Publishing

log = structlog.get_logger()


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

    `ended` is how many deliveries it brought to an end. `planned` are the channels whose batches it
    takes: its own, and those it steps in for. It asks for so many `connections`.
    """

    def __init__(
        self,
        edition: Edition,
        channel: Channel,
        planned: Sequence[str],
        connections: int,
        tools: SendingTools,
    ) -> None:
        self.ended = 0
        self._asked = connections
        self._edition = edition
        self._channel = channel
        self._sending = edition.content.sending
        self._planned = planned
        self._tools = tools
        self._maker = MessageMaker(
            edition,
            channel,
            tools.links,
            date=tools.clock(),
            earlier=self._earlier,
            renderer=tools.renderer,
            pictures=self._pictures,
        )
        self._ahead = WorkAhead(
            lambda tx: tx.batches.coming(edition.id, planned, now=tools.clock()),
            make=self._make,
            store=tools.store,
            clock=tools.clock,
        )
        self._refusal_limit = RefusalLimit(edition)
        self._repeated = RepeatedRefusals()
        self._workspace = ""
        self._memory = Memory(tools)
        self._batch_work: BatchWork | None = None  # on the batch that is being put back
        self._wire: Wire[Any] | None = None
        self._connections = 0
        self._on_trial = False  # the channel was stopped, and has accepted nothing since
        self._left_out = False  # something in the batch may only be repeated by another channel

    def work(self) -> None:
        """Go on until nothing is due, the channel or the edition stops, or we are to stop."""
        try:
            batch = self._next(None)
            while batch is not None:
                if not self._work_on(batch):
                    self._leave(batch)
                    return
                batch = self._next(batch)
        finally:
            if self._wire is not None:
                self._wire.close()

    # Between batches.

    def _next(self, done: Batch | None) -> Batch | None:
        """Put back the batch that is done and take another one, in one transaction."""
        tools = self._tools
        tools.guard.check(tools.store)
        self._workspace = tools.guard.workspace
        now = tools.clock()
        with tools.store.begin() as tx:
            pulled = self._put_back(done, tx, now)
            batch, lost, ended = (None, (), 0) if pulled else self._take(tx, now)
            grown = tx.identity.grow(self._workspace) if done or batch else None
        if grown is not None:
            self._memory.of_batch(grown, now=now, is_last=batch is None)
        if batch is not None:
            tools.took(batch)
        look_after(lost, store=tools.store, clock=tools.clock, refused=tools.refused)
        self._count(ended)
        return batch

    def _take(
        self, tx: Transaction, now: datetime
    ) -> tuple[Batch | None, Sequence[Settlement], int]:
        """Take another batch, if there is one; also what its last holder lost, how many ended."""
        tools = self._tools
        stop = tx.channels.stop(self._channel.name)
        if not tools.keep_going() or (stop and stop.is_in_force(now)):
            return None, (), 0
        self._on_trial = stop is not None
        connections = self._asked
        at_most = self._channel.connections
        if self._on_trial:  # by one alone, on whatever machine
            connections = at_most = 1
        batch = tx.batches.take(
            self._edition.id,
            self._planned,
            channel=self._channel.name,
            connections=connections,
            at_most=at_most,
            now=now,
            lease=tools.lease,
            reserves=0 if self._on_trial else self._reserves(connections),
        )
        lost: Sequence[Settlement] = ()
        too_late = 0
        if batch is not None and batch.fence > 1:  # somebody had it before
            lost = settle_lost(batch, window_of=tools.window_of, tx=tx, now=now)
            before = now + tools.lease
            too_late = settle_too_late(batch, self._edition, before=before, tx=tx, now=now)
        return batch, lost, too_late + sum(one.ended for one in lost)

    def _leave(self, batch: Batch) -> None:
        now = self._tools.clock()
        with self._tools.store.begin() as tx:
            self._put_back(batch, tx, now)
            grown = tx.identity.grow(self._workspace)
        self._memory.of_batch(grown, now=now, is_last=True)

    def _put_back(self, batch: Batch | None, tx: Transaction, now: datetime) -> bool:
        """Let go of a batch; returns whether the edition was paused for what came of it."""
        if batch is None:
            return False
        # What only another channel may repeat would have us take the batch over and over.
        later = now + timedelta(minutes=1) if self._left_out else None
        open_from = partial(self._open_from, batch)
        tx.batches.put_back(batch, now=now, not_before=later, open_from=open_from)
        done, self._batch_work = self._batch_work, None
        return done is not None and self._refusal_limit.pulled(done.answered, done.refused, tx)

    # One batch.

    def _work_on(self, batch: Batch) -> bool:
        """Hand over what is due of a batch; returns whether this loop should go on."""
        tools = self._tools
        now = tools.clock()
        if self._open_from(batch, now) > now:
            return True  # it waits for its hours; another zone's may be open
        ledger = tools.store.ledger(batch)
        queue = Queue(
            self._items(ledger, batch),
            channel=self._channel,
            store=tools.store,
            clock=tools.clock,
            timezone=self._edition.content.publisher.timezone,
            closes=self._open_until(batch, now),
        )
        batch_work = self._batch_work = BatchWork(
            self._wire_for(batch),
            ledger,
            queue,
            make=self._made,
            meanwhile=self._work_ahead,
            window=self._channel.capabilities.idempotent_for,
            tools=tools,
            refusal_limit=self._refusal_limit,
            repeated=self._repeated,
            on_trial=self._on_trial,
            publishing=self._publishing if is_of_snippet(batch.first) else None,
            reserves=self._reserves(batch.connections),
            memory=self._memory,
        )
        try:
            batch_work.work()
        finally:
            ledger.close()
            self.ended += batch_work.ended
        self._tell(batch_work)
        # What only this batch's hours have stopped is no reason not to look for another one.
        return not batch_work.halted or queue.is_closed

    def _reserves(self, connections: int) -> int:
        batch = self._channel.capabilities.batch
        return most_reserved(self._channel.pace, connections=connections, batch=batch)

    def _earlier(self) -> Iterable[EditionContent]:
        """What readers may catch up from."""
        from dispatch.pipeline.editions.catch_up import approved_before  # noqa: PLC0415 - for few

        return approved_before(self._edition, store=self._tools.store)

    def _pictures(self, marks: Collection[str]) -> "Mapping[str, KeptPicture]":
        """What stands beside snippets."""
        from dispatch.pipeline.editions.keep_pictures import kept_pictures  # noqa: PLC0415

        return kept_pictures(marks, store=self._tools.store)

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

    def _items(self, ledger: Ledger, batch: Batch) -> list[Item]:
        items = self._ahead.items_of(batch)
        if items is None:
            items = ledger.items(now=self._tools.clock())
        # A lost answer may only be repeated where the provider drops repeats: at the same one.
        ours = [
            item for item in items if item.repeats_kept is None or item.channel == batch.channel
        ]
        self._left_out = len(ours) < len(items)
        return sorted(ours, key=_trial_order)[:1] if self._on_trial else ours

    def _work_ahead(self, room: int) -> None:
        """Make what comes next, as far as the wire has room for it."""
        others = self._channel.connections > self._connections  # who may take the next one
        if not others and not self._on_trial and self._tools.keep_going():
            self._ahead.look(room)

    def _wire_for(self, batch: Batch) -> Wire[Any]:
        if self._wire is None or self._connections != batch.connections:
            if self._wire is not None:
                self._wire.close()
            provider = self._channel.provider
            self._wire = (
                provider.open_wire(batch.connections)
                if isinstance(provider, Wired)
                else self._calling(batch.connections)
            )
            self._connections = batch.connections
        return self._wire

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

    def _made(self, item: Item) -> Message:
        return self._ahead.message_of(item) or self._make(item)

    def _make(self, item: Item) -> Message:
        if item.subscriber_id is None:
            return self._maker.snippet(item)
        if not item.recipient:
            raise MessageUnusable("its reader was erased")
        self._channel.check_recipient(item.recipient)
        return sign(self._maker.message(item, item), self._channel)

    def _tell(self, batch_work: BatchWork) -> None:
        """Stop the channel for everybody after trouble that is its own, or lift a stop that was."""
        name, now = self._channel.name, self._tools.clock()
        if batch_work.trouble is not None:
            with self._tools.store.begin() as tx:
                stop = stop_after(name, batch_work.trouble, tx.channels.stop(name), now=now)
                tx.channels.put_stop(stop)
            log.warning("channel.stopped", channel=name, problem=str(stop))
        elif self._on_trial and batch_work.answered > batch_work.refused:
            # A refusal says little: it may come before the point at which answers are lost.
            self._on_trial = False
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
        self.ended -= taken_back

    def _count(self, number: int) -> None:
        self.ended += number
        if number:
            self._tools.progress(number)


def _trial_order(item: Item) -> int:
    """First what may be repeated for some time only, then what was tried least.

    What the service takes offence at may be one message, which must not stand before all others.
    """
    return 0 if item.repeats_kept is not None else item.attempt + 1
