"""From when on an edition of new posts is ready."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.model.campaigns.new_posts import NewPosts, arrival, ready_at
from dispatch.model.campaigns.sending_hours import QuietHours, SendingHours
from dispatch.model.intake.post import Decision, Hold, Post, PostRule

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = "Europe/Berlin"


def post(**values) -> Post:
    plain = {
        "id": 1, "feed": "blog", "guid": "1", "link": "", "title": "One", "summary": "",
        "content": "", "authors": (), "topics": (), "image": None, "language": "",
        "published": None, "updated": None, "first_seen": NOON,
    }  # fmt: skip
    return Post(**{**plain, **values})


def ready(rule: NewPosts, *arrivals: datetime, made=(), now: datetime = NOON) -> datetime | None:
    return ready_at(rule, arrivals, made=list(made), now=now)


def test_it_waits_for_a_while_after_the_last_post():
    rule = NewPosts("UTC")

    assert ready(rule, NOON) == NOON + 10 * MINUTE
    assert ready(rule, NOON, NOON + MINUTE) == NOON + 11 * MINUTE
    assert ready(rule, NOON, NOON + 11 * MINUTE) == NOON + 10 * MINUTE


def test_a_feed_that_never_rests_waits_four_times_as_long_and_no_longer():
    busy = [NOON + number * MINUTE for number in range(120)]

    assert ready(NewPosts("UTC"), *busy) == NOON + 40 * MINUTE


def test_without_a_debounce_it_is_ready_at_once():
    assert ready(NewPosts("UTC", debounce=timedelta(0)), NOON, NOON + MINUTE) == NOON


def test_what_was_ready_long_ago_is_ready_now():
    assert ready(NewPosts("UTC"), NOON - 3 * DAY) == NOON


def test_without_a_post_it_is_never_ready():
    assert ready(NewPosts("UTC")) is None


def test_two_editions_are_as_far_apart_as_the_campaign_says():
    rule = NewPosts("UTC", spacing=2 * HOUR)

    assert ready(rule, NOON - HOUR, made=[NOON - HOUR]) == NOON + HOUR
    assert ready(rule, NOON - HOUR, made=[NOON - 2 * HOUR]) == NOON


def test_two_editions_never_have_the_same_second():
    assert ready(NewPosts("UTC"), NOON - HOUR, made=[NOON]) == NOON + timedelta(seconds=1)


def test_a_local_day_has_so_many_editions_and_the_next_day_begins_at_its_midnight():
    rule = NewPosts(BERLIN, per_day=2)
    made = [NOON - 5 * HOUR, NOON - 3 * HOUR]

    assert ready(rule, NOON, made=made) == datetime(2026, 11, 24, 23, tzinfo=UTC)
    assert ready(rule, NOON, made=[NOON - DAY, *made[1:]]) == NOON + 10 * MINUTE


def test_in_quiet_hours_and_at_weekends_it_waits_until_they_are_over():
    hours = SendingHours(QuietHours(time(22), time(7)), business_days=True)
    rule = NewPosts(BERLIN, hours=hours)
    friday_night = datetime(2026, 11, 27, 21, 55, tzinfo=UTC)

    assert ready(rule, friday_night, now=friday_night) == datetime(2026, 11, 30, 6, tzinfo=UTC)


def test_it_begins_ends_and_pauses_on_the_days_that_the_campaign_names():
    rule = NewPosts(
        BERLIN,
        first=date(2026, 12, 1),
        last=date(2026, 12, 31),
        days_off=frozenset({date(2026, 12, 24), date(2026, 12, 25)}),
    )

    assert ready(rule, NOON) == datetime(2026, 11, 30, 23, tzinfo=UTC)
    assert ready(rule, NOON + 30 * DAY) == datetime(2026, 12, 25, 23, tzinfo=UTC)
    assert ready(rule, NOON + 60 * DAY) is None


def test_an_edition_that_a_clock_made_which_was_far_ahead_holds_nothing_up():
    rule = NewPosts("UTC", spacing=2 * HOUR)

    assert ready(rule, NOON - HOUR, made=[NOON + 365 * DAY]) == NOON
    assert ready(rule, NOON - HOUR, made=[NOON + HOUR]) == NOON + 3 * HOUR


def test_a_date_at_the_end_of_time_is_not_waited_for():
    assert ready(NewPosts("UTC"), datetime.max.replace(tzinfo=UTC)) is None


@pytest.mark.parametrize(
    ("values", "rule", "expected"),
    [
        ({}, PostRule(), NOON),
        ({}, PostRule(hold=HOUR), NOON + HOUR),
        ({"published": NOON - DAY}, PostRule(), NOON),
        ({"published": NOON + DAY}, PostRule(hold=HOUR), NOON + DAY),
        ({"topics": ("Art",)}, PostRule(topics=frozenset({"art"})), NOON),
        ({"topics": ("Art",)}, PostRule(topics=frozenset({"music"})), None),
        ({"backlog": True}, PostRule(), None),
        ({"first_seen": NOON - 2 * DAY}, PostRule(), None),
        ({"hold": Hold("looks like one", NOON)}, PostRule(), None),
        (
            {"hold": Hold("looks", NOON, Decision.RELEASED, "ada", NOON + DAY)},
            PostRule(hold=HOUR),
            NOON + DAY,
        ),
        ({"hold": Hold("looks", NOON, Decision.DROPPED, "ada", NOON + DAY)}, PostRule(), None),
    ],
)
def test_a_post_arrives_when_its_hold_is_over_its_date_has_come_and_it_was_released(
    values, rule, expected
):
    assert arrival(post(**values), rule, since=NOON - DAY) == expected


moments = st.integers(0, 4 * 24 * 60 * 60).map(lambda seconds: NOON + timedelta(seconds=seconds))


@given(
    arrivals=st.lists(moments, min_size=1, max_size=6),
    made=st.lists(moments, max_size=5),
    now=moments,
    per_day=st.none() | st.integers(1, 3),
    spacing=st.integers(0, 300).map(lambda minutes: timedelta(minutes=minutes)),
    quiet=st.none()
    | st.tuples(st.integers(0, 23), st.integers(0, 23)).filter(lambda p: p[0] != p[1]),
)
def test_whatever_happened_before_the_moment_keeps_every_rule(
    *, arrivals, made, now, per_day, spacing, quiet
):
    hours = SendingHours(QuietHours(time(quiet[0]), time(quiet[1])) if quiet else None)
    rule = NewPosts(BERLIN, per_day=per_day, spacing=spacing, hours=hours)

    moment = ready(rule, *arrivals, made=made, now=now)

    assert moment >= max(now, min(arrivals) + rule.debounce)
    assert all(abs(moment - one) >= max(spacing, timedelta(seconds=1)) for one in made)
    assert not rule.is_full(moment, made)
    assert rule.open_from(moment) == moment
    assert ready(rule, *arrivals, made=made, now=moment) == moment


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        (NewPosts("UTC"), "on each new post, 10 min after the last, UTC"),
        (NewPosts("UTC", debounce=timedelta(0)), "on each new post, UTC"),
        (
            NewPosts("UTC", debounce=DAY, spacing=2 * DAY, last=date(2026, 12, 1)),
            "on each new post, 1 day after the last, 2 days apart, UTC, until 2026-12-01",
        ),
        (
            NewPosts("UTC", hours=SendingHours(QuietHours(time(22), time(7)), business_days=True)),
            "on each new post, 10 min after the last, not 22:00-07:00, on business days, UTC",
        ),
        (
            NewPosts("UTC", days_off=frozenset(date(2026, 12, day) for day in range(1, 9))),
            "on each new post, 10 min after the last, UTC, except 8 days",
        ),
    ],
)
def test_it_is_told_in_words(rule, words):
    assert str(rule) == words


def test_in_the_hour_that_comes_twice_no_two_editions_have_one_slot():
    rule = NewPosts(BERLIN, debounce=timedelta(0))
    first = datetime(2026, 10, 25, 0, tzinfo=UTC)  # 2:00, before the clocks are put back
    second = first + HOUR  # 2:00 again

    ready = ready_at(rule, [second], made=[first], now=second)

    assert ready == second + timedelta(seconds=1)
