"""What a feed says about a post is kept with it."""

from datetime import UTC, datetime

from dispatch.model.intake.feed import EVERYTHING, Entry
from dispatch.pipeline.intake.keep import keep_entries

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
ENTRY = Entry(
    guid="1",
    link="https://blog.example.org/1",
    title="One",
    position=0,
    language="fr",
    comments_link="https://blog.example.org/1#comments",
    licence_link="https://creativecommons.org/licenses/by/4.0/",
    rights="© Ada",
)


def test_licence_rights_and_comments_come_back_as_they_were(store):
    with store.begin() as tx:
        keep_entries("blog", [ENTRY], backfill=EVERYTHING, tx=tx, now=NOW)

    with store.read() as tx:
        [post] = tx.posts.latest()
    assert (post.language, post.rights) == ("fr", ENTRY.rights)
    assert (post.comments_link, post.licence_link) == (ENTRY.comments_link, ENTRY.licence_link)
