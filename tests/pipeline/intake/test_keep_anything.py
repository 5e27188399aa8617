"""Whatever a feed does from poll to poll: nothing that was used is news again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch import ids
from dispatch.model.intake.canonical import canonical
from dispatch.model.intake.feed import Entry
from dispatch.pipeline.intake.keep import Kept, keep_entries
from dispatch.store.database.schema import edition_posts, editions, posts, revisions
from dispatch.store.transactions import Store

START = datetime(2026, 11, 24, 8, tzinfo=UTC)
TITLES = ["Weekly update", "How we moved to Postgres", "How we moved to Postgres, at last", "🎉"]


@st.composite
def versions(draw: st.DrawFn, story: int) -> Entry:
    """A story as the feed may give it: two guids, two links, written in several ways."""
    guid = draw(st.sampled_from([f"{story}-a", f"{story}-b", ""]))
    place = draw(st.sampled_from([f"/{story}/a", f"/{story}/b", ""]))
    written = draw(
        st.sampled_from(
            ["https://x.example{}", "http://www.X.example{}/", "https://x.example{}?utm_id=1"]
        )
    )
    if not place and not guid:
        guid = f"{story}-a"
    return Entry(
        guid=guid,
        link=written.format(place) if place else "",
        title=draw(st.sampled_from([f"Story {story}", *TITLES])),
        position=0,
        content=draw(st.sampled_from(["", "Text.", "words " * 60])),
        published=draw(st.sampled_from([None, *(START + timedelta(days=n) for n in (-9, 0, 9))])),
    )


DOCUMENTS = st.lists(st.integers(0, 4), unique=True, max_size=5).flatmap(
    lambda stories: st.tuples(*map(versions, stories))
)


@pytest.fixture(scope="module")
def kept(migrated_sqlite) -> Iterator[Store]:
    """A store that is thrown away, for all examples: each has a feed of its own."""
    opened = Store(f"sqlite:///{migrated_sqlite}")
    yield opened.rehearsal()
    opened.close()


@settings(max_examples=150)
@given(polls=st.lists(st.tuples(DOCUMENTS, st.booleans()), max_size=6))
def test_a_used_story_is_never_news_again_under_a_guid_or_link_it_had(kept, polls):
    feed = ids.new()
    seen: set[str] = set()
    for number, (document, is_used) in enumerate(polls):
        before = {post_id for post_id, _, _ in usable(kept, feed)}
        poll(kept, feed, document, number)
        for post_id, guid, link in usable(kept, feed):
            assert post_id in before or seen.isdisjoint({guid, link} - {""})
        seen |= {name for one in document for name in (one.guid, canonical(one.link)) if name}
        if is_used:
            use_all(kept, feed)
            assert usable(kept, feed) == set()


@settings(max_examples=100)
@given(polls=st.lists(DOCUMENTS, min_size=1, max_size=4))
def test_the_same_document_again_changes_nothing(kept, polls):
    """Where guids went from one story to another, it may take a second time to tell which is which.

    Nothing is new by that.
    """
    feed = ids.new()
    for number, document in enumerate(polls):
        poll(kept, feed, document, number)

        again = poll(kept, feed, document, number)
        rows = everything(kept, feed)
        once_more = poll(kept, feed, document, number)

        assert again.new == 0
        assert once_more == Kept(known=len(document))
        assert everything(kept, feed) == rows


def poll(store, feed, document, number):
    with store.begin() as tx:
        now = START + timedelta(hours=number)
        return keep_entries(feed, document, backfill=None, tx=tx, now=now)


def usable(store, feed):
    """Id, guid and canonical link of the posts that an edition could have."""
    with store.read() as tx:
        free = tx.posts.unused(feed, [feed])
    return {(one.id, one.guid, canonical(one.link)) for one in free if one.is_usable}


def use_all(store, feed):
    """Put all that is usable into an edition; each feed has a campaign of its name."""
    edition = ids.new()
    with store.begin() as tx:
        made = {"id": edition, "campaign": feed, "state": "finished", "created_at": START}
        tx._connection.execute(editions.insert().values(made))
        for place, (post_id, _, _) in enumerate(usable(store, feed)):
            row = {"edition_id": edition, "post_id": post_id, "position": place}
            tx._connection.execute(edition_posts.insert().values(row))


def everything(store, feed):
    """All that is kept of a feed's posts."""
    query = sa.select(posts, sa.func.count(revisions.c.revision)).outerjoin(revisions)
    with store.read() as tx:
        rows = tx._connection.execute(query.where(posts.c.feed == feed).group_by(posts.c.id))
        return sorted(map(tuple, rows))
