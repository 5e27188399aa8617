"""How many sending loops an edition has use for over a channel, and how many connections each.

A loop of mail keeps one core busy, and threads of one process share one: two such loops in a
process are slower than one. So it is one, or each has a process of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from dispatch.channels.opened import Channel
from dispatch.channels.provider import Wired, WiredAnywhere
from dispatch.model.delivery.batch import BATCH_SIZE
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.failover import Opens, planned_for
from dispatch.store.transactions import Store

LOOP_CONNECTIONS = 40
"""At most so many in one loop: more than one process can keep busy."""

PROCESS_CONNECTIONS = 20
"""So many for each are worth processes of their own, where there are cores for them: with fewer a
chunk is small for what it costs (measured: docs/adr/0142)."""

PROCESS_BATCHES = 10
"""So many for each, or it is not worth the half second that a process takes to start: as many leave
in the meantime."""

PROCESS_PER_SECOND = 1000
"""A pace of no more than that for each is not worth another one."""


@dataclass(frozen=True, slots=True)
class Processes:
    """How many processes may send mail beside each other: `most`, on so many `cores`."""

    most: int = 1
    cores: int = 1


HERE_ALONE = Processes()
"""This process, and no other."""


@dataclass(frozen=True, slots=True)
class Loops:
    """What an edition has use for over one channel now.

    `number` loops, each with at most so many `connections`. With `over_wire` no two of them may be
    in one process; `anywhere` says that they can be in other ones. `ready`: something can be taken.
    """

    channel: str
    number: int
    connections: int
    over_wire: bool = False
    anywhere: bool = False
    ready: bool = True


def count_loops(channel: Channel, *, shared: bool, processes: Processes) -> int:
    """How many loops a channel has use for at the most, as so many processes may send here.

    Where machines share it, two at least. Of a provider that takes batches no more than it needs
    for the deliveries that they have in hand.
    """
    most = LOOP_CONNECTIONS
    least = 2 if shared else 1
    if isinstance(channel.provider, Wired):
        worth = max(1, channel.connections // PROCESS_CONNECTIONS)
        least = max(least, min(processes.most, processes.cores, worth))
    elif channel.capabilities.calls_at_once == 1:
        return channel.connections
    else:
        most = min(most, -(-BATCH_SIZE // channel.capabilities.batch))
    return min(channel.connections, max(least, -(-channel.connections // most)))


def plan_loops(
    edition: Edition,
    name: str,
    *,
    store: Store,
    now: datetime,
    open_channel: Callable[[str], Channel],
    opens: Opens,
    processes: Processes,
    alone: bool = False,
) -> Loops:
    """The loops for what can be taken of an edition at this moment.

    `alone`: nobody else is to send it, so that these have all connections between them. Raises
    NotFound or BadInput where the channel cannot be opened.
    """
    channel = open_channel(name)
    try:
        over_wire = isinstance(channel.provider, Wired)
        anywhere = isinstance(channel.provider, WiredAnywhere)
        ready, worth, most = True, processes.cores, channel.connections
        if over_wire:
            planned = planned_for(edition, name, store, now, opens=opens)
            with store.read() as tx:
                batches = tx.batches.ready(edition.id, planned, now=now)
                in_use = tx.batches.connections_in_use(name, now=now)
                on_trial = tx.channels.stop(name) is not None
            most = 1 if on_trial else max(1, batches)
            ready = batches > 0 and in_use < channel.connections
            worth = _worth(channel, batches) if anywhere and not on_trial else 1
            processes = replace(processes, cores=min(processes.cores, worth))
        shares = count_loops(channel, shared=store.is_shared, processes=processes)
        shared = store.is_shared and (worth > 1 or not over_wire)
        number = min(most, count_loops(channel, shared=shared, processes=processes))
        if over_wire and alone:
            number = shares = min(number, processes.most) if anywhere else 1
        each = min(LOOP_CONNECTIONS, -(-channel.connections // shares))
        return Loops(name, number, each, over_wire, anywhere, ready)
    finally:
        channel.close()


def _worth(channel: Channel, batches: int) -> int:
    """How many processes at once so many batches are worth."""
    most = batches // PROCESS_BATCHES
    if channel.pace.per_second:
        most = min(most, int(channel.pace.per_second // PROCESS_PER_SECOND))
    return max(1, most)
