"""The batches that a sending loop has in its hands: one that goes out, and perhaps the one before.

What is done is put back along with taking the next one, in one transaction.
"""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from dispatch.channels.opened import Channel
from dispatch.errors import StoreUnavailable
from dispatch.model.delivery.batch import Batch
from dispatch.model.delivery.reservation import most_reserved
from dispatch.model.delivery.state import Settlement
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.look_after import look_after
from dispatch.pipeline.delivery.memory import Memory
from dispatch.pipeline.delivery.refusal_limit import RefusalLimit
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.delivery.settle import settle_lost, settle_too_late
from dispatch.pipeline.delivery.work_batch import BatchWork
from dispatch.store.delivery.ledger import Ledger
from dispatch.store.delivery.ledger_connections import LogSync
from dispatch.store.transactions import Transaction

LONGEST_DONE = timedelta(seconds=1)
"""How long a batch that is done may wait to be put back along with taking another one."""


@dataclass(slots=True)
class TakenBatch:
    """A batch in our hands; `leaves_out`: something in it only another channel may repeat.

    Nothing of it may be handed over before `sync` is over.
    """

    batch: Batch
    taken_at: datetime
    begun_at: datetime | None = None
    work: BatchWork | None = None
    ledger: Ledger | None = None
    leaves_out: bool = False
    sync: LogSync | None = None


class TakenBatches:
    """Takes batches of one edition for one channel, and puts them back.

    `ended` is how many deliveries came to an end with that. `on_trial` says of the batch that was
    taken last that the channel was stopped, and has accepted nothing since. `in_hand` has those
    that were begun and are not done, in their order.
    """

    def __init__(
        self,
        edition: Edition,
        channel: Channel,
        planned: Sequence[str],
        connections: int,
        *,
        tools: SendingTools,
        memory: Memory,
        refusal_limit: RefusalLimit,
        open_from: Callable[[Batch, datetime], datetime],
    ) -> None:
        """`open_from` moves a moment out of the hours in which nothing of a batch may leave."""
        self.ended = 0
        self.on_trial = False
        self.in_hand: list[TakenBatch] = []
        self._edition = edition
        self._channel = channel
        self._planned = planned
        self._connections = connections
        self._tools = tools
        self._memory = memory
        self._refusal_limit = refusal_limit
        self._open_from = open_from
        self._workspace = ""
        self._done: list[TakenBatch] = []
        self._done_at = tools.clock()

    def take(self, *, ahead: bool = False) -> TakenBatch | None:
        """Put back what is done and take another batch, if there is one.

        With `ahead` it is not needed yet, so that the disk is not waited for in here.
        """
        tools = self._tools
        now = tools.clock()
        with tools.store.begin_ahead() if ahead else tools.store.begin() as tx:
            tools.guard.check(tools.store, within=tx)
            self._workspace = tools.guard.workspace
            pulled = self._put_back_all(tx, now)
            batch, lost, ended = (None, (), 0) if pulled else self._take(tx, now)
            grown = tx.identity.grow(self._workspace) if self._done or batch else None
        sync = tools.store.sync() if ahead and batch else None
        self._done.clear()
        if grown is not None:
            is_last = batch is None and not self.in_hand
            self._memory.of_batch(grown, now=now, is_last=is_last, is_on_disk=not ahead)
        if batch is not None:
            tools.took(batch)
        look_after(lost, store=tools.store, clock=tools.clock, refused=tools.refused)
        self.ended += ended
        if ended:
            tools.progress(ended)
        return TakenBatch(batch, now, sync=sync) if batch else None

    def leave(self) -> None:
        """Put back what is done, and take nothing."""
        if not self._done:
            return
        now = self._tools.clock()
        with self._tools.store.begin() as tx:
            self._put_back_all(tx, now)
            grown = tx.identity.grow(self._workspace)
        self._done.clear()
        self._memory.of_batch(grown, now=now, is_last=True)

    def leave_in_time(self) -> None:
        """Put back what is done where it would have to wait for the next batch."""
        if self._done and self._tools.clock() - self._done_at > LONGEST_DONE:
            self._done_at = self._tools.clock()
            with suppress(StoreUnavailable):  # later, or by who takes the batch
                self.leave()

    def note_done(self, taken: TakenBatch) -> None:
        """A batch is to be put back."""
        self._done.append(taken)
        self._done_at = self._tools.clock()

    def reserves(self, connections: int, of: TakenBatch | None = None) -> int:
        """How many deliveries of a batch may be in doubt after a power cut.

        As many as there may be in all, less those that others have to hand over or under way.
        """
        per_call = self._channel.capabilities.batch
        most = most_reserved(self._channel.pace, connections=connections, batch=per_call)
        others = [one.work for one in self.in_hand if one is not of and one.work]
        return max(0, most - sum(work.under_way + work.left for work in others))

    def _take(
        self, tx: Transaction, now: datetime
    ) -> tuple[Batch | None, Sequence[Settlement], int]:
        """Take another batch; also what its last holder lost, and how many ended with that."""
        tools = self._tools
        earlier = self.in_hand[0] if self.in_hand else None
        stop = tx.channels.stop(self._channel.name)
        if not tools.keep_going() or (stop and (earlier or stop.is_in_force(now))):
            return None, (), 0
        self.on_trial = stop is not None
        connections = self._connections
        at_most = self._channel.connections
        if self.on_trial:  # by one alone, on whatever machine
            connections = at_most = 1
        batch = tx.batches.take(
            self._edition.id,
            self._planned,
            channel=self._channel.name,
            connections=connections,
            at_most=at_most,
            now=now,
            lease=tools.lease,
            reserves=0 if self.on_trial else self.reserves(connections),
            after=earlier.batch if earlier else None,
        )
        lost: Sequence[Settlement] = ()
        too_late = 0
        if batch is not None and batch.fence > 1:  # somebody had it before
            lost = settle_lost(batch, window_of=tools.window_of, tx=tx, now=now)
            before = now + tools.lease
            too_late = settle_too_late(batch, self._edition, before=before, tx=tx, now=now)
        return batch, lost, too_late + sum(one.ended for one in lost)

    def _put_back_all(self, tx: Transaction, now: datetime) -> bool:
        """Let go of what is done; whether the edition was paused for what came of it."""
        if self.in_hand:
            tx.batches.lock_held(one.batch for one in (*self._done, *self.in_hand))
        pulled = [self._put_back(one, tx, now) for one in self._done]
        return any(pulled)

    def _put_back(self, taken: TakenBatch, tx: Transaction, now: datetime) -> bool:
        # What only another channel may repeat would have us take the batch over and over.
        later = now + timedelta(minutes=1) if taken.leaves_out else None
        open_from = partial(self._open_from, taken.batch)
        tx.batches.put_back(taken.batch, now=now, not_before=later, open_from=open_from)
        if taken.work is None and self.in_hand:
            tx.batches.hand_on(taken.batch, to=self.in_hand[0].batch)
        work = taken.work
        return work is not None and self._refusal_limit.pulled(work.answered, work.refused, tx)
