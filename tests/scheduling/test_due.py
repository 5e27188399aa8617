"""Which slot is due: one at most, and each that is passed over has its reason."""

from datetime import UTC, datetime, time, timedelta

import pytest

from dispatch.model.schedule import Schedule
from dispatch.scheduling.due import due_slots

EVERY_DAY = frozenset(range(7))
NINE_IN_PARIS = Schedule(frozenset({1}), time(9), "Europe/Paris")
DAILY = Schedule(EVERY_DAY, time(9), "UTC", late=timedelta(hours=6))


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def keys(due) -> tuple[str | None, list[str]]:
    return due.run.key if due.run else None, [slot.key for slot, _ in due.skipped]


@pytest.mark.parametrize(
    ("after", "now", "run", "skipped"),
    [
        # 24 November 2026 is a Tuesday; 9:00 in Paris is 8:00 UTC
        ("2026-11-23T00:00", "2026-11-24T07:59", None, []),
        ("2026-11-23T00:00", "2026-11-24T08:00", "2026-11-24T09:00", []),
        ("2026-11-23T00:00", "2026-11-24T13:59", "2026-11-24T09:00", []),
        ("2026-11-24T08:00", "2026-11-24T08:01", None, []),
        ("2026-11-23T00:00", "2026-11-24T14:01", None, ["2026-11-24T09:00"]),
        ("2026-11-16T00:00", "2026-11-24T08:00", "2026-11-24T09:00", ["2026-11-17T09:00"]),
    ],
    ids=["not yet", "due", "late", "has run", "too late", "last week's was missed, too"],
)
def test_what_is_due_on_a_tuesday_at_nine(after, now, run, skipped):
    due = due_slots(NINE_IN_PARIS, after=utc(after), now=utc(now))

    zone = "[Europe/Paris]"
    assert keys(due) == (run + zone if run else None, [slot + zone for slot in skipped])


def test_of_several_missed_slots_the_last_one_runs_for_all():
    due = due_slots(DAILY, after=utc("2026-11-20T09:00"), now=utc("2026-11-24T10:00"))

    assert keys(due) == (
        "2026-11-24T09:00[UTC]",
        ["2026-11-21T09:00[UTC]", "2026-11-22T09:00[UTC]", "2026-11-23T09:00[UTC]"],
    )
    assert {reason for _, reason in due.skipped} == {"was missed; the next slot has its posts"}


def test_a_slot_that_is_too_late_says_how_late_is_too_late():
    due = due_slots(DAILY, after=utc("2026-11-23T09:00"), now=utc("2026-11-24T15:00:01"))

    assert due.run is None
    assert [reason for _, reason in due.skipped] == ["could not run within 6 h of its time (late:)"]


@pytest.mark.parametrize(
    ("at", "first", "last"),
    [
        (time(2, 30), "2026-03-27T00:00", "2026-03-31T12:00"),  # 2:30 on the 29th does not exist
        (time(2, 0), "2026-03-27T00:00", "2026-03-31T12:00"),
        (time(2, 30), "2026-10-23T00:00", "2026-10-27T12:00"),  # on the 25th it comes twice
        (time(3, 0), "2026-10-23T00:00", "2026-10-27T12:00"),
    ],
)
def test_a_service_that_ticks_through_a_change_of_clocks_runs_once_a_day(at, first, last):
    schedule = Schedule(EVERY_DAY, at, "Europe/Paris")
    now, end = utc(first), utc(last)
    after, ran = now, []

    while now <= end:
        due = due_slots(schedule, after=after, now=now)
        assert due.skipped == ()
        if due.run:
            ran.append(due.run.local.date())
            after = due.run.moment
        now += timedelta(minutes=7)

    assert len(ran) == len(set(ran)) == 5
    assert ran[-1] - ran[0] == timedelta(days=4)
