"""Which slot is due: one at most, and each that is passed over has its reason."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest

from dispatch.clock import NEVER
from dispatch.model.campaigns.days import Weekdays
from dispatch.model.campaigns.schedule import Schedule
from dispatch.scheduling.due import Waiting, due_slots

EVERY_DAY = Weekdays(frozenset(range(7)))
NINE_IN_PARIS = Schedule(Weekdays(frozenset({1})), (time(9),), "Europe/Paris")
DAILY = Schedule(EVERY_DAY, (time(9),), "UTC", late=timedelta(hours=6))
TWICE = replace(DAILY, at=(time(9), time(17, 30)))


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
    schedule = Schedule(EVERY_DAY, (at,), "Europe/Paris")
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


def test_of_several_times_a_day_the_missed_ones_make_one_edition():
    due = due_slots(TWICE, after=utc("2026-11-22T17:30"), now=utc("2026-11-24T09:05"))

    assert keys(due) == (
        "2026-11-24T09:00[UTC]",
        ["2026-11-23T09:00[UTC]", "2026-11-23T17:30[UTC]"],
    )
    assert due.next_at == utc("2026-11-24T17:30")


def test_the_second_time_of_a_day_does_not_wait_for_the_first_to_be_forgiven():
    due = due_slots(TWICE, after=utc("2026-11-24T09:00"), now=utc("2026-11-24T17:30"))

    assert keys(due) == ("2026-11-24T17:30[UTC]", [])


def test_after_the_last_day_nothing_is_due_but_the_last_slot_still_may_run():
    ended = replace(DAILY, last=date(2026, 11, 23))

    in_time = due_slots(ended, after=utc("2026-11-21T09:00"), now=utc("2026-11-23T10:00"))
    too_late = due_slots(ended, after=utc("2026-11-21T09:00"), now=utc("2026-11-25T10:00"))
    after_all = due_slots(ended, after=utc("2026-11-23T09:00"), now=utc("2026-12-24T10:00"))

    assert keys(in_time) == ("2026-11-23T09:00[UTC]", ["2026-11-22T09:00[UTC]"])
    assert keys(too_late) == (None, ["2026-11-22T09:00[UTC]", "2026-11-23T09:00[UTC]"])
    assert keys(after_all) == (None, [])
    assert {in_time.next_at, too_late.next_at, after_all.next_at} == {NEVER}


def test_a_day_off_is_no_slot_that_was_missed():
    with_day_off = replace(DAILY, days_off=frozenset({date(2026, 11, 23)}))

    due = due_slots(with_day_off, after=utc("2026-11-21T09:00"), now=utc("2026-11-24T10:00"))

    assert keys(due) == ("2026-11-24T09:00[UTC]", ["2026-11-22T09:00[UTC]"])


class TestWaiting:
    def test_a_campaign_waits_until_its_next_slot(self):
        waiting = Waiting()
        waiting.begin("weekly", DAILY, until=utc("2026-11-24T09:00"))

        assert waiting.has_begun("weekly", DAILY, now=utc("2026-11-24T08:59"))
        assert waiting.has_begun("weekly", DAILY, now=utc("2026-11-01T00:00"))  # a clock put back
        assert not waiting.has_begun("weekly", DAILY, now=utc("2026-11-24T09:00"))

    def test_nothing_is_known_of_another_campaign_or_a_schedule_read_anew(self):
        waiting = Waiting()
        waiting.begin("weekly", DAILY, until=utc("2026-11-24T09:00"))

        assert not waiting.has_begun("bulletin", DAILY, now=utc("2026-11-24T08:00"))
        assert not waiting.has_begun("weekly", replace(DAILY), now=utc("2026-11-24T08:00"))
