"""When hubs are asked, and when not; on each database."""

import random
from dataclasses import replace
from datetime import timedelta
from threading import Event
from urllib.parse import parse_qs

import httpx
import pytest

from dispatch.model.intake.feed import Feed
from dispatch.model.intake.websub_subscription import UNANSWERED
from dispatch.pipeline.websub.callbacks import Callbacks
from dispatch.pipeline.websub.receive_notification import make_feeds_due, receive_notification
from dispatch.pipeline.websub.renew_subscriptions import MOST_AT_ONCE, renew_subscriptions
from dispatch.store.intake.feeds import FeedMemory
from patience import PATIENCE

HUB = "https://hub.example/"
OURS = Callbacks("https://news.example", "a secret of sixteen bytes")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


class Hubs:
    """All hubs of the world, which give one answer."""

    def __init__(self):
        self.asked = []
        self.answer = httpx.Response(202)

    def __call__(self, request):
        form = {name: value for name, [value] in parse_qs(request.read().decode()).items()}
        self.asked.append((form["hub.mode"], str(request.url), form["hub.topic"]))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def hubs():
    return Hubs()


@pytest.fixture
def feeds(store, clock):
    """Feeds whose last poll has found a hub."""

    def make(number=1, **found):
        feeds = {}
        for name in map(str, range(number)):
            url = f"https://blog.example/{name}"
            feeds[name] = Feed(name, url)
            memory = FeedMemory(
                name,
                url,
                polled_at=clock(),
                next_poll_at=clock() + 12 * HOUR,
                **{"hub": HUB, "topic": url, **found},
            )
            with store.begin() as tx:
                tx.feeds.remember(memory)
        return feeds

    return make


@pytest.fixture
def ask(store, hubs, clock):
    http = httpx.Client(transport=httpx.MockTransport(hubs))

    def ask(feeds, callbacks=OURS):
        rng = random.Random(1)
        return list(
            renew_subscriptions(
                feeds, store=store, http=http, callbacks=callbacks, clock=clock, rng=rng
            )
        )

    yield ask
    http.close()


@pytest.fixture
def websub(store):
    def websub(feed="0"):
        with store.read() as tx:
            [websub] = tx.websub_subscriptions.of(feed)
        return websub

    return websub


@pytest.fixture
def agree(store, websub, clock):
    """The hub asks back, and agrees for so long."""

    def agree(lease=10 * DAY):
        with store.begin() as tx:
            tx.websub_subscriptions.agree(
                websub(), lease_until=clock() + lease, next_at=clock() + 8 * DAY
            )

    return agree


@pytest.fixture
def left(store):
    """What is still known of any hub."""

    def left():
        with store.read() as tx:
            return tx.websub_subscriptions.all()

    return left


def test_a_feed_with_a_hub_is_subscribed_once(ask, feeds, hubs):
    known = feeds()

    reports = ask(known) + ask(known)

    assert [report.feed for report in reports] == ["0"]
    assert hubs.asked == [("subscribe", HUB, "https://blog.example/0")]


@pytest.mark.parametrize(
    "found", [{"hub": ""}, {"topic": ""}, {"gone": True}], ids=["no hub", "no topic", "gone"]
)
def test_a_feed_that_names_none_is_not(ask, feeds, hubs, found):
    ask(feeds(**found))

    assert hubs.asked == []


def test_a_feed_with_a_new_address_is_not_before_it_was_polled_there(ask, feeds, hubs):
    known = feeds()

    ask({"0": replace(known["0"], url="https://elsewhere.example/")})

    assert hubs.asked == []


def test_a_feed_that_goes_for_good_is_left(ask, feeds, agree, hubs):
    known = feeds()
    ask(known)
    agree()
    feeds(gone=True)

    ask(known)

    assert [mode for mode, *_ in hubs.asked] == ["subscribe", "unsubscribe"]


def test_who_never_agreed_need_not_be_left(ask, feeds, hubs, left):
    ask(feeds())

    ask({})

    assert [mode for mode, *_ in hubs.asked] == ["subscribe"]
    assert left() == []


def test_a_hub_that_does_not_let_go_is_left_without_a_word(ask, feeds, agree, clock, hubs):
    ask(feeds())
    agree(30 * DAY)
    hubs.answer = httpx.Response(500)

    for _ in range(20):
        ask({})
        clock.advance(DAY)

    assert [mode for mode, *_ in hubs.asked] == ["subscribe", *["unsubscribe"] * 3]


def test_of_a_hub_that_was_left_nothing_is_known_after_a_while(ask, feeds, agree, left, clock):
    ask(feeds())
    agree()
    ask({})
    agree(timedelta(0))
    clock.advance(8 * DAY)

    ask({})

    assert left() == []


def test_a_hub_in_trouble_is_asked_ever_less_often(ask, feeds, hubs, clock, websub):
    known = feeds()
    hubs.answer = httpx.ConnectError("down")

    for _ in range(7 * 24):
        ask(known)
        clock.advance(HOUR)

    assert 9 <= len(hubs.asked) <= 13
    assert (
        websub().sentence(clock()).startswith("https://hub.example/: the server cannot be reached")
    )


