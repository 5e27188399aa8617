"""Deliveries go out: what is due is handed over, and nothing twice.

Sending loops work the rows off in batches. A channel has as many loops as it has use for: in this
process, in others that it starts, and on other machines; all take from the same rows.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from dispatch.clock import Clock
from dispatch.errors import BadInput, NotFound
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import Edition
from dispatch.pipeline.delivery.failover import Opens, next_failover
from dispatch.pipeline.delivery.loops import (
    HERE_ALONE,
    Loops,
    Processes,
    plan_loops,
)
from dispatch.pipeline.delivery.run_loop import (
    OpenChannel,
    Progress,
    Refused,
    can_open,
    run_sending_loop,
)
from dispatch.pipeline.messages.links import SignedLinks
from dispatch.pipeline.reviews.decide import check_approved
from dispatch.pipeline.workspace.guard import Guard
from dispatch.render.local_renderer import HERE
from dispatch.render.renderer import Renderer
from dispatch.store.delivery.channels import Stop
from dispatch.store.transactions import Store

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
    processes: Processes = HERE_ALONE,
) -> DeliveryReport:
    """Hand over all that is due of an addressed edition, and finish it if that was all.

    Mail goes out over a wire from several `processes` at once, where those are allowed. One
    channel's trouble leaves the others running. Returns when nothing more is due, or when
    `keep_going` says to stop, which is asked between hand-overs. Snippets that are kept apart by
    seconds, as in chats, are waited for. Raises Conflict if the edition is not what was approved.
    """
    check_approved(edition)
    troubles: list[str] = []
    opens = partial(can_open, open_channel=open_channel)

    def plan(names: Iterable[str]) -> list[Loops]:
        planned = []
        for name in names:
            with _noting(troubles):
                loops = plan_loops(
                    edition,
                    name,
                    store=store,
                    now=clock(),
                    open_channel=open_channel,
                    opens=opens,
                    processes=processes,
                    alone=True,
                )
                planned.append(loops)
        return planned

    def work(loops: Loops, elsewhere: bool) -> int:
        return run_sending_loop(
            edition,
            loops.channel,
            connections=loops.connections,
            elsewhere=elsewhere,
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

    planned = plan(_carriers(edition, opens))
    ended = more = _side_by_side(work, planned)
    networks = [one for one in planned if one.channel in _networks(edition)]
    while more and wait is not None and keep_going():
        pause = _short_pause(edition, store, clock())
        if pause is None:
            break
        wait(pause)
        more = _side_by_side(work, networks)
        ended += more
    used = {edition.content.email.via} if edition.content.email else set()
    # A channel is found down by whoever uses it: only then the next one has something to do.
    while keep_going() and (
        name := next_failover(edition, store, clock(), after=used, opens=opens)
    ):
        used.add(name)
        ended += _side_by_side(work, plan([name]))
    if edition.content.social:
        from dispatch.pipeline.delivery.find_lost import find_lost  # noqa: PLC0415 - for networks

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


def _side_by_side(work: Callable[[Loops, bool], int], planned: Sequence[Loops]) -> int:
    """Run loops side by side; how many deliveries have ended.

    The first one over a wire runs in this process, and sends while those of others start. Other
    such loops that may run here only are run after it, and after all.
    """
    here: list[Callable[[], int]] = []
    beside: list[Callable[[], int]] = []
    for loops in planned:
        one = partial(work, loops)
        if not loops.over_wire:
            beside += [partial(one, False)] * loops.number
            continue
        here.append(partial(one, False))
        if loops.anywhere and loops.ready:
            beside += [partial(one, True)] * (loops.number - 1)
    if here:
        beside.append(lambda: sum(one() for one in here))
    if len(beside) < 2:
        return sum(one() for one in beside)
    with ThreadPoolExecutor(len(beside), thread_name_prefix="sending") as pool:
        return sum(pool.map(lambda one: one(), beside))


@contextmanager
def _noting(troubles: list[str]) -> Iterator[None]:
    """Note that a channel cannot be opened, so that the others go on."""
    try:
        yield
    except (BadInput, NotFound) as error:
        troubles.append(str(error))


def _wait(due: datetime, stop: Stop | None) -> datetime:
    return max(due, stop.until) if stop and stop.until else due
