"""Which new posts call for an edition, and that they get one."""

from dataclasses import replace
from datetime import timedelta
from threading import Thread

import pytest

from dispatch.clock import NEVER
from dispatch.model.campaigns.new_posts import NewPosts
from dispatch.model.intake.feed import NOTHING, Feed
from dispatch.model.intake.post import PostRule
from dispatch.pipeline.editions.compose import Materials, compose_edition
from dispatch.pipeline.editions.edit import Changes, edit_edition
from dispatch.pipeline.editions.look_for_news import look_for_news
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.reviews.decide import reject_edition
from dispatch.store.transactions import Store
from pipeline_samples import PUBLISHER, REVIEWED, TEMPLATE, entry, keep, subscribe

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
EAGER = replace(REVIEWED, new_posts=NewPosts("UTC", debounce=timedelta(0)))
FEEDS = {name: Feed(name, f"https://{name}.example/feed.xml") for name in ("blog", "other")}


@pytest.fixture(autouse=True)
def somebody(store, clock):
    subscribe(store, clock, "somebody@example.org")


def look(store, clock, campaign=EAGER):
    with store.read() as tx:
        return look_for_news(campaign, tx=tx, now=clock())


def run(store, clock, name: str = "e1", campaign=EAGER):
    """Make the edition that new posts call for; None if they do not."""
    return compose_edition(
        campaign,
        None,
        store=store,
        materials=Materials(PUBLISHER, FEEDS, lambda _: TEMPLATE),
        clock=clock,
        ids=lambda: name,
    )


def ids(composed) -> set[int]:
    return {post.id for post in composed.edition.content.posts}


def test_a_new_post_calls_for_an_edition_and_has_one(store, clock):
    keep(store, entry("one"), now=clock())

    call = look(store, clock)
    made = run(store, clock)

    assert (call.ready, call.posts) == (clock(), ids(made))
    assert made.edition.slot_key == "2026-11-24T08:00[UTC]"
    assert look(store, clock).ready == NEVER
    assert run(store, clock, "e2") is None


def test_the_archive_of_a_feed_and_posts_from_before_call_for_nothing(store, clock):
    with store.begin() as tx:
        keep_entries("blog", [entry("early")], backfill=None, tx=tx, now=clock() - HOUR)
        tx.feeds.follow("weekly", ["blog"], now=clock())
        keep_entries("blog", [entry("archive")], backfill=NOTHING, tx=tx, now=clock())

    assert look(store, clock).ready == NEVER


def test_several_machines_make_one_edition(store, clock):
    keep(store, entry("one"), now=clock())
    made = []

    nodes = [Thread(target=lambda n=n: made.append(run(store, clock, f"e{n}"))) for n in range(4)]
    for node in nodes:
        node.start()
    for node in nodes:
        node.join()

    assert len(made) == 4
    assert [composed is None for composed in made].count(False) == 1


def test_two_editions_never_have_the_same_second(store, clock):
    keep(store, entry("one"), now=clock())
    run(store, clock)
    keep(store, entry("two"), now=clock())

    at_once = run(store, clock, "e2")
    clock.advance(timedelta(seconds=1))

    assert at_once is None
    assert run(store, clock, "e2").edition.slot_key == "2026-11-24T08:00:01[UTC]"


def test_a_post_that_is_left_over_calls_for_the_next_edition(store, clock):
    campaign = replace(EAGER, posts=PostRule(at_most=1))
    keep(store, entry("one"), entry("two"), now=clock())
    first = run(store, clock, campaign=campaign)
    clock.advance(MINUTE)

    second = run(store, clock, "e2", campaign)

    assert len(ids(first) | ids(second)) == 2


def test_a_post_that_an_editor_dropped_or_added_calls_for_nothing_by_itself(store, clock):
    campaign = replace(EAGER, posts=PostRule(at_most=2))
    keep(store, *map(entry, ("one", "two", "three")), now=clock())
    made = run(store, clock, campaign=campaign)
    [left_over] = look(store, clock, campaign).posts
    dropped, *_ = ids(made)
    changes = Changes(drop=(dropped,), add=(left_over,))
    edit_edition("e1", changes, by="ada", store=store, clock=clock)
    edited = look(store, clock, campaign)
    reject_edition("e1", reason="no", store=store)
    clock.advance(HOUR)

    assert edited.ready == NEVER
    assert look(store, clock, campaign).ready == NEVER


def test_one_story_in_two_feeds_is_skipped_once_for_each_at_most(store, clock):
    campaign = replace(EAGER, feeds=("blog", "other"), posts=PostRule(at_least=2))
    with store.begin() as tx:
        tx.feeds.follow("weekly", ["blog", "other"], now=clock())
        for feed in ("blog", "other"):
            keep_entries(feed, [entry("one")], backfill=None, tx=tx, now=clock())
    runs = 0
    for number in range(5):
        clock.advance(MINUTE)
        runs += run(store, clock, f"e{number}", campaign) is not None

    assert runs == 2
    assert look(store, clock, campaign).ready == NEVER


def test_a_post_behind_a_thousand_others_is_found(store, clock):
    keep(store, entry("one"), now=clock())
    with store.begin() as tx:
        archive = [entry(str(number)) for number in range(1001)]
        keep_entries("blog", archive, backfill=NOTHING, tx=tx, now=clock())

    assert [post.title for post in run(store, clock).edition.content.posts] == ["Title one"]


def test_a_post_that_is_committed_after_a_later_one_changes_the_number_of_its_feed(
    postgres_url, clock
):
    store = Store(postgres_url)
    with store.begin() as tx:
        tx.feeds.follow("weekly", FEEDS, now=clock())
    with store.begin() as slow:
        keep_entries("blog", [entry("one")], backfill=None, tx=slow, now=clock())
        with store.begin() as quick:
            keep_entries("other", [entry("two")], backfill=None, tx=quick, now=clock())
        with store.read() as tx:
            before = tx.news.numbers()
    with store.read() as tx:
        after = tx.news.numbers()
    store.close()

    assert (before, after) == ({"other": 1}, {"blog": 1, "other": 1})