def test_a_hub_that_never_asks_back_is_told_apart_from_one_that_is_down(
    ask, feeds, hubs, clock, websub
):
    known = feeds()
    ask(known)
    first = websub().sentence(clock())
    clock.advance(2 * HOUR)

    [report] = ask(known)

    assert first == "the hub is asked to say when there are new posts, and has not agreed yet"
    assert report.problem == websub().sentence(clock()) == UNANSWERED


def test_the_patience_a_hub_asks_for_is_given(ask, feeds, hubs, clock, websub):
    hubs.answer = httpx.Response(503, headers={"Retry-After": str(3 * 86_400)})

    ask(feeds())

    assert websub().next_at >= clock() + 3 * DAY


def test_a_hub_that_is_down_is_met_by_one_feed_and_not_by_each(ask, feeds, hubs):
    known = feeds(5)
    hubs.answer = httpx.ConnectError("down")

    ask(known)
    ask(known)

    assert len(hubs.asked) == 1


def test_a_hub_that_hangs_does_not_keep_us_from_stopping(feeds, store, clock, websub):
    asked, end = Event(), Event()

    def hang(_request):
        asked.set()
        assert end.wait(PATIENCE)
        return httpx.Response(202)

    with httpx.Client(transport=httpx.MockTransport(hang)) as http:
        reports = list(
            renew_subscriptions(
                feeds(),
                store=store,
                http=http,
                callbacks=OURS,
                clock=clock,
                rng=random.Random(1),
                keep_going=lambda: not asked.is_set(),
            )
        )
        end.set()

    assert reports == []
    assert websub().pending  # it may have got the request, and then it asks back


def test_many_feeds_of_one_hub_come_a_few_at_a_time(ask, feeds, hubs):
    known = feeds(MOST_AT_ONCE + 5)

    rounds = [len(ask(known)) for _ in range(3)]

    assert rounds == [MOST_AT_ONCE, 5, 0]
    assert len(set(hubs.asked)) == MOST_AT_ONCE + 5


def test_of_two_nodes_one_asks(ask, feeds, store, clock, websub):
    ask(feeds())
    seen = websub()
    with store.begin() as tx:
        quick = tx.websub_subscriptions.claim(seen, until=clock() + HOUR + MINUTE)
        late = tx.websub_subscriptions.claim(seen, until=clock() + HOUR + MINUTE)

    assert (quick, late) == (True, False)


def test_a_change_of_the_secret_key_makes_all_subscriptions_new(ask, feeds, hubs):
    known = feeds()
    ask(known)

    ask(known, Callbacks("https://news.example", "quite another secret of ours"))

    assert [mode for mode, *_ in hubs.asked] == ["subscribe", "subscribe"]


# What is heard makes a feed due.


def next_poll(store, feed="0"):
    with store.read() as tx:
        memory = tx.feeds.memory(feed, f"https://blog.example/{feed}")
    return memory.next_poll_at, memory.next_poll_why


def polled(store, clock, feed="0"):
    with store.begin() as tx:
        memory = tx.feeds.memory(feed, f"https://blog.example/{feed}")
        tx.feeds.remember(replace(memory, polled_at=clock(), next_poll_at=clock() + 12 * HOUR))


@pytest.fixture
def heard(ask, feeds, websub, store, clock):
    """A hub of feed 0 calls, ten minutes after it was polled; feed 1 has been polled too."""
    ask(feeds(2))
    clock.advance(10 * MINUTE)
    receive_notification(websub().id, genuine=True, store=store, clock=clock)


def test_the_feed_is_due_and_no_other(heard, store, clock):
    called = make_feeds_due(store=store, clock=clock)

    assert called == 1
    assert next_poll(store) == (clock(), "its hub said that there is something new")
    assert next_poll(store, "1")[0] > clock()


def test_a_poll_right_after_the_call_is_followed_by_one_more(heard, store, clock):
    make_feeds_due(store=store, clock=clock)
    polled(store, clock)
    at_once = make_feeds_due(store=store, clock=clock)
    clock.advance(MINUTE)
    after_a_minute = make_feeds_due(store=store, clock=clock)
    polled(store, clock)
    clock.advance(MINUTE)
    afterwards = make_feeds_due(store=store, clock=clock)

    assert (at_once, after_a_minute, afterwards) == (0, 1, 0)


def test_a_call_that_nobody_could_follow_at_once_is_not_forgotten(heard, store, clock):
    clock.advance(3 * HOUR)

    assert make_feeds_due(store=store, clock=clock) == 1


def test_a_feed_in_trouble_keeps_the_pause_that_it_was_given(heard, store, clock):
    with store.begin() as tx:
        memory = tx.feeds.memory("0", "https://blog.example/0")
        tx.feeds.remember(replace(memory, failures=1, problem="too many requests"))

    assert make_feeds_due(store=store, clock=clock) == 0
