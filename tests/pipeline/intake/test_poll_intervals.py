"""When a feed is polled: how often it publishes, what it asks for, what happened before."""

from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import httpx

from dispatch.feeds.parse.document import parse
from dispatch.model.intake.polling_interval import CEILING
from dispatch.pipeline.intake.poll import is_due, is_stale
from poll_stage import BLOG, memory, rss


def dated(now, *, every, count):
    """A feed whose posts came so often, the last one just now."""
    items = "".join(
        f"<item><title>{n}</title><guid>{n}</guid>"
        f"<pubDate>{format_datetime(now - n * every)}</pubDate></item>"
        for n in range(count)
    )
    return f'<rss version="2.0"><channel><title>Dated</title>{items}</channel></rss>'


def test_a_service_polls_when_it_is_time_and_a_person_whenever_they_ask(poll, clock):
    poll(BLOG)

    assert poll(BLOG, wanted=is_due) == []
    assert len(poll(BLOG)) == 1
    clock.advance(CEILING)
    assert len(poll(BLOG, wanted=is_due)) == 1


def test_an_edition_does_not_miss_what_was_published_since_the_last_poll(poll, clock):
    poll(BLOG)

    assert poll(BLOG, wanted=is_stale) == []
    clock.advance(timedelta(minutes=5))
    assert len(poll(BLOG, wanted=is_stale)) == 1


def test_a_feed_that_fails_is_polled_ever_less_often(poll, web, store, clock):
    web.pages[BLOG.url] = httpx.Response(500)
    pauses = []

    for _ in range(3):
        poll(BLOG)
        pauses.append(memory(store).next_poll_at - clock())

    assert pauses == sorted(pauses)
    assert pauses[2] > 2 * pauses[0]


def test_a_server_that_asks_for_patience_gets_it(poll, web, store, clock):
    web.pages[BLOG.url] = httpx.Response(429, headers={"Retry-After": "86400"})

    poll(BLOG)

    assert memory(store).next_poll_at - clock() >= timedelta(days=1)


def test_a_feed_that_is_gone_for_good_is_not_polled_by_itself_again(poll, web, clock):
    web.pages[BLOG.url] = httpx.Response(410)
    [report] = poll(BLOG)

    clock.advance(timedelta(days=30))

    assert "gone" in report.problem
    assert poll(BLOG, wanted=is_due) == []


def test_a_feed_is_polled_as_often_as_it_publishes(poll, web, store, clock):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(days=2), count=12)

    poll(BLOG)

    remembered = memory(store)
    assert remembered.next_poll_why == "the feed publishes about every 2 days"
    assert timedelta(hours=6) <= remembered.next_poll_at - clock() <= timedelta(hours=7.5)


def test_a_feed_on_whose_new_posts_a_campaign_runs_is_asked_every_half_hour(
    poll, web, store, clock
):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(days=2), count=12)

    poll(replace(BLOG, eager=True))

    remembered = memory(store)
    assert remembered.next_poll_why == "a campaign runs on its new posts"
    assert timedelta(minutes=30) <= remembered.next_poll_at - clock() <= timedelta(minutes=36)


def test_what_a_feed_asks_for_is_remembered_where_its_body_is_not_read_again(
    poll, web, store, clock
):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(hours=1), count=12)

    def patient(body, *, url, content_type):
        document = parse(body, url=url, content_type=content_type)
        return replace(document, every=timedelta(hours=5))

    poll(BLOG, parse=patient)
    web.pages[BLOG.url] = httpx.Response(304)

    poll(BLOG)

    assert memory(store).next_poll_why == "the feed asks for 5 hours between two polls"
    assert memory(store).next_poll_at - clock() >= timedelta(hours=5)


def test_a_feed_that_tells_us_by_itself_is_asked_rarely(poll, web, store, clock):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(hours=1), count=12)

    poll(BLOG, notified={"blog"})

    assert memory(store).next_poll_at - clock() >= CEILING


def test_a_feed_that_is_gone_is_tried_again_when_a_person_asks(poll, web, store):
    web.pages[BLOG.url] = httpx.Response(410)
    poll(BLOG)
    gone = memory(store)
    web.pages[BLOG.url] = rss("one")

    [report] = poll(BLOG)

    assert gone.next_poll_at is None
    assert "gone for good" in gone.next_poll_why
    assert report.kept.new == 1
    assert not memory(store).gone


def test_a_feed_that_falls_silent_is_told_once(poll, web, clock):
    web.pages[BLOG.url] = dated(clock(), every=timedelta(days=3), count=12)
    poll(BLOG)
    web.pages[BLOG.url] = httpx.Response(304)
    told = []
    for _ in range(40):
        clock.advance(timedelta(days=1))
        told += [report.silent for report in poll(BLOG) if report.silent]

    assert told == [
        "silent for 7 days, usually a post every 3 days - look whether it still publishes there"
    ]
