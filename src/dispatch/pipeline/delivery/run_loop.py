"""One sending loop for an edition and a channel, here or in a process of its own."""

from collections.abc import Callable, Sequence
from contextlib import nullcontext, suppress
from dataclasses import replace
from datetime import timedelta
from functools import partial
from threading import Event, Lock
from typing import TYPE_CHECKING, Any, cast

from dispatch.channels.opened import Channel
from dispatch.clock import Clock
from dispatch.errors import BadInput, DispatchError, NotFound
from dispatch.log import at_work_on
from dispatch.model.delivery.state import Settlement
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.failover import planned_for
from dispatch.pipeline.delivery.garbage import collecting_rarely
from dispatch.pipeline.delivery.loops import LOOP_CONNECTIONS, Processes, plan_loops
from dispatch.pipeline.delivery.pause import end_if_cancelled
from dispatch.pipeline.delivery.sending_loop import work_on_edition
from dispatch.pipeline.delivery.sending_orders import SendingOrders
from dispatch.pipeline.delivery.sending_process import send_elsewhere
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.workspace.guard import Guard
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.transactions import Store

if TYPE_CHECKING:
    from dispatch.channels.provider import Provider, WiredAnywhere

OpenChannel = Callable[[str], Channel]
"""Channel name to a channel for one thread, to be closed; raises NotFound or BadInput."""

Progress = Callable[[int], None]
"""Called with the number of deliveries that have just ended."""

Refused = Callable[[Sequence[Settlement]], object]
"""Called with deliveries that were just refused."""


def deliver_some(
    edition: Edition,
    name: str,
    *,
    here: Lock,
    processes: Processes,
    store: Store,
    guard: Guard,
    open_channel: OpenChannel,
    links: SignedLinks,
    clock: Clock,
    lease: timedelta,
    refused: Refused = lambda _: None,
    keep_going: Callable[[], bool] = lambda: True,
    wait: Callable[[float], object] | None = None,
    renderer: Renderer = HERE,
) -> int:
    """Run one of the loops that an edition has use for over a channel; how many ended by it.

    Over a wire it has a process of its own where there are several, or where another one is under
    way in this process, which holds `here` meanwhile.
    """
    opens = partial(can_open, open_channel=open_channel)
    loops = plan_loops(
        edition,
        name,
        store=store,
        now=clock(),
        open_channel=open_channel,
        opens=opens,
        processes=processes,
    )
    run = partial(
        run_sending_loop,
        edition,
        name,
        connections=loops.connections,
        store=store,
        guard=guard,
        open_channel=open_channel,
        links=links,
        clock=clock,
        lease=lease,
        refused=refused,
        keep_going=keep_going,
        wait=wait,
        renderer=renderer,
    )
    if not loops.over_wire:
        return run()
    if not loops.ready:
        return 0
    apart = loops.anywhere and processes.most > 1
    if (apart and loops.number > 1) or not here.acquire(blocking=not apart):
        return run(elsewhere=True)
    try:
        return run()
    finally:
        here.release()


def run_sending_loop(
    edition: Edition,
    channel_name: str,
    *,
    store: Store,
    guard: Guard,
    open_channel: OpenChannel,
    links: SignedLinks,
    clock: Clock,
    lease: timedelta,
    progress: Progress = lambda _: None,
    refused: Refused = lambda _: None,
    keep_going: Callable[[], bool] = lambda: True,
    wait: Callable[[float], object] | None = None,
    renderer: Renderer = HERE,
    connections: int = LOOP_CONNECTIONS,
    elsewhere: bool = False,
) -> int:
    """Run one sending loop for an edition over one channel: here, or in a process of its own.

    Returns how many deliveries ended by it. Finishes the edition if those were its last. Raises
    NotFound or BadInput where the channel cannot be opened, and StoreUnavailable.
    """
    window_of = partial(find_window, open_channel=open_channel)
    tools = SendingTools(
        store,
        guard,
        links,
        renderer,
        clock,
        lease,
        window_of,
        keep_going,
        wait or Event().wait,
        progress,
        refused,
    )
    with at_work_on(campaign=edition.campaign, edition=edition.id, channel=channel_name):
        channel = open_channel(channel_name)
        try:
            opens = partial(can_open, open_channel=open_channel)
            planned = planned_for(edition, channel_name, store, clock(), opens=opens)
            if elsewhere:
                orders = _orders(edition, channel, planned, connections, tools)
                ended = send_elsewhere(orders, tools)
            else:
                with collecting_rarely() if channel.capabilities.batch > 1 else nullcontext():
                    ended = work_on_edition(edition, channel, planned, connections, tools=tools)
        finally:
            channel.close()
    with store.begin() as tx:
        tx.batches.finish_edition(edition.id, now=clock())
    end_if_cancelled(edition.id, store=store, clock=clock)
    return ended


def _orders(
    edition: Edition,
    channel: Channel,
    planned: Sequence[str],
    connections: int,
    tools: SendingTools,
) -> SendingOrders:
    """What a process is told that runs a loop; its channel is one of those that open anywhere."""
    wires = cast("WiredAnywhere", channel.provider).wires
    return SendingOrders(
        edition,
        replace(channel, provider=cast("Provider[Any]", wires), tokens=None),
        tuple(planned),
        connections,
        tools.store,
        tools.guard,
        tools.links,
        tools.lease,
        {name: tools.window_of(name) for name in {channel.name, *edition.content.channels}},
    )


def can_open(name: str, *, open_channel: OpenChannel) -> bool:
    """Whether this process can open a channel: it is configured, and its secrets are here."""
    try:
        open_channel(name).close()
    except (BadInput, NotFound):
        return False
    return True


def find_window(name: str, *, open_channel: OpenChannel) -> timedelta:
    """How long a channel's provider drops repeats; zero for one that is not there any more."""
    with suppress(DispatchError):
        channel = open_channel(name)
        channel.close()
        return channel.capabilities.idempotent_for
    return timedelta(0)
