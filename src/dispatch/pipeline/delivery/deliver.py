"""Deliveries go out: what is due is handed over, and nothing twice.

Sending loops work the rows off in batches. A channel has as many loops as it has use for. They are
threads of this process, and of others on other machines; all take from the same rows.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from threading import Event

from dispatch.channels.opened import Channel
from dispatch.clock import Clock
from dispatch.errors import BadInput, DispatchError, NotFound
from dispatch.log import at_work_on
from dispatch.model.delivery.state import DeliveryState, Settlement
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.collecting_rarely import collecting_rarely
from dispatch.pipeline.delivery.failover import Opens, next_failover, planned_for
from dispatch.pipeline.delivery.find_lost import find_lost
from dispatch.pipeline.delivery.pause import end_if_cancelled
from dispatch.pipeline.delivery.sending_loop import SendingLoop, loop_connections
from dispatch.pipeline.delivery.sending_tools import SendingTools
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.reviews.decide import check_approved
from dispatch.pipeline.workspace.guard import Guard
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Store

OpenChannel = Callable[[str], Channel]
"""Channel name to a channel for one thread, to be closed; raises NotFound or BadInput."""

Progress = Callable[[int], None]
"""Called with the number of deliveries that have just ended."""

Refused = Callable[[Sequence[Settlement]], object]
"""Called with deliveries that were just refused."""


SHORT_PAUSE = timedelta(seconds=5)
"""Chats want their posts a few seconds apart. Whoever runs a campaign by hand waits for that."""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """Where an edition's deliveries stand after a pass over them.

    `waiting_until` is when the next open one can go on; it is None if none is open. `leased_until`
    is when the first lease of another worker runs out; it is None if there is none. `stops` has a
    sentence for each channel that cannot be used for now. `ended` is how many deliveries this pass
    brought to an end. `as_planned` says that what waits does so by its hours, and not because
    something went wrong; `is_due` that something could go on at once, as this pass was stopped.
    """

    edition: Edition
    counts: dict[DeliveryState, int]
    waiting_until: datetime | None
    leased_until: datetime | None = None
    stops: tuple[str, ...] = ()
    ended: int = 0
    as_planned: bool = False
    is_due: bool = False


def deliver_edition(
    edition: Edition,
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
) -> DeliveryReport:
    """Hand over all that is due of an addressed edition, and finish it if that was all.

    One channel's trouble leaves the others running. Returns when nothing more is due, or when
    `keep_going` says to stop, which is asked between hand-overs. Snippets that are kept apart by
    seconds, as in chats, are waited for. Raises Conflict if the edition
    is not what was approved.
    """
    check_approved(edition)
    troubles: list[str] = []
    loops = []
    opens = partial(can_open, open_channel=open_channel)
    for name in _carriers(edition, opens):
        with _noting(troubles):
            loops += [name] * count_loops(name, store=store, open_channel=open_channel)

    def work(name: str) -> int:
        return run_sending_loop(
            edition,
            name,
            store=store,
            guard=guard,
            open_channel=open_channel,
            links=links,
            clock=clock,
            lease=lease,
            progress=progress,
            refused=refused,
            keep_going=keep_going,
            wait=wait,
            renderer=renderer,
        )

    ended = more = sum(_side_by_side(work, loops))
    networks = [name for name in _networks(edition) if name in loops]
    while more and wait is not None and keep_going():
        pause = _short_pause(edition, store, clock())
        if pause is None:
            break
        wait(pause)
        more = sum(_side_by_side(work, networks))
        ended += more
    used = {edition.content.email.via} if edition.content.email else set()
    # A channel is found down by whoever uses it: only then the next one has something to do.
    while keep_going() and (
        name := next_failover(edition, store, clock(), after=used, opens=opens)
    ):
        used.add(name)
        with _noting(troubles):
            number = count_loops(name, store=store, open_channel=open_channel)
            ended += sum(_side_by_side(work, [name] * number))
    if edition.content.social:
        find_lost(
            store=store,
            clock=clock,
            open_channel=open_channel,
            links=links,
            renderer=renderer,
            edition_id=edition.id,
        )
    report = report_deliveries(edition.id, store=store, now=clock())
    as_planned = report.as_planned and not troubles
    stops = (*report.stops, *troubles)
    return replace(report, stops=stops, ended=ended, as_planned=as_planned)


def count_loops(name: str, *, store: Store, open_channel: OpenChannel) -> int:
    """How many sending loops a channel has use for; raises NotFound or BadInput."""
    channel = open_channel(name)
    try:
        return -(-channel.connections // loop_connections(channel, store))
    finally:
        channel.close()


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
) -> int:
    """Run one sending loop for an edition over one channel.

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
            loop = SendingLoop(edition, channel, planned, tools)
            with collecting_rarely() if channel.capabilities.batch > 1 else nullcontext():
                loop.work()
        finally:
            channel.close()
    with store.begin() as tx:
        tx.batches.finish_edition(edition.id, now=clock())
    end_if_cancelled(edition.id, store=store, clock=clock)
    return loop.ended


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


