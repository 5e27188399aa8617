"""News for campaigns that run on new posts: in which feeds, and which posts call for an edition."""

from collections.abc import Collection, Iterable, Mapping

import sqlalchemy as sa

from dispatch.model.intake.post import Decision
from dispatch.store.database.rows import insert
from dispatch.store.database.schema import (
    choices,
    edition_posts,
    editions,
    follows,
    news,
    posts,
    runs,
)

MOST_POSTS = 1000


class News:
    """A number for each feed, and what a campaign's runs have left."""

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def note(self, feeds: Iterable[str]) -> None:
        """Say that campaigns may use other posts of these feeds than before.

        To be said in the transaction that changes them; another one about the same feed waits for
        its end. So whoever reads the numbers, and then the posts, misses none for good.
        """
        statement = insert(self._connection, news)
        counted = statement.on_conflict_do_update(
            index_elements=[news.c.feed], set_={"number": news.c.number + 1}
        )
        for feed in sorted(feeds):  # in one order, so that two do not wait for each other
            self._connection.execute(counted.values(feed=feed, number=1))

    def numbers(self) -> Mapping[str, int]:
        """Feed name to a number that grows with each change; feeds without news are left out."""
        return dict(self._connection.execute(sa.select(news.c.feed, news.c.number)).all())

    def unanswered(self, campaign: str, feeds: Collection[str]) -> set[int]:
        """The posts of these feeds that no run of the campaign has chosen yet, by id.

        Nor has a person put them into an edition. Posts that are no news to the campaign are left
        out, and of very many the oldest; whether their story was told otherwise is not looked at.
        """
        included = (
            sa.select(choices.c.post_id)
            .join(runs, runs.c.id == choices.c.run_id)
            .where(runs.c.campaign == campaign, choices.c.included)
        )
        edited_in = (
            sa.select(edition_posts.c.post_id)
            .join(editions, editions.c.id == edition_posts.c.edition_id)
            .where(editions.c.campaign == campaign)
        )
        query = (
            sa.select(posts.c.id)
            .join(follows, sa.and_(follows.c.feed == posts.c.feed, follows.c.campaign == campaign))
            .where(
                posts.c.feed.in_(feeds),
                ~posts.c.backlog,
                posts.c.first_seen >= follows.c.since,
                posts.c.decision != Decision.DROPPED.value,
                posts.c.id.not_in(included),
                posts.c.id.not_in(edited_in),
            )
            .order_by(posts.c.id.desc())
            .limit(MOST_POSTS)
        )
        return set(self._connection.scalars(query))
