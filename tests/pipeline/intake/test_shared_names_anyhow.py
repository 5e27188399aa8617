"""Whatever names stories share: none vanishes in another one, and none is used twice."""

from dataclasses import replace

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch import ids
from dispatch.pipeline.intake.keep import Kept, keep_entries
from dispatch.store.database.schema import edition_posts, editions, posts
from dispatch.store.transactions import Store
from shared_names_stage import DAY, HOME, NOW, story

GUIDS = st.sampled_from(["N/A", "", "1", "2"])
LINKS = st.sampled_from([HOME, "", f"{HOME}a", f"{HOME}b"])
DATES = st.sampled_from([None, NOW, NOW - 9 * DAY])
TEXTS = st.sampled_from(["", "Text.", "words " * 60])


@st.composite
def feeds(draw):
    """Stories of which each has a title of its own, and the other things by chance."""
    return [
        story(number, guid=draw(GUIDS), link=draw(LINKS), published=draw(DATES))
        for number in range(draw(st.integers(1, 4)))
    ]


@st.composite
def polled(draw):
    """A feed as several polls find it: cut, shuffled, with texts edited."""
    feed = draw(feeds())
    parts = st.lists(st.sampled_from(feed), unique_by=lambda one: one.title, max_size=4)
    return [
        [replace(one, content=draw(TEXTS) or one.content) for one in part]
        for part in draw(st.lists(parts, min_size=1, max_size=5))
    ]


@pytest.fixture(scope="module")
def kept(migrated_sqlite):
    """A store that is thrown away, for all examples: each has a feed of its own."""
    opened = Store(f"sqlite:///{migrated_sqlite}")
    yield opened.rehearsal()
    opened.close()


def keep(store, feed, document, number):
    with store.begin() as tx:
        return keep_entries(feed, document, backfill=None, tx=tx, now=NOW + number * DAY)


@settings(max_examples=150)
@given(document=feeds())
def test_every_story_of_a_first_document_is_a_post_or_held_whatever_it_shares(kept, document):
    feed = ids.new()

    came = keep(kept, feed, document, 0)

    assert came.new + came.held == len(document)
    assert keep(kept, feed, document, 1) == Kept(known=len(document))


@settings(max_examples=150)
@given(polls=polled())
def test_no_story_vanishes_in_an_edit_of_another_one_nor_is_used_twice(kept, polls):
    feed = ids.new()
    seen: set[str] = set()
    used: list[str] = []
    for number, document in enumerate(polls):
        keep(kept, feed, document, number)
        seen |= {one.title for one in document}
        used += use_all(kept, feed)

        assert keep(kept, feed, document, number) == Kept(known=len(document))

    assert len(used) == len(set(used))
    assert set(used) <= seen


def use_all(store, feed):
    """Put all that is usable into an edition; the titles in it."""
    edition = ids.new()
    with store.begin() as tx:
        free = [post for post in tx.posts.unused(feed, [feed]) if post.is_usable]
        made = {"id": edition, "campaign": feed, "state": "finished", "created_at": NOW}
        tx._connection.execute(editions.insert().values(made))
        for place, post in enumerate(free):
            row = {"edition_id": edition, "post_id": post.id, "position": place}
            tx._connection.execute(edition_posts.insert().values(row))
        count = sa.select(sa.func.count()).where(posts.c.feed == feed, posts.c.backlog)
        assert tx._connection.scalar(count) == 0
    return [post.title for post in free]
