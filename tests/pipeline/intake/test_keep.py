"""Entry to Post."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.model.intake.feed import NOTHING, Backfill
from dispatch.pipeline.intake.keep import Kept, keep_entries
from dispatch.store.database.schema import revisions
from pipeline_samples import entry

NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


@pytest.fixture
def keep(store):
    def keep(*entries, backfill=None, now=NOW):
        with store.begin() as tx:
            return keep_entries("blog", entries, backfill=backfill, tx=tx, now=now)

    return keep


@pytest.fixture
def titles(store):
    def titles():
        with store.read() as tx:
            return sorted(post.title for post in tx.posts.latest() if not post.backlog)

    return titles


def test_the_same_entries_a_second_time_change_nothing(keep):
    keep(entry("one"), entry("two"))

    again = keep(entry("one"), entry("two"))

    assert again == Kept(known=2)


def test_an_edit_is_a_revision_and_not_a_new_post(keep, store):
    keep(entry("one"))

    kept = keep(entry("one", title="Title one, corrected"), now=NOW + timedelta(hours=1))

    with store.read() as tx:
        [post] = tx.posts.latest()
    with store._engine.connect() as connection:
        earlier = connection.execute(sa.select(revisions.c.revision, revisions.c.title)).all()
    assert kept == Kept(revised=1)
    assert earlier == [(1, "Title one")]
    assert (post.title, post.revision, post.first_seen) == ("Title one, corrected", 2, NOW)


def test_the_same_story_under_a_second_guid_is_kept_once(keep, titles):
    kept = keep(entry("one"), entry("one", guid="guid-two"))

    assert kept == Kept(new=1, known=1)
    assert titles() == ["Title one"]


def test_two_entries_of_one_link_do_not_revise_each_other_at_every_poll(keep):
    twins = (entry("one"), entry("one", guid="guid-two", summary="The other one."))
    keep(*twins)

    assert keep(*twins) == Kept(known=2)
    assert keep(*reversed(twins)) == Kept(known=2)


def test_an_entry_without_guid_is_known_by_its_link_and_without_link_by_its_title(keep):
    bare = (entry("one", guid=""), entry("two", guid="", link=""))
    keep(*bare)

    assert keep(*bare) == Kept(known=2)


def test_links_that_only_count_visitors_otherwise_are_the_same(keep, store):
    keep(entry("one", link="https://blog.example/one?utm_source=rss"))

    again = keep(entry("one", guid="guid-new", link="http://www.blog.example/one/?fbclid=1"))

    with store.read() as tx:
        [post] = tx.posts.latest()
    assert again == Kept(known=1)
    assert post.link == "https://blog.example/one?utm_source=rss"


def test_guids_made_anew_for_all_change_nothing_where_the_links_stay(keep):
    keep(*(entry(str(number)) for number in range(20)))

    moved = [entry(str(number), guid=f"new-{number}") for number in range(20)]

    assert keep(*moved) == Kept(known=20)


def test_an_edit_counts_under_the_new_guid_of_a_post(keep, titles):
    keep(entry("one"))
    keep(entry("one", guid="new-one"))

    kept = keep(entry("one", guid="new-one", title="Title one, corrected", link=""))

    assert kept == Kept(revised=1)
    assert titles() == ["Title one, corrected"]


def test_a_post_is_known_by_a_link_that_it_had_once(keep, store):
    keep(entry("one"))
    renamed = keep(entry("one", link="https://blog.example/renamed"))

    kept = keep(entry("one", guid="another"))

    with store.read() as tx:
        [post] = tx.posts.latest()
    assert (renamed, kept) == (Kept(revised=1), Kept(revised=1))
    assert post.link == "https://blog.example/one"


def test_what_vanishes_and_returns_is_known(keep):
    keep(entry("one"), entry("two"))
    keep(entry("two"))
    keep()

    assert keep(entry("two"), entry("one")) == Kept(known=2)


def test_a_date_set_anew_pushes_nothing_up(keep, store):
    keep(entry("one", published=NOW - timedelta(days=9)))

    kept = keep(entry("one", published=NOW), now=NOW + timedelta(hours=1))

    with store.read() as tx:
        [post] = tx.posts.latest()
    assert kept == Kept(known=1)
    assert post.published == NOW - timedelta(days=9)


def test_a_date_by_mistake_in_the_future_can_be_corrected(keep, store):
    keep(entry("one", published=datetime(2062, 11, 24, tzinfo=UTC)))

    keep(entry("one", published=NOW))

    with store.read() as tx:
        [post] = tx.posts.latest()
    assert post.published == NOW


def test_episodes_that_all_link_to_the_page_of_the_podcast_are_different_posts(keep, titles):
    def episode(number):
        return entry(str(number), title=f"Episode {number}", link="https://podcast.example/")

    first = keep(episode(1), episode(2))
    second = keep(episode(2), episode(3))
    third = keep(episode(4))

    assert (first, second, third) == (Kept(new=2), Kept(new=1, known=1), Kept(new=1))
    assert titles() == [f"Episode {number}" for number in (1, 2, 3, 4)]


def test_a_story_told_again_beside_the_first_one_is_known_or_held_but_not_news(keep):
    first = entry("one", title="How we moved to Postgres")
    others = [entry(str(number)) for number in range(5)]
    keep(first, *others)

    again = entry("again", title="Read again: how we moved to Postgres", link=first.link)
    anew = entry("anew", title="A look back", link=first.link)

    assert keep(again, first, *others) == Kept(known=7)
    assert keep(anew, first, *others) == Kept(known=6, held=1)


def test_two_new_stories_of_one_link_among_others_are_not_both_taken_unseen(keep, store):
    twins = [entry("one"), entry("two", link="https://blog.example/one"), entry("three")]

    first = keep(*twins)
    second = keep(*twins)

    with store.read() as tx:
        [held] = tx.posts.held()
    assert (first, second) == (Kept(new=2, held=1), Kept(known=3))
    assert held.hold.reason.startswith("has the address of 'Title one', which came with it")


def test_stories_without_guid_on_one_page_are_told_apart_by_their_titles(keep, titles):
    page = {"guid": "", "link": "https://blog.example/news"}
    keep(entry("one", **page))

    kept = keep(entry("two", **page), entry("one", **page))

    assert kept == Kept(new=1, known=1)
    assert titles() == ["Title one", "Title two"]
    assert keep(entry("two", **page)) == Kept(known=1)


def test_one_guid_for_the_whole_feed_is_none(keep, titles):
    names = ("one", "two", "three")

    kept = keep(*(entry(name, guid="https://blog.example/") for name in names))

    assert kept == Kept(new=3)
    assert titles() == ["Title one", "Title three", "Title two"]


def test_the_number_of_statements_does_not_grow_with_the_number_of_entries(keep, store):
    statements = []
    sa.event.listen(store._engine, "before_cursor_execute", lambda *of: statements.append(of[2]))
    counts = []
    keep(entry("first", published=NOW))
    for number in (2, 200):
        many = [entry(f"{number} {n}", published=NOW) for n in range(number)]
        for edition in (many, [replace(one, content="edited") for one in many]):
            before = len(statements)
            keep(*edition)
            counts.append(len(statements) - before)

    assert counts[:2] == counts[2:]


def test_the_first_poll_takes_nothing_by_default_but_remembers_what_was_there(keep, titles):
    first = keep(entry("one"), entry("two"), backfill=NOTHING)

    second = keep(entry("new"), entry("one"), entry("two"))

    assert first == Kept(backlog=2)
    assert second == Kept(new=1, known=2)
    assert titles() == ["Title new"]


def test_a_backfill_takes_the_newest_by_their_dates_and_not_by_their_place(keep, titles):
    dated = [entry(str(day), published=datetime(2026, 11, day, tzinfo=UTC)) for day in (3, 9, 1, 7)]

    keep(*dated, entry("undated"), backfill=Backfill(newest=2))

    assert titles() == ["Title 7", "Title 9"]


def test_a_backfill_since_a_date_takes_what_is_dated_then_or_later(keep, titles):
    dated = [entry(str(day), published=datetime(2026, 11, day, tzinfo=UTC)) for day in (3, 9)]

    keep(*dated, entry("undated"), backfill=Backfill(since=datetime(2026, 11, 9, tzinfo=UTC)))

    assert titles() == ["Title 9"]


def test_a_post_dated_in_the_future_is_news_even_on_first_contact(keep, titles):
    coming = entry("coming", published=NOW + timedelta(days=1))

    keep(coming, entry("old"), backfill=NOTHING)

    assert titles() == ["Title coming"]
