"""Which slots a campaign has to answer for, and what becomes of those it missed."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from dispatch.clock import NEVER
from dispatch.model.campaigns.schedule import Schedule, Slot, slots
from dispatch.model.text.time_words import in_hours
from dispatch.scheduling.expecting import Expecting

if TYPE_CHECKING:
    from collections.abc import Hashable

LOOKED_AFTER_EVERY = timedelta(minutes=10)
COUNTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Due:
    """The slot to run now, if any, and those to record as skipped, each with the reason.

    `next_at` is when the first slot that is still to come has to be answered for; NEVER where there
    is none.
    """

    run: Slot | None
    skipped: tuple[tuple[Slot, str], ...] = ()
    next_at: datetime = NEVER


def due_slots(schedule: Schedule, *, after: datetime, now: datetime) -> Due:
    """What is due of a schedule since `after`, the moment of its last run.

    Several missed slots make one edition: the last one runs if it is not later than `late` allows.
    One that is to come is due `ahead` of its moment, and waits for those that have passed.
    """
    passed: list[Slot] = []
    coming: list[Slot] = []
    next_at = NEVER
    for slot in slots(schedule, after=after):
        if slot.moment - schedule.ahead > now:
            next_at = slot.moment - schedule.ahead
            break
        (coming if slot.moment > now else passed).append(slot)
    skipped = [(slot, "was missed; the next slot has its posts") for slot in passed[:-1]]
    if passed and now - passed[-1].moment <= schedule.late:
        return Due(passed[-1], tuple(skipped), next_at)
    if passed:
        late = in_hours(schedule.late)
        skipped.append((passed[-1], f"could not run within {late} of its time (late:)"))
    return Due(coming[0] if coming else None, tuple(skipped), next_at)


class Waiting:
    """Until when each campaign has nothing due, so that most ticks ask neither file nor database.

    What it knows is never too late: other machines that answer for a slot only move the next one
    away. A schedule that was read anew is asked anew. What a clock said that was put back since is
    forgotten: it may have been far ahead.
    """

    def __init__(self) -> None:
        self.news = Expecting()  # the same for campaigns that run on new posts
        self._until: dict[str, tuple[Schedule, datetime]] = {}
        self._latest: datetime | None = None
        self._looked_after: datetime | None = None
        self._counted: datetime | None = None
        self.readers: Hashable = None  # what was the case when they were last counted

    def went_back(self, now: datetime) -> bool:
        """Whether the clock was put back since it was last asked about; forgets what it said."""
        back = self._latest is not None and now < self._latest
        self._latest = now
        if back:
            self._until.clear()
            self.news.forget_all()
            self._looked_after = self._counted = None
        return back

    def has_begun(self, campaign: str, schedule: Schedule, *, now: datetime) -> bool:
        """Whether a campaign is known to have nothing due yet."""
        known, until = self._until.get(campaign, (None, now))
        return known is schedule and now < until

    def begin(self, campaign: str, schedule: Schedule, *, until: datetime) -> None:
        """Note that nothing is due before `until`."""
        self._until[campaign] = (schedule, until)

    def may_look_after(self, now: datetime) -> bool:
        """Whether it is time to look for sign-ups that nobody has confirmed; then it is not again.

        They wait for days: to look at each tick would be for nothing.
        """
        last = self._looked_after
        if last is not None and now < last + LOOKED_AFTER_EVERY:
            return False
        self._looked_after = now
        return True

    def may_count(self, now: datetime) -> bool:
        """Whether it is time to see if readers have come or gone; then it is not again."""
        if self._counted is not None and now < self._counted + COUNTED_EVERY:
            return False
        self._counted = now
        return True
