"""Which slots are to come, of all campaigns: reckoned from the plan, and nothing is kept."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import islice, takewhile

from dispatch.model.campaigns.campaign import Campaign
from dispatch.model.campaigns.schedule import Schedule, Slot, slots

HORIZON = timedelta(days=90)
"""How far ahead a plan is told: later ones are likely to be another by then."""

MOST_SLOTS = 2_000
"""Of one campaign: a cron line may name each minute."""

EARLIEST, LATEST = 1970, 2100
"""Years that a schedule may name."""

_AT_ONCE = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class PlannedSlot:
    """A slot that a schedule has. `is_off`: its day is left out, so that no edition is made."""

    campaign: Campaign
    slot: Slot
    is_off: bool = False

    @property
    def ahead(self) -> timedelta:
        """How long before its moment its edition is made."""
        return self.campaign.schedule.ahead if self.campaign.schedule else timedelta(0)

    @property
    def made(self) -> datetime:
        """When its edition is made."""
        return self.slot.moment - self.ahead

    @property
    def leaves(self) -> datetime:
        """When its first message leaves, if it is approved by then."""
        return self.campaign.sending.starts(self.slot, ahead=self.ahead)


def plan_days(
    campaigns: Iterable[Campaign], *, first: datetime, until: datetime
) -> list[PlannedSlot]:
    """The slots from one moment on and before another, in order; also those on days left out.

    Campaigns that run on new posts, or only when somebody says so, have none. Asked for the same
    days again, it does not reckon again.
    """
    found = [
        PlannedSlot(campaign, slot, slot.local.date() in campaign.schedule.days_off)
        for campaign in campaigns
        if campaign.schedule
        for slot in _slots(campaign.schedule, first, until)
    ]
    return sorted(found, key=lambda one: one.slot.moment)


def find_slot(campaign: Campaign, local: datetime) -> PlannedSlot | None:
    """The slot that a campaign's schedule has at this time on the wall; None where it has none."""
    schedule = campaign.schedule
    if schedule is None or not EARLIEST <= local.year <= LATEST:
        return None
    day = replace(
        schedule,
        first=max(local.date(), schedule.first or local.date()),
        last=min(local.date(), schedule.last or local.date()),
        days_off=frozenset(),
    )
    near = local.replace(tzinfo=UTC) - timedelta(days=2)
    found = (one for one in slots(day, after=near) if one.local == local)
    slot = next(found, None)
    return PlannedSlot(campaign, slot, local.date() in schedule.days_off) if slot else None


@lru_cache(maxsize=4_096)
def _slots(schedule: Schedule, first: datetime, until: datetime) -> tuple[Slot, ...]:
    every = replace(schedule, days_off=frozenset())
    found = takewhile(lambda slot: slot.moment < until, slots(every, after=first - _AT_ONCE))
    return tuple(islice(found, MOST_SLOTS))
