"""What `dispatch feeds show` says of a feed's hub."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from dispatch.cli.intake.feed_facts import websub_facts
from dispatch.model.intake.websub_subscription import MISSES, UNANSWERED, WebsubSubscription, Wish
from dispatch.store.intake.feeds import FeedMemory

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)
FEED = FeedMemory("blog", "https://blog.example/feed", hub="https://hub.example/", topic="t")
WEBSUB = WebsubSubscription(id="1", feed="blog", hub=FEED.hub, topic="t", callback="", next_at=NOW)
AGREED = replace(WEBSUB, lease_until=NOW + timedelta(days=3))


def told(websub=WEBSUB, feed=FEED, public_url="https://news.example"):
    found = websub_facts(feed, [websub] if websub else [], public_url=public_url, now=NOW)
    return found["push"]


@pytest.mark.parametrize(
    ("websub", "words"),
    [
        (WEBSUB, "has not agreed yet"),
        (replace(WEBSUB, failures=1), UNANSWERED),
        (
            replace(WEBSUB, problem="hub.example: the hub refuses (403) - x"),
            "the hub refuses (403)",
        ),
        (AGREED, "agreed until 2026-11-27 08:00 UTC"),
        (replace(AGREED, problem="being renewed"), "agreed until"),
        (replace(AGREED, missed=MISSES), "did not say so"),
        (replace(AGREED, lease_until=NOW), "has not agreed yet"),
        (replace(AGREED, wish=Wish.UNSUBSCRIBE), "asked to stop"),
    ],
)
def test_how_the_subscription_stands(websub, words):
    assert words in told(websub)


def test_why_there_is_none():
    assert told(None, replace(FEED, hub="", topic="")) == ""
    assert "not its own address" in told(None, replace(FEED, topic=""))
    assert "with 'public_url' in schedules.yaml" in told(None, public_url="")
    assert told(None) == "the feed names a hub, which will be asked"


def test_a_subscription_at_an_earlier_hub_says_nothing_of_the_present_one():
    earlier = replace(AGREED, hub="https://old.example/")

    assert told(earlier) == "the feed names a hub, which will be asked"
