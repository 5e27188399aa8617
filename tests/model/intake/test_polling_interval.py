"""How often a feed publishes, when it is asked again, and when it has fallen silent."""

import random
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.model.intake.polling_interval import (
    CEILING,
    FLOOR,
    LONGEST_RETRY,
    Pause,
    PollingInterval,
    after_failure,
    after_success,
    polling_interval,
    silence,
)

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def posts(*days_ago: float) -> list[datetime]:
    return [NOW - timedelta(days=days) for days in days_ago]


@pytest.mark.parametrize(
    ("moments", "usual", "longest"),
    [
        (posts(0, 1, 2, 3, 4), DAY, DAY),
        (posts(0, 2, 4, 6, 8, 10, 370), 2 * DAY, 2 * DAY),
        (posts(0, 1, 2, 3, 6, 7, 8, 9, 10, 13, 14), 11 / 9 * DAY, 3 * DAY),
        (posts(*range(21), *range(100, 1000, 100)), DAY, DAY),
    ],
    ids=["daily", "a year's break is an exception", "weekdays", "old habits are forgotten"],
)
def test_a_habit_is_what_the_newest_posts_tell(moments, usual, longest):
    found = polling_interval(moments)

    assert abs(found.usual - usual) < timedelta(seconds=1)
    assert found.longest == longest


@pytest.mark.parametrize(
    "moments",
    [[], posts(1), posts(0, 1, 2, 3), posts(5, 5, 5, 5, 5, 5, 5)],
    ids=["no post", "one post", "three gaps", "undated posts, all seen at once"],
)
def test_a_few_posts_are_no_habit(moments):
    assert polling_interval(moments) is None


def habit(usual: timedelta) -> PollingInterval:
    return PollingInterval(usual, 2 * usual)


@pytest.mark.parametrize(
    ("given", "length", "why"),
    [
        ({}, HOUR, "how often the feed publishes is not known yet"),
        ({"habit": habit(16 * MINUTE)}, FLOOR, "the feed publishes about every 16 minutes"),
        ({"habit": habit(DAY)}, 3 * HOUR, "the feed publishes about every day"),
        ({"habit": habit(30 * DAY)}, CEILING, "the feed publishes about every 30 days"),
        (
            {"habit": habit(HOUR), "last_post": NOW - 16 * HOUR},
            2 * HOUR,
            "the feed has had nothing new for 16 hours",
        ),
        (
            {"last_post": NOW - 400 * DAY},
            CEILING,
            "the feed has had nothing new for 400 days",
        ),
        (
            {"habit": habit(HOUR), "feed_asks": HOUR},
            HOUR,
            "the feed asks for 1 hour between two polls",
        ),
        (
            {"habit": habit(DAY), "feed_asks": HOUR},
            3 * HOUR,
            "the feed publishes about every day",
        ),
        (
            {"habit": habit(HOUR), "feed_asks": HOUR, "server_asks": 6 * HOUR},
            6 * HOUR,
            "the server asks for 6 hours between two polls",
        ),
        ({"server_asks": 365 * DAY}, DAY, "the server asks for 1 day between two polls"),
        ({"server_asks": timedelta(0)}, HOUR, "how often the feed publishes is not known yet"),
        (
            {"habit": habit(30 * DAY), "eager": True},
            30 * MINUTE,
            "a campaign runs on its new posts",
        ),
        (
            {"habit": habit(160 * MINUTE), "eager": True},
            20 * MINUTE,
            "the feed publishes about every 3 hours",
        ),
        (
            {"habit": habit(DAY), "eager": True, "feed_asks": HOUR},
            HOUR,
            "the feed asks for 1 hour between two polls",
        ),
        (
            {"habit": habit(DAY), "eager": True, "notified": True},
            CEILING,
            "the feed tells us by itself what is new",
        ),
        (
            {"habit": habit(HOUR), "notified": True},
            CEILING,
            "the feed tells us by itself what is new",
        ),
    ],
)
def test_a_healthy_feed_is_asked_as_often_as_it_publishes_and_wants_to_be(given, length, why):
    pause = after_success(NOW, **{"habit": None, "last_post": None, **given})

    assert pause == Pause(length, why)


@pytest.mark.parametrize(
    ("failures", "asked", "length", "why"),
    [
        (1, None, 30 * MINUTE, "it failed"),
        (3, None, 2 * HOUR, "it failed 3 times in a row"),
        (10_000, None, LONGEST_RETRY, "it failed 10000 times in a row"),
        (1, 6 * HOUR, 6 * HOUR, "the server asks for 6 hours of patience"),
        (1, 7 * DAY, 7 * DAY, "the server asks for 7 days of patience"),
        (4, HOUR, 4 * HOUR, "it failed 4 times in a row"),
    ],
)
def test_a_failing_feed_is_asked_ever_less_often_and_no_sooner_than_the_server_asks(
    failures, asked, length, why
):
    assert after_failure(failures, server_asks=asked) == Pause(length, why)


@pytest.mark.parametrize(
    ("failures", "length", "why"),
    [
        (1, 2 * HOUR, "it went over a limit"),
        (2, 8 * HOUR, "it failed 2 times in a row, now over a limit"),
        (3, DAY, "it failed 3 times in a row, now over a limit"),
        (10_000, DAY, "it failed 10000 times in a row, now over a limit"),
    ],
)
def test_a_feed_that_goes_over_a_limit_is_left_alone_for_longer(failures, length, why):
    assert after_failure(failures, over_limit=True) == Pause(length, why)
    assert length >= after_failure(failures).length


def test_five_hundred_feeds_do_not_beat_together():
    rng = random.Random(1)

    lengths = [Pause(HOUR, "").jittered(rng) for _ in range(500)]

    assert len(set(lengths)) == 500
    assert min(lengths) >= HOUR
    assert max(lengths) <= 1.2 * HOUR


@pytest.mark.parametrize(
    ("quiet", "usual", "silent"),
    [
        (40 * DAY, 3 * DAY, True),
        (12 * DAY, 3 * DAY, False),
        (13 * DAY, 3 * DAY, True),
        (DAY, HOUR, False),
        (3 * DAY, HOUR, True),
    ],
    ids=["long", "twice the longest gap", "just longer", "a night", "a weekend and more"],
)
def test_silent_is_who_is_quiet_for_much_longer_than_usual(quiet, usual, silent):
    assert bool(silence(NOW, habit=habit(usual), last_post=NOW - quiet)) is silent


def test_silence_is_a_sentence_that_says_what_is_usual():
    sentence = silence(NOW, habit=habit(3 * DAY), last_post=NOW - 40 * DAY)

    assert sentence == (
        "silent for 40 days, usually a post every 3 days - look whether it still publishes there"
    )


def test_a_feed_without_a_habit_is_never_silent():
    assert silence(NOW, habit=None, last_post=NOW - 400 * DAY) == ""
