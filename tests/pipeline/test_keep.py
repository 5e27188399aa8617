"""Entry to Post."""

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from dispatch.model.feed import NOTHING, Backfill
from dispatch.pipeline.keep import Kept, keep_entries
from dispatch.store.schema import revisions
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
    kept = keep(entry("one"), entry("two", link="https://blog.example/one"))

    assert kept == Kept(new=1, known=1)
    assert titles() == ["Title one"]


def test_two_entries_of_one_link_do_not_revise_each_other_at_every_poll(keep):
    twins = (entry("one"), entry("two", link="https://blog.example/one"))
    keep(*twins)

    assert keep(*twins) == Kept(known=2)


def test_an_entry_without_guid_is_known_by_its_link_and_without_link_by_its_title(keep):
    bare = (entry("one", guid=""), entry("two", guid="", link=""))
    keep(*bare)

    assert keep(*bare) == Kept(known=2)


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
