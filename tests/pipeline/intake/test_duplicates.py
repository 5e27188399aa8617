"""New posts that look like ones we have."""

from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import Conflict, NotFound
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.intake.feed import NOTHING, Backfill, Feed
from dispatch.model.intake.post import Decision
from dispatch.pipeline.editions.compose import Materials
from dispatch.pipeline.editions.stand_ins import stand_ins
from dispatch.pipeline.intake.decide_posts import decide_posts
from dispatch.pipeline.intake.keep import Kept, held_sentence, keep_entries
from pipeline_samples import CAMPAIGN, FEEDS, PUBLISHER, TEMPLATE, compose, entry

HOUR = timedelta(hours=1)
TITLE = "How we moved to Postgres"
TEXT = "<p>" + "It was a bright cold day in the old town, and the clocks were late. " * 5 + "</p>"


@pytest.fixture
def poll(store, clock):
    """Keep the entries of one poll, an hour after the last."""

    def poll(*entries, feed="blog", backfill=None):
        clock.advance(HOUR)
        with store.begin() as tx:
            if not tx.feeds.followed_since("weekly"):
                tx.feeds.follow("weekly", ["blog", "mirror"], now=clock())
            return keep_entries(feed, entries, backfill=backfill, tx=tx, now=clock())

    return poll


@pytest.fixture
def told(store, clock):
    """Make an edition of what there is; the titles in it, or why there is none."""
    number = iter(range(1, 100))

    def told(*feeds):
        clock.advance(HOUR)
        campaign = replace(CAMPAIGN, feeds=feeds or ("blog",))
        known = FEEDS | {"mirror": Feed("mirror", "https://mirror.example/feed.xml")}
        composed = compose(store, clock, campaign, name=f"edition{next(number)}", feeds=known)
        if composed.edition is None:
            return composed.draft.skipped
        return [post.title for post in composed.edition.content.posts]

    return told


@pytest.fixture
def held(store):
    def held():
        with store.read() as tx:
            return tx.posts.held()

    return held


@pytest.fixture
def decide(store, clock):
    """Release or drop posts, as Marie."""

    def decide(decision, *numbers):
        return decide_posts(numbers, decision, by="marie", store=store, clock=clock)

    return decide


@pytest.fixture
def story(clock):
    """A story under any guid and link."""
    day = clock() - timedelta(days=2)

    def story(name="one", **values):
        return entry(name, **{"title": TITLE, "published": day, **values})

    return story


def test_a_used_post_under_a_new_guid_and_link_is_held_with_the_reason(poll, told, held, story):
    poll(story())
    told()

    kept = poll(story("renamed"))

    [post] = held()
    assert kept == Kept(held=1)
    assert post.hold.reason == (
        f"looks like '{TITLE}' of {post.published:%Y-%m-%d}, which is in edition edition1 of weekly"
    )
    assert told() == "there is no new post; 1 held - see 'dispatch posts held'"
    assert poll(story("renamed")) == Kept(known=1)


def test_the_run_tells_of_each_held_post_why_it_is_left_out(poll, told, store, story):
    poll(story())
    told()
    poll(story("renamed"))

    told()

    with store.read() as tx:
        [run, _] = tx.runs.latest("weekly")
        [post] = tx.runs.get(run.id).posts
    assert not post.included
    assert post.reason.startswith(f"is held: it looks like '{TITLE}'")


def test_a_released_post_is_used_however_late_and_once(poll, told, held, decide, story):
    poll(story())
    told()
    poll(story("renamed"))
    for _ in range(90):
        poll()
    [post] = held()

    [released] = decide(Decision.RELEASED, post.id)

    assert released.hold.by == "marie"
    assert told() == [TITLE]
    assert told() == "there is no new post"


def test_a_dropped_post_is_never_used_and_never_asked_about_again(poll, told, held, decide, story):
    poll(story())
    told()
    poll(story("renamed"))

    decide(Decision.DROPPED, held()[0].id)

    assert poll(story("renamed", content="Edited.")) == Kept(revised=1)
    assert held() == []
    assert told() == "there is no new post"


def test_a_decision_can_be_changed(poll, told, held, decide, story):
    poll(story())
    told()
    poll(story("renamed"))
    [post] = held()
    for decision in (Decision.DROPPED, Decision.RELEASED):
        decide(decision, post.id)

    assert told() == [TITLE]


def test_only_held_posts_are_decided_about_and_all_or_none(poll, told, held, decide, story):
    poll(story(), entry("other"))
    told()
    poll(story("renamed"))
    [post] = held()

    with pytest.raises(Conflict, match="post 1: is not held - see 'dispatch posts held'"):
        decide(Decision.DROPPED, post.id, 1)
    with pytest.raises(NotFound, match="post 99: not known - see 'dispatch posts list'"):
        decide(Decision.DROPPED, post.id, 99)

    assert [one.id for one in held()] == [post.id]


def test_a_title_like_that_of_a_post_that_is_still_in_the_feed_is_no_sign(poll, told, story):
    poll(story())
    told()

    assert poll(story("second"), story()) == Kept(new=1, known=1)


