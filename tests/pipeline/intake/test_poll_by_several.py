"""Several machines and people poll the same feeds."""

from datetime import timedelta
from threading import Barrier, Thread

import httpx

from dispatch.model.intake.feed import Feed
from dispatch.pipeline.intake.poll import is_due
from dispatch.store.intake.feeds import FeedMemory
from poll_stage import BLOG, OTHER


def test_two_machines_poll_a_feed_once(poll, web, store):
    start, reports = Barrier(2), []

    def machine():
        start.wait()
        reports.extend(poll(BLOG, OTHER, wanted=is_due, claim=True))

    threads = [Thread(target=machine) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(report.feed for report in reports) == ["blog", "other"]
    assert len(web.requests) == 2


def test_a_person_polls_what_a_machine_has_claimed(poll, store, clock):
    with store.begin() as tx:
        [known] = tx.feeds.memories([BLOG])
        tx.feeds.claim([known], until=clock() + timedelta(minutes=15))

    by_machine = poll(BLOG, wanted=is_due, claim=True)
    [by_person] = poll(BLOG)

    assert by_machine == []
    assert by_person.kept.new == 1


def test_a_feed_whose_poller_died_is_due_again(poll, store, clock):
    with store.begin() as tx:
        tx.feeds.claim(tx.feeds.memories([BLOG]), until=clock() + timedelta(minutes=15))
    clock.advance(timedelta(minutes=15))

    [report] = poll(BLOG, wanted=is_due, claim=True)

    assert report.notes[0].startswith("first contact")


def test_a_machine_that_stops_leaves_the_feeds_it_has_not_polled_to_others(poll, store):
    stopped = poll(BLOG, OTHER, wanted=is_due, claim=True, keep_going=lambda: False)

    by_another = poll(BLOG, OTHER, wanted=is_due, claim=True)

    assert stopped == []
    assert [report.feed for report in by_another] == ["blog", "other"]


def test_many_feeds_without_news_are_written_down_in_few_transactions(poll, web, store):
    many = [Feed(f"f{number}", f"https://f{number}.example/feed") for number in range(300)]
    for feed in many:
        web.pages[feed.url] = httpx.Response(304)
    with store.begin() as tx:
        tx.feeds.remember(*(FeedMemory(feed.name, feed.url, etag='"1"') for feed in many))
    begun = []
    begin = store.begin
    store.begin = lambda: (begun.append(1), begin())[1]

    reports = poll(*many)

    assert all(report.unchanged for report in reports)
    assert len(begun) <= 5