def report_deliveries(edition_id: str, *, store: Store, now: datetime) -> DeliveryReport:
    """Where the deliveries of an edition stand."""
    with store.read() as tx:
        edition = tx.editions.get(edition_id)
        channels = edition.content.channels
        counts = tx.deliveries.counts(edition)
        stops = {name: tx.channels.stop(name) for name in channels}
        due = {name: tx.batches.next_due(edition.id, name) for name in channels}
        leased_until = tx.batches.leased_until(edition.id)
        gone_wrong = tx.deliveries.some_tried_again(edition)
    sentences = tuple(str(stop) for stop in stops.values() if stop and stop.is_in_force(now))
    waits = [_wait(moment, stops[name]) for name, moment in due.items() if moment is not None]
    until = min(waits, default=None)
    in_vain = gone_wrong or sentences or leased_until
    as_planned = until is not None and until > now and not in_vain
    is_due = until is not None and until <= now
    return DeliveryReport(
        edition, counts, until, leased_until, sentences, as_planned=as_planned, is_due=is_due
    )


def _short_pause(edition: Edition, store: Store, now: datetime) -> float | None:
    """The seconds until the next snippet may leave; None where that is long, or there is none."""
    with store.read() as tx:
        going = [name for name in _networks(edition) if not tx.channels.stop(name)]
        due = [tx.batches.next_due(edition.id, name) for name in going]
    first = min((moment for moment in due if moment is not None), default=None)
    if first is None or first - now > SHORT_PAUSE:
        return None
    return max(0.0, (first - now).total_seconds())


def _networks(edition: Edition) -> list[str]:
    """The channels that its snippets go over."""
    return sorted({plan.via for plan in edition.content.social})


def _carriers(edition: Edition, opens: Opens) -> list[str]:
    """The edition's channels, without those that another one steps in for as they do not open."""
    email = edition.content.email
    chain = (email.via, *email.failover) if email else ()
    opened = [name for name in chain if opens(name)]
    return [
        name
        for name in edition.content.channels
        if name not in chain or name in opened or not opened
    ]


def _side_by_side(work: Callable[[str], int], loops: Sequence[str]) -> list[int]:
    if len(loops) < 2:
        return [work(name) for name in loops]
    with ThreadPoolExecutor(len(loops), thread_name_prefix="sending") as pool:
        return list(pool.map(work, loops))


@contextmanager
def _noting(troubles: list[str]) -> Iterator[None]:
    """Note that a channel cannot be opened, so that the others go on."""
    try:
        yield
    except (BadInput, NotFound) as error:
        troubles.append(str(error))


def _wait(due: datetime, stop: Stop | None) -> datetime:
    return max(due, stop.until) if stop and stop.until else due
