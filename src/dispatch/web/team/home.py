"""Home: what waits for a decision, what comes next, and how all is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from markupsafe import Markup
from starlette.responses import Response

from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import EditionState
from dispatch.pipeline.access.outlook import AccessState, outlook
from dispatch.store.team.agenda import PastSlot
from dispatch.store.team.rail import RailCounts
from dispatch.store.team.reader_counts import ALL, ReaderCount
from dispatch.web.team.campaign_titles import subjects_of, title_of
from dispatch.web.team.days import Event, events, past_path, start_of_day
from dispatch.web.team.first_steps import first_steps
from dispatch.web.team.frame import SILENT
from dispatch.web.team.reasons import told
from dispatch.web.team.times import capital
from dispatch.web.team.visit import Visit
from dispatch.web.team.waiting import lasting_stops, what_waits

if TYPE_CHECKING:
    from dispatch.store.transactions import Transaction

NEXT_DAYS = 7
MOST_NEXT = 8
LAST_EDITIONS = 8
WEEKS = 12
NAMED = 3

_WEEK = timedelta(days=7)
_MORNING, _AFTERNOON, _EVENING = 5, 12, 18


@dataclass(frozen=True, slots=True)
class LastEdition:
    """A row of what went out lately, or did not."""

    title: str
    href: str
    day: str
    deliveries: int
    accepted: str
    stage: str
    why: Markup


@dataclass(frozen=True, slots=True)
class Health:
    """How feeds, channels and the service are."""

    feeds: int
    feeds_failing: int
    polled: datetime | None
    channels: int
    channel_names: str
    channels_stopped: int
    channels_shut: int
    channels_end: int
    channels_waiting: int
    ticked: datetime | None
    nodes: int
    runs: bool


@dataclass(frozen=True, slots=True)
class ReadersNow:
    """How many readers there are, and were: a number for each of the last weeks."""

    now: int
    weeks: Sequence[int]
    more: int


def show(visit: Visit) -> Response:
    """The page; as long as no campaign has run, the first steps."""
    with visit.app.store.read() as tx:
        if tx.agenda.is_empty():
            return visit.page("home_first.html", here="home", steps=first_steps(visit, tx))
        counts = tx.reader_counts.latest()
        plan = visit.app.workspace
        rail = tx.rail.counts(feeds=plan.feeds, channels=plan.channels)
        nexts = _next(visit, tx)
        values: dict[str, Any] = {
            "greeting": _greeting(visit),
            "lede": _lede(visit, nexts),
            "waiting": what_waits(visit, tx, counts=counts, held=rail.posts),
            "nexts": nexts[:MOST_NEXT],
            "health": _health(visit, tx, rail),
            "last": _last(visit, tx),
            "drafts": tx.letters.drafts(),
            "readers": _readers(tx, counts),
        }
    return visit.page("home.html", here="home", **values)


def _greeting(visit: Visit) -> str:
    hour = visit.times.local(visit.now).hour
    name = "evening"
    if _MORNING <= hour < _AFTERNOON:
        name = "morning"
    elif _AFTERNOON <= hour < _EVENING:
        name = "afternoon"
    person = visit.person
    first = (person.name or person.handle).split()[0]
    return visit.words(f"home.{name}", name=first)


def _lede(visit: Visit, nexts: Sequence[Event]) -> str:
    times, words = visit.times, visit.words
    day = times.day(times.local(visit.now).date(), full=True)
    now = words("home.now", day=capital(day), time=times.clock(visit.now), city=times.city)
    coming = next((one for one in nexts if one.is_coming), None)
    if coming is None:
        return f"{now} {words('home.nothing_next')}"
    return f"{now} {words('home.leaves', when=times.plain(coming.leaves))}"


def _next(visit: Visit, tx: "Transaction") -> list[Event]:
    """What the next seven days have, mails and accounts together."""
    first = start_of_day(visit)
    until = first + timedelta(days=NEXT_DAYS + 1)
    found = events(visit, tx, first=first, until=until)
    return [one for one in found if one.moment > visit.now]


def _health(visit: Visit, tx: "Transaction", rail: RailCounts) -> Health:
    plan = visit.app.workspace
    ticked = tx.ticks.last()
    accesses = [one for one in outlook(plan, tx, now=visit.now) if one.needs_somebody]
    ending = sum(one.state is AccessState.SOON for one in accesses)
    return Health(
        feeds=len(plan.feeds),
        feeds_failing=rail.feeds,
        polled=tx.agenda.polled_at(plan.feeds),
        channels=len(plan.channels),
        channel_names=", ".join(list(plan.channels)[:NAMED])
        + (", …" if len(plan.channels) > NAMED else ""),
        channels_stopped=rail.channels,
        channels_shut=len(accesses) - ending,
        channels_end=ending,
        channels_waiting=sum(one.until is not None for one in lasting_stops(visit, tx)),
        ticked=ticked,
        nodes=tx.ticks.at_work(since=visit.now - SILENT),
        runs=ticked is not None and visit.now - ticked <= SILENT,
    )


def _last(visit: Visit, tx: "Transaction") -> list[LastEdition]:
    some = tx.agenda.last(visit.now, most=2 * LAST_EDITIONS)
    last = [one for one in some if one.state is not EditionState.DRAFT][:LAST_EDITIONS]
    subjects = subjects_of(((one.campaign, one.edition) for one in last), tx)
    return [_row(visit, one, subjects.get(one.edition, ""), tx) for one in last]


def _row(visit: Visit, slot: PastSlot, subject: str, tx: "Transaction") -> LastEdition:
    counts = slot.totals
    if slot.addressed and not counts:
        counts = tx.agenda.counts(slot.edition)
    whole, accepted = sum(counts.values()), counts.get(DeliveryState.ACCEPTED, 0)
    return LastEdition(
        title=title_of(visit, slot.campaign, subject),
        href=past_path(slot),
        day=visit.times.day(visit.times.local(slot.moment).date()),
        deliveries=slot.addressed,
        accepted=visit.times.share(accepted, whole) if whole else "",
        stage=slot.stage(visit.now),
        why=told(visit.times, slot.skipped) if slot.skipped else Markup(),
    )


def _readers(tx: "Transaction", counts: Mapping[str, ReaderCount]) -> ReadersNow | None:
    """None where nobody has counted yet."""
    if ALL not in counts:
        return None
    last = counts[ALL]
    back = tx.reader_counts.since(last.day - (WEEKS - 1) * _WEEK)
    weeks = [one for one in back if not (last.day - one.day).days % _WEEK.days]
    before = next((one for one in reversed(back) if last.day - one.day >= _WEEK), None)
    return ReadersNow(
        now=last.readers,
        weeks=[one.readers for one in weeks],
        more=last.readers - before.readers if before else 0,
    )
