"""Feeds, what came from them, and what hubs are asked for."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
    count,
    flag,
    metadata,
    moment,
    only_where,
    ref,
    span,
    text,
)

feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    text("url"),  # as configured; a change of it starts the feed's HTTP memory anew
    text("moved_to"),
    text("title"),
    text("link"),
    text("etag"),
    text("last_modified"),
    moment("polled_at", nullable=True),
    moment("succeeded_at", nullable=True),
    moment("next_poll_at", nullable=True),
    count("failures"),
    text("problem"),
    flag("gone"),
    text("body_hash"),  # of the last body that was read
    span("every"),  # how long the feed itself asks to be left alone
    span("usual_gap"),  # between its posts
    span("longest_gap"),
    moment("last_post_at", nullable=True),
    text("next_poll_why"),
    text("hub"),  # where the feed says that its news can be asked for (WebSub)
    text("topic"),  # and what that hub calls the feed
)

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("feed"),
    text("identity"),  # guid, else link, else title
    text("guid"),
    text("link"),
    text("title"),
    text("summary"),
    text("content"),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    text("image_url"),
    text("image_alt"),
    text("language"),
    moment("published", nullable=True),
    moment("updated", nullable=True),
    moment("first_seen"),
    flag("backlog"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    text("comments_link"),
    text("licence_link"),
    text("rights"),
    text("link_key"),  # equal for links to the same page
    flag("link_shared"),  # the feed gives it to several stories, so that it is no name of one
    text("title_key"),  # the words of the title
    text("text_key"),  # a fingerprint of what it says, or empty
    moment("held_since", nullable=True),  # looks like one that was used: a person decides
    text("held_reason"),
    text("decision"),
    text("decided_by"),
    moment("decided_at", nullable=True),
    text("full_text"),  # what its own page said when it was new, where the feed said less
    text("page_image"),
    sa.Column("held_like", sa.BigInteger, nullable=True),  # the post that a held one looks like
    sa.UniqueConstraint("feed", "identity"),
    sa.Index(None, "feed", "link_key"),
    sa.Index(None, "feed", "title_key"),
    sa.Index(None, "feed", "text_key"),
    sa.Index(None, "feed", "published"),
    sa.Index(None, "feed", "first_seen"),
    sa.Index(
        "ix_posts_held",
        "held_since",
        info=only_where("held_since IS NOT NULL"),
    ),
    # All that tells whether a post waits for an edition: its texts, which are large, are not read.
    sa.Index(
        "ix_posts_met",
        *("first_seen", "id", "feed", "published", "backlog", "held_since", "decision"),
    ),
)

# Other guids and links that a post goes by: a feed may bring it back under any of them.
aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("feed", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    ref("post_id", "posts.id", nullable=False),
)

revisions = sa.Table(
    "revisions",
    metadata,
    ref("post_id", "posts.id", primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    moment("replaced_at"),
    text("title"),
    text("summary"),
    text("content"),
)

# Since when a campaign follows a feed: older posts are not news to its readers.
follows = sa.Table(
    "follows",
    metadata,
    sa.Column("campaign", sa.Text, primary_key=True),
    sa.Column("feed", sa.Text, primary_key=True),
    moment("since"),
)

# How often the posts of a feed were added to, or changed so that a campaign may use others. Not the
# highest id: ids are given out before they are committed, so that a lower one may come later.
news = sa.Table(
    "news",
    metadata,
    sa.Column("feed", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)

# A subscription at a hub (WebSub). Nothing secret: addresses and keys are made from the secret key.
websub_subscriptions = sa.Table(
    "pushes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # made from feed, hub and topic
    text("feed", index=True),
    text("hub"),
    text("topic"),
    text("callback"),  # the fingerprint of our address
    text("wish"),
    flag("pending"),  # asked, and the hub has not asked back
    moment("lease_until", nullable=True),
    moment("next_at"),
    count("failures"),
    text("problem"),
    moment("heard_at", nullable=True),
    moment("unsettled_until", nullable=True),  # polls that ended before may have begun too early
    moment("ignored_at", nullable=True),  # a notification that was not signed as it should be
    count("missed"),  # polls with new posts of which the hub had said nothing
)