def test_the_same_text_is_held_even_beside_the_old_one_and_years_later(
    poll, told, held, story, clock
):
    poll(story(content=TEXT))
    told()
    clock.advance(timedelta(days=700))

    kept = poll(story("copy", title="From the archive", content=TEXT, published=clock()), story())

    assert kept == Kept(held=1, revised=1)
    assert held()[0].hold.reason.startswith(f"has the same text as '{TITLE}'")


def test_a_text_that_stands_under_every_post_is_no_sign(poll, told):
    poll(entry("one", content=TEXT), entry("two", content=TEXT))
    told()

    assert poll(entry("three", content=TEXT)) == Kept(new=1)


def test_an_old_post_from_before_the_first_poll_does_not_come_back_as_news(poll, held, story):
    poll(story(), backfill=NOTHING)

    assert poll(story("renamed")) == Kept(held=1)
    assert held()[0].hold.reason.endswith("which was in the feed before the first poll")


def test_what_nobody_has_got_yet_is_replaced_by_its_new_version(poll, told, store, story):
    poll(story())

    kept = poll(story("renamed", content="Better."))

    with store.read() as tx:
        [post] = tx.posts.latest()
    assert kept == Kept(revised=1)
    assert (post.link, post.content) == ("https://blog.example/renamed", "Better.")
    assert told() == [TITLE]


def test_what_nobody_has_got_yet_is_kept_where_only_the_title_is_almost_the_same(poll, held, story):
    poll(story())

    kept = poll(story("other", title=TITLE + ", at last"))

    assert kept == Kept(held=1)
    assert held()[0].hold.reason.endswith("which waits for an edition")


def test_a_move_to_another_domain_holds_all_and_says_so_in_a_sentence(poll, told, clock):
    start = clock()

    def archive(site):
        return [
            entry(
                f"{site}-{number}",
                link=f"https://{site}.example/{number}",
                title="Links" if number % 4 == 0 else f"The story of the {number}th day here",
                published=None if number % 3 == 0 else start - number * 24 * HOUR,
            )
            for number in range(20)
        ]

    poll(*archive("old"), backfill=Backfill(newest=5))
    told()

    kept = poll(*archive("new"))

    assert kept == Kept(held=20)
    assert held_sentence(kept) == (
        "20 of 20 new posts look like ones from before under another guid and link, they are held "
        "- decide with 'dispatch posts held'"
    )
    assert told().startswith("there is no new post")


def test_a_series_goes_on(poll, told, clock):
    start = clock() - timedelta(days=9)

    def show(number):
        return entry(str(number), title=f"Podcast #{number}", published=start + number * HOUR)

    def links(number):
        return entry(f"l{number}", title="Links", published=start + 24 * number * HOUR)

    poll(show(1), links(1))
    told()

    for number in (2, 3, 4):
        assert poll(show(number), links(number)) == Kept(new=2)


def test_another_story_at_the_address_of_a_used_one_is_held_until_somebody_says_so(
    poll, told, held, decide
):
    def of_today(name):
        return entry(name, link="https://blog.example/today")

    poll(of_today("one"))
    told()

    first = poll(of_today("two"))

    [post] = held()
    assert first == Kept(held=1)
    assert "has the address of 'Title one'" in post.hold.reason
    decide(Decision.RELEASED, post.id)
    assert poll(of_today("three")) == Kept(new=1)
    assert told() == ["Title three", "Title two"]


def test_held_posts_do_not_stand_in_for_news_in_a_preview(poll, told, store, clock, story):
    poll(story())
    told()
    poll(story("renamed", content="held"))

    with store.read() as tx:
        shown = stand_ins(
            CAMPAIGN,
            slot_at(clock(), "UTC"),
            tx=tx,
            materials=Materials(PUBLISHER, FEEDS, lambda _: TEMPLATE),
            now=clock(),
        )

    assert [post.content for post in shown.content.posts] == [""]


@pytest.mark.parametrize(
    "other",
    [
        {"guid": "7", "link": "http://www.blog.example/one/?utm_source=planet"},
        {"link": "https://planet.example/go/1", "guid": "https://blog.example/one"},
        {"link": "https://mirror.example/1", "guid": "tag:blog.example,2026:one"},
        {"link": "https://mirror.example/1", "guid": "9", "content": TEXT},
    ],
    ids=["link", "guid that is the link", "guid", "title and text"],
)
def test_a_story_that_two_feeds_have_is_told_once_at_once_and_later(poll, told, story, other):
    poll(story(guid="tag:blog.example,2026:one", content=TEXT))
    mirrored = story(**{"content": "Short.", **other})

    first_feeds = told("mirror", "blog")
    poll(mirrored, feed="mirror")

    assert first_feeds == [TITLE]
    assert told("mirror", "blog") == "there is no new post"


def test_of_a_story_that_comes_in_two_feeds_at_once_one_is_taken(poll, told, story):
    poll(story(content=TEXT))
    poll(story(guid="9", link="https://mirror.example/1", content=TEXT), feed="mirror")

    assert told("blog", "mirror") == [TITLE]


def test_the_same_title_alone_is_not_the_same_story_in_another_feed(poll, told):
    poll(entry("one", title="Summer fair", guid="1"))
    poll(entry("two", title="Summer fair", guid="1"), feed="mirror")

    assert told("blog", "mirror") == ["Summer fair", "Summer fair"]
