"""Posts to Edition."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from dispatch.errors import TemplateFailed
from dispatch.model.campaigns.campaign import EmailPlan
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.editions.edition import EditionState, fingerprint
from dispatch.model.editions.picture import read_picture
from dispatch.model.intake.feed import Feed
from dispatch.model.intake.post import PostRule
from dispatch.pipeline.editions.compose import Materials, compose_edition, freeze
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.pipeline.reviews.decide import reject_edition
from dispatch.store.editions.content import from_json, to_json
from dispatch.store.transactions import Store
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_png
from pipeline_samples import (
    CAMPAIGN,
    FEEDS,
    PUBLISHER,
    REVIEWED,
    TEMPLATE,
    bring_in,
    compose,
    entry,
    keep,
    row,
)

HOUR = timedelta(hours=1)


def titles(composed):
    return [post.title for post in composed.edition.content.posts]


def test_an_edition_has_the_new_posts_newest_first(store, clock):
    keep(store, entry("old", published=clock() - 2 * HOUR), now=clock())
    keep(store, entry("new", published=clock() - HOUR), now=clock())

    composed = compose(store, clock)

    assert titles(composed) == ["Title new", "Title old"]
    assert composed.edition.state is EditionState.APPROVED


def test_an_edition_waits_for_a_person_where_the_campaign_says_so(store, clock):
    keep(store, entry("one"), now=clock())

    composed = compose(store, clock, REVIEWED)

    assert composed.edition.state is EditionState.IN_REVIEW


def test_a_post_is_used_once(store, clock):
    keep(store, entry("one"), now=clock())
    compose(store, clock, name="e1")
    clock.advance(HOUR)
    keep(store, entry("one"), entry("two"), now=clock())

    second = compose(store, clock, name="e2")

    assert titles(second) == ["Title two"]


def test_an_edit_of_a_used_post_makes_no_edition(store, clock):
    keep(store, entry("one"), now=clock())
    compose(store, clock)
    clock.advance(HOUR)
    keep(store, entry("one", title="Corrected"), now=clock())

    second = compose(store, clock, name="e2")

    assert second.edition is None
    assert second.draft.skipped == "there is no new post"


def test_the_posts_of_a_rejected_edition_are_free_again(store, clock):
    keep(store, entry("one"), now=clock())
    first = compose(store, clock, name="e1")
    reject_edition(first.edition.id, reason="wrong", store=store)
    clock.advance(HOUR)

    second = compose(store, clock, name="e2")

    assert titles(second) == ["Title one"]


def test_one_slot_makes_one_edition(store, clock):
    keep(store, entry("one"), now=clock())
    compose(store, clock, name="e1")
    keep(store, entry("two"), now=clock())

    assert compose(store, clock, name="e2") is None


def test_too_few_posts_skip_the_run_and_the_reason_is_kept(store, clock):
    keep(store, entry("one"), now=clock())
    campaign = replace(CAMPAIGN, posts=PostRule(at_least=2))

    compose(store, clock, campaign)

    with store.read() as tx:
        [run] = tx.runs.latest("weekly")
    assert run.skipped == "there is 1 new post, at least 2 are needed"
    assert run.edition is None


def test_what_is_over_the_limit_waits_for_the_next_edition(store, clock):
    for number in (1, 2, 3):
        one = entry(str(number), published=clock() - number * HOUR)
        keep(store, one, now=clock())
    campaign = replace(CAMPAIGN, posts=PostRule(at_most=2))

    first = compose(store, clock, campaign, name="e1")
    clock.advance(HOUR)
    second = compose(store, clock, campaign, name="e2")

    assert titles(first) == ["Title 1", "Title 2"]
    assert titles(second) == ["Title 3"]
    assert "2 at most" in first.draft.choices[-1].reason


def test_a_post_of_the_future_waits_for_its_day(store, clock):
    keep(store, entry("one"), now=clock())
    keep(store, entry("soon", published=clock() + HOUR), now=clock())

    first = compose(store, clock, name="e1")
    clock.advance(2 * HOUR)
    second = compose(store, clock, name="e2")

    assert titles(first) == ["Title one"]
    assert titles(second) == ["Title soon"]


def test_a_post_is_held_for_a_while_after_it_was_first_seen(store, clock):
    keep(store, entry("one"), now=clock())
    campaign = replace(CAMPAIGN, posts=PostRule(hold=HOUR))

    first = compose(store, clock, campaign, name="e1")
    clock.advance(HOUR)
    second = compose(store, clock, campaign, name="e2")

    assert first.edition is None
    assert "waits until" in first.draft.choices[0].reason
    assert titles(second) == ["Title one"]


def test_a_campaign_about_topics_leaves_the_rest_out(store, clock):
    keep(store, entry("ai", topics=("AI", "art")), entry("cake", topics=("food",)), now=clock())
    campaign = replace(CAMPAIGN, posts=PostRule(topics=frozenset({"ai"})))

    composed = compose(store, clock, campaign)

    assert titles(composed) == ["Title ai"]


def test_a_campaign_does_not_begin_with_the_archive_of_a_feed_others_follow(store, clock):
    keep(store, entry("archive"), now=clock())
    clock.advance(HOUR)
    with store.begin() as tx:
        tx.feeds.follow("late", ["blog"], now=clock())
    keep(store, entry("news"), now=clock())

    composed = compose(store, clock, replace(CAMPAIGN, name="late"))

    assert titles(composed) == ["Title news"]
    assert composed.draft.choices[-1].past


def test_the_same_story_in_two_feeds_is_told_once(store, clock):
    campaign = replace(CAMPAIGN, feeds=("blog", "mirror"))
    feeds = FEEDS | {"mirror": Feed("mirror", "https://mirror.example/feed.xml")}
    with store.begin() as tx:
        tx.feeds.follow("weekly", ["blog", "mirror"], now=clock())
        for feed in feeds:
            keep_entries(feed, [entry("one")], backfill=None, tx=tx, now=clock())

    first = compose(store, clock, campaign, name="e1", feeds=feeds)
    clock.advance(HOUR)
    second = compose(store, clock, campaign, name="e2", feeds=feeds)

    assert titles(first) == ["Title one"]
    assert "is the same story as in feed" in first.draft.choices[-1].reason
    assert second.edition is None


def test_a_segment_that_cannot_be_answered_for_somebody_keeps_nothing(store, clock):
    keep(store, entry("one"), now=clock())
    people = [row("ada@example.org", fields={"age": "35"})]
    bring_in("readers", people, store=store, clock=clock)
    email = EmailPlan("readers", "plain", "mail", segment="fields.age > 18")

    with pytest.raises(TemplateFailed, match=r"fields\.age > 18"):
        compose(store, clock, replace(CAMPAIGN, email=email))

    assert titles(compose(store, clock)) == ["Title one"]


def test_two_runs_at_once_do_not_take_the_same_posts(database_url, store, clock):
    keep(store, entry("one"), now=clock())
    made = []

    def run(name: str) -> None:
        own = Store(database_url)
        made.append(compose(own, FakeClock(clock() + timedelta(seconds=len(name))), name=name))
        own.close()

    workers = [threading.Thread(target=run, args=("e" * n,)) for n in range(1, 5)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    assert [composed.edition is None for composed in made].count(False) == 1


def test_a_broken_template_keeps_nothing_so_that_the_slot_can_run_when_it_is_mended(store, clock):
    keep(store, entry("one"), now=clock())
    broken = TEMPLATE | {"digest.txt": "{{ post.titel }}"}

    with pytest.raises(TemplateFailed, match=r"digest\.txt:1"):
        compose_edition(
            CAMPAIGN,
            slot_at(clock(), "UTC"),
            store=store,
            materials=Materials(PUBLISHER, FEEDS, lambda _: broken),
            clock=clock,
            ids=lambda: "e1",
        )

    assert titles(compose(store, clock)) == ["Title one"]


def test_where_nobody_would_get_it_the_posts_are_kept_for_later(store, clock):
    keep(store, entry("one"), now=clock())
    nobody = replace(CAMPAIGN, email=EmailPlan("raeders", "plain", "mail"))

    first = compose(store, clock, nobody, name="e1")
    clock.advance(HOUR)

    assert first.draft.skipped == "there is nobody in audience 'raeders'"
    assert titles(compose(store, clock, name="e2")) == ["Title one"]


def test_pictures_are_frozen_with_the_edition_and_its_fingerprint_covers_them(store, clock):
    keep(store, entry("one"), now=clock())
    pictures = [read_picture("header.png", a_png(width)) for width in (8, 9)]
    contents = []
    for one in pictures:
        found = Materials(PUBLISHER, FEEDS, lambda _: TEMPLATE, lambda *_, one=one: {"h.png": one})
        with store.read() as tx:
            posts = tx.posts.latest(feed="blog")
            slot = slot_at(clock(), "UTC")
            contents.append(freeze(CAMPAIGN, posts, slot, tx=tx, materials=found))

    texts = [to_json(content) for content in contents]

    assert len({fingerprint(text) for text in texts}) == 2
    assert [from_json(text) for text in texts] == contents
    assert [content.pictures for content in contents] == [{"h.png": one} for one in pictures]
