"""Simulate a campaign over time: which editions its rules would have made. Nothing is kept."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, takewhile

from dispatch.errors import BadInput, NotFound
from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.campaigns.schedule import Schedule, Slot, slot_on, slots
from dispatch.model.editions.simulation import Simulation, simulate, simulate_new_posts
from dispatch.store.transactions import Store

MOST_SLOTS = 10_000
"""27 years of a daily campaign: more is a slip of the pen."""

_EARLIEST, _LATEST = date(1970, 1, 1), date(9000, 1, 1)


def simulate_campaign(
    campaign: Campaign, *, first: date, last: date | None, store: Store, now: datetime
) -> Simulation:
    """Replay the stored posts against the campaign's schedule and rules, as they are now.

    The simulation goes from the day `first` to the end of the day `last`, or until now. Days are
    those of the schedule's zone. The campaign begins on that first day: what it has really used
    does not count. Everything is on time, polled, approved and for somebody. Raises BadInput for a
    campaign without a schedule, or with too many slots, and NotFound where its feeds have no post.
    """
    when = campaign.when
    if when is None:
        problem = "has no schedule, so that there are no slots to look at"
        advice = f"see what it would send now with 'dispatch run {campaign.name} --dry-run'"
        raise BadInput([f"campaign {campaign.name}: {problem} - {advice}"])
    with store.read() as tx:
        stored = tx.names.stored(campaign.feeds)
    if not stored:
        advice = "try 'dispatch feeds poll'"
        raise NotFound(f"campaign {campaign.name}: its feeds have no post yet - {advice}")
    met: dict[str, datetime] = {}
    for one in stored:
        met[one.post.feed] = min(one.post.first_seen, met.get(one.post.feed, one.post.first_seen))
    first = max(first, _EARLIEST)
    since = slot_on(first, time(), when.timezone).moment
    if isinstance(when, NewPosts):
        end = now if last is None else _end(last, when.timezone)
        return simulate_new_posts(stored, campaign.posts, when, since=since, end=end, met=met)
    found = list(islice(_slots(when, first, last, now=now), MOST_SLOTS + 1))
    if len(found) > MOST_SLOTS:
        problem = f"are more than {MOST_SLOTS:,} slots"
        raise BadInput([f"--from, --to: there {problem} between them - choose fewer days"])
    return simulate(stored, campaign.posts, found, since=since, met=met)


def _end(last: date, timezone: str) -> datetime:
    """The last moment of a day."""
    return slot_on(min(last, _LATEST), time.max, timezone).moment


def _slots(schedule: Schedule, first: date, last: date | None, *, now: datetime) -> Iterator[Slot]:
    """The slots of these days, or until now."""
    start = datetime.combine(first, time(), UTC) - timedelta(days=2)
    days = replace(
        schedule,
        first=max(first, schedule.first or first),
        last=min(filter(None, (last, schedule.last)), default=None),
    )
    found = slots(days, after=start)
    return found if last else takewhile(lambda slot: slot.moment <= now, found)
