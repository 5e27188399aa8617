"""Posts are spread over time: apart from each other and from what is planned, in open hours."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.model.campaigns.sending import SendingPlan
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours
from dispatch.model.campaigns.spreading import SnippetHours, slack, spread

MINUTE = timedelta(minutes=1)
NIGHT = QuietHours(time(22), time(7))
ALWAYS = SnippetHours(SendingPlan(), None, "UTC")


def utc(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def in_paris(quiet=NIGHT, hours=None):
    sending = SendingPlan(timezone="Europe/Paris", hours=hours or SendingHours())
    return SnippetHours(sending, quiet, "Europe/Paris")


def local(moments, zone="Europe/Paris"):
    return [f"{one.astimezone(ZoneInfo(zone)):%a %H:%M}" for one in moments]


def test_without_a_distance_all_are_due_together_when_the_hours_open():
    moments = spread(3, start=utc("2026-11-24T22:00"), every=timedelta(0), hours=in_paris())

    assert set(moments) == {utc("2026-11-25T06:00")}


def test_what_does_not_fit_before_the_night_is_due_in_the_morning_and_still_apart():
    moments = spread(4, start=utc("2026-11-24T20:20"), every=20 * MINUTE, hours=in_paris())

    assert local(moments) == ["Tue 21:20", "Tue 21:40", "Wed 07:00", "Wed 07:20"]


def test_hours_over_midnight_are_open_on_both_of_its_sides():
    by_night = in_paris(QuietHours(time(2), time(22)))

    moments = spread(
        4, start=utc("2026-11-24T20:00"), every=timedelta(hours=1, minutes=30), hours=by_night
    )

    assert local(moments) == ["Tue 22:00", "Tue 23:30", "Wed 01:00", "Wed 22:00"]


def test_business_days_of_the_edition_hold_for_its_posts():
    weekdays = in_paris(
        hours=SendingHours(business_days=True, days_off=frozenset({date(2026, 11, 30)}))
    )

    moments = spread(3, start=utc("2026-11-27T20:50"), every=5 * MINUTE, hours=weekdays)

    assert local(moments) == ["Fri 21:50", "Fri 21:55", "Tue 07:00"]


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        # In spring 2:30 does not exist, and quiet hours until then end at 3:00.
        ("2026-03-28T22:00", ["Sun 03:00", "Sun 03:30"]),
        # In autumn 2:30 comes twice; they end with the first.
        ("2026-10-24T22:00", ["Sun 02:30", "Sun 02:00"]),
    ],
)
def test_hours_go_by_the_clock_on_the_wall_however_it_changes(start, expected):
    early = in_paris(QuietHours(time(23), time(2, 30)))

    assert local(spread(2, start=utc(start), every=30 * MINUTE, hours=early)) == expected


def test_what_others_have_planned_is_kept_away_from():
    noon = utc("2026-11-24T12:00")
    taken = [noon + 5 * MINUTE, noon + 40 * MINUTE]

    moments = spread(2, start=noon, every=10 * MINUTE, hours=ALWAYS, taken=taken)

    assert [one - noon for one in moments] == [15 * MINUTE, 25 * MINUTE]


def test_hours_that_never_open_keep_nothing_back_for_ever():
    never = SnippetHours(
        SendingPlan(hours=SendingHours(QuietHours(time(0), time(12)))),
        QuietHours(time(12), time(0)),
        "UTC",
    )
    noon = utc("2026-11-24T12:00")

    assert list(spread(2, start=noon, every=MINUTE, hours=never)) == [noon, noon + MINUTE]


def test_hours_that_never_open_are_looked_through_once_for_all_posts(monkeypatch):
    looks = []
    monkeypatch.setattr(SnippetHours, "opening", lambda _, moment: looks.append(moment))

    moments = list(spread(500, start=NEW_YEAR, every=MINUTE, hours=ALWAYS))

    assert (len(moments), looks) == (500, [NEW_YEAR])


def test_five_hundred_posts_are_apart_by_night_through_the_change_of_clocks():
    by_night = in_paris(QuietHours(time(2), time(22)))
    every = timedelta(hours=2)

    moments = list(spread(500, start=utc("2026-02-01T12:00"), every=every, hours=by_night))

    assert {one[4:] for one in local(moments)} == {"22:00", "00:00"}
    assert all(later - one >= every for one, later in pairwise(moments))


def test_a_worker_may_be_some_seconds_late_and_no_more():
    assert slack(timedelta(hours=1)) == timedelta(seconds=30)
    assert slack(timedelta(seconds=20)) == timedelta(seconds=2)


NEW_YEAR = utc("2026-01-01T00:00")
MOMENTS = st.integers(0, 330 * 86_400).map(lambda seconds: NEW_YEAR + timedelta(seconds=seconds))
TIMES = st.integers(0, 24 * 60 - 1).map(lambda minute: time(minute // 60, minute % 60))
NIGHTS = st.none() | st.tuples(TIMES, TIMES).filter(lambda pair: pair[0] != pair[1]).map(
    lambda pair: QuietHours(*pair)
)
ZONES = st.sampled_from(["UTC", "Europe/Paris", "America/St_Johns", "Australia/Lord_Howe"])
HOURS = st.builds(
    lambda quiet, zone: SnippetHours(SendingPlan(timezone=zone), quiet, zone), NIGHTS, ZONES
)


@settings(max_examples=60)
@given(
    start=MOMENTS,
    every=st.timedeltas(timedelta(seconds=1), timedelta(hours=8)),
    taken=st.lists(st.timedeltas(-timedelta(days=1), timedelta(days=2)), max_size=8),
    hours=HOURS,
)
def test_moments_are_in_order_apart_open_and_away_from_all_others(start, every, taken, hours):
    others = [start + one for one in taken]

    moments = list(spread(12, start=start, every=every, hours=hours, taken=others))

    assert moments[0] >= start
    assert all(later - one >= every for one, later in pairwise(moments))
    assert all(abs(one - other) >= every for one in moments for other in others)
    assert all(hours.open_from(one) == one for one in moments)
