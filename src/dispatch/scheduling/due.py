"""Which slots a campaign has to answer for, and what becomes of those it missed."""

from dataclasses import dataclass
from datetime import datetime
from itertools import takewhile

from dispatch.model.schedule import Schedule, Slot, slots


@dataclass(frozen=True, slots=True)
class Due:
    """The slot to run now, if any, and those to record as skipped, each with the reason."""

    run: Slot | None
    skipped: tuple[tuple[Slot, str], ...] = ()


def due_slots(schedule: Schedule, *, after: datetime, now: datetime) -> Due:
    """What is due of a schedule since `after`, the moment of its last run.

    Several missed slots make one edition: the last one runs if it is not later than `late` allows.
    """
    passed = list(takewhile(lambda slot: slot.moment <= now, slots(schedule, after=after)))
    if not passed:
        return Due(None)
    *earlier, last = passed
    skipped = [(slot, "was missed; the next slot has its posts") for slot in earlier]
    if now - last.moment > schedule.late:
        hours = schedule.late.total_seconds() / 3600
        skipped.append((last, f"could not run within {hours:g} h of its time (late:)"))
        return Due(None, tuple(skipped))
    return Due(last, tuple(skipped))
