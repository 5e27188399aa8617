"""All tables on one page, the same on SQLite and PostgreSQL."""

from datetime import UTC, datetime, timedelta
from typing import Any

import sqlalchemy as sa


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """An aware moment. SQLite keeps no zone, so it is written there as UTC without one."""

    impl = sa.DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        if value is None:
            return None
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(
        self,
        value: datetime | None,
        dialect: sa.Dialect,  # noqa: ARG002 - the base class says so
    ) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Span(sa.types.TypeDecorator[timedelta]):
    """A time span, in whole seconds."""

    impl = sa.BigInteger
    cache_ok = True

    def process_bind_param(
        self,
        value: timedelta | None,
        dialect: sa.Dialect,  # noqa: ARG002 - the base class says so
    ) -> int | None:
        return None if value is None else round(value.total_seconds())

    def process_result_value(
        self,
        value: int | None,
        dialect: sa.Dialect,  # noqa: ARG002 - the base class says so
    ) -> timedelta | None:
        return None if value is None else timedelta(seconds=value)


NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}
metadata = sa.MetaData(naming_convention=NAMES)

# SQLite numbers rows by itself only where the key is called INTEGER.
BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _text(name: str, **options: Any) -> sa.Column[str]:
    return sa.Column(name, sa.Text, nullable=False, server_default="", **options)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, UtcDateTime, nullable=nullable)


def _span(name: str) -> sa.Column[timedelta]:
    return sa.Column(name, Span, nullable=True)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean, nullable=False, server_default=sa.false())


def _ref(name: str, target: str, **options: Any) -> sa.Column[Any]:
    return sa.Column(name, sa.ForeignKey(target), **options)


feeds = sa.Table(
    "feeds",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    _text("url"),  # as configured; a change of it starts the feed's HTTP memory anew
    _text("moved_to"),
    _text("title"),
    _text("link"),
    _text("etag"),
    _text("last_modified"),
    _moment("polled_at", nullable=True),
    _moment("succeeded_at", nullable=True),
    _moment("next_poll_at", nullable=True),
    _count("failures"),
    _text("problem"),
    _flag("gone"),
    _text("body_hash"),  # of the last body that was read
    _span("every"),  # how long the feed itself asks to be left alone
    _span("usual_gap"),  # between its posts
    _span("longest_gap"),
    _moment("last_post_at", nullable=True),
    _text("next_poll_why"),
    _text("hub"),  # where the feed says that its news can be asked for (WebSub)
    _text("topic"),  # and what that hub calls the feed
)

posts = sa.Table(
    "posts",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _text("feed"),
    _text("identity"),  # guid, else link, else title
    _text("guid"),
    _text("link"),
    _text("title"),
    _text("summary"),
    _text("content"),
    sa.Column("authors", sa.JSON, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    _text("image_url"),
    _text("image_alt"),
    _text("language"),
    _moment("published", nullable=True),
    _moment("updated", nullable=True),
    _moment("first_seen"),
    _flag("backlog"),
    sa.Column("revision", sa.Integer, nullable=False, server_default="1"),
    _text("comments_link"),
    _text("licence_link"),
    _text("rights"),
    _text("link_key"),  # equal for links to the same page
    _flag("link_shared"),  # the feed gives it to several stories, so that it is no name of one
    _text("title_key"),  # the words of the title
    _text("text_key"),  # a fingerprint of what it says, or empty
    _moment("held_since", nullable=True),  # looks like one that was used: a person decides
    _text("held_reason"),
    _text("decision"),
    _text("decided_by"),
    _moment("decided_at", nullable=True),
    _text("full_text"),  # what its own page said when it was new, where the feed said less
    _text("page_image"),
    sa.UniqueConstraint("feed", "identity"),
    sa.Index(None, "feed", "link_key"),
    sa.Index(None, "feed", "title_key"),
    sa.Index(None, "feed", "text_key"),
    sa.Index(None, "feed", "published"),
    sa.Index(
        "ix_posts_held",
        "held_since",
        sqlite_where=sa.text("held_since IS NOT NULL"),
        postgresql_where=sa.text("held_since IS NOT NULL"),
    ),
)

# Other guids and links that a post goes by: a feed may bring it back under any of them.
aliases = sa.Table(
    "aliases",
    metadata,
    sa.Column("feed", sa.Text, primary_key=True),
    sa.Column("name", sa.Text, primary_key=True),
    _ref("post_id", "posts.id", nullable=False),
)

revisions = sa.Table(
    "revisions",
    metadata,
    _ref("post_id", "posts.id", primary_key=True),
    sa.Column("revision", sa.Integer, primary_key=True),
    _moment("replaced_at"),
    _text("title"),
    _text("summary"),
    _text("content"),
)

subscribers = sa.Table(
    "subscribers",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _text("email"),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    _text("name"),
    _text("locale"),
    _text("timezone"),
    sa.Column("topics", sa.JSON, nullable=False),
    _text("cadence"),
    _flag("cadence_own"),  # they chose it themselves: no file changes it
    _moment("cadence_since", nullable=True),  # empty: it has always been so
    sa.Column("fields", sa.JSON, nullable=False),
    _text("public_id"),  # in links: random, so that it is nobody else's in another database
    sa.Index("ix_subscribers_public_id", "public_id", unique=True),
    sa.Index(
        "ix_subscribers_cadence_since",
        "cadence_since",
        sqlite_where=sa.text("cadence_since IS NOT NULL"),
        postgresql_where=sa.text("cadence_since IS NOT NULL"),
    ),
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    _ref("subscriber_id", "subscribers.id", primary_key=True),
    sa.Column("audience", sa.Text, primary_key=True),
    _text("state"),
    _moment("since"),
)

# Only ever added to: what somebody agreed to, or took back, and on what ground.
consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _ref("subscriber_id", "subscribers.id", nullable=False, index=True),
    _text("audience"),
    _text("state"),
    _text("source"),
    _moment("given_at", nullable=True),
    _moment("recorded_at"),
)

suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("email_key", sa.Text, primary_key=True),
    _text("email"),
    _text("reason"),
    _moment("since"),
)

# Since when a campaign follows a feed: older posts are not news to its readers.
follows = sa.Table(
    "follows",
    metadata,
    sa.Column("campaign", sa.Text, primary_key=True),
    sa.Column("feed", sa.Text, primary_key=True),
    _moment("since"),
)

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("number", BIG_ID, primary_key=True),  # small, for the keys of its deliveries
    sa.Column("id", sa.Text, nullable=False, unique=True),
    _text("campaign", index=True),
    _text("family", index=True),
    _text("slot"),
    _text("audience"),
    _text("state", index=True),
    _text("content"),  # canonical JSON: the very bytes that the fingerprint is of
    _text("approved_fingerprint"),
    _text("approved_by"),
    _moment("approved_at", nullable=True),
    _moment("goes_out", nullable=True),  # not before, once it is approved
    _text("reason"),
    _text("ended_by"),  # who rejected or cancelled it
    _text("review"),  # JSON: who may approve it, as the campaign said when it was made
    _moment("deadline", nullable=True),
    _text("author"),  # who edited it last
    _text("note"),  # the changes that somebody asked for, until it is approved
    _moment("created_at"),
    _moment("addressed_at", nullable=True),
    _moment("finished_at", nullable=True),
    # JSON, state to how many deliveries: of a finished one in which no answer is lost, so that
    # none of them can change any more. Else empty: they are counted when somebody asks.
    _text("totals"),
    _count("addressed"),  # the size of the frozen audience, snippets included
    _count("answered"),  # since it was addressed or resumed, for the breaker
    _count("refused"),
)

edition_posts = sa.Table(
    "edition_posts",
    metadata,
    _ref("edition_id", "editions.id", primary_key=True),
    _ref("post_id", "posts.id", primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _text("campaign"),
    _text("slot"),
    _flag("manual"),  # started by a person, not by the schedule
    _moment("moment"),
    _moment("started_at"),
    _text("skipped"),  # why it made no edition, or empty
    # JSON, why to how many: posts that it looked at and that no run will ever use.
    _text("never_used"),
    _ref("edition_id", "editions.id", nullable=True, index=True),
    sa.UniqueConstraint("campaign", "slot"),
    sa.Index(None, "campaign", "moment"),
)

# What each reviewer is told about an edition: written with what it tells of, sent at a tick.
review_mails = sa.Table(
    "notices",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _ref("edition_id", "editions.id", nullable=False, index=True),
    _text("about"),
    _text("address"),
    _text("fingerprint"),  # of the edition as it was
    _text("said"),  # what was requested, or decided
    _text("state"),
    _moment("made_at"),
    _moment("due"),
    _count("attempt"),
    _moment("lease_until", nullable=True),
    _moment("accepted_at", nullable=True),
    _text("reason"),  # why it was not accepted so far
    sa.Index(
        "ix_notices_waiting",
        "due",
        sqlite_where=sa.text("state = 'waiting'"),
        postgresql_where=sa.text("state = 'waiting'"),
    ),
)

# How often the posts of a feed were added to, or changed so that a campaign may use others. Not the
# highest id: ids are given out before they are committed, so that a lower one may come later.
news = sa.Table(
    "news",
    metadata,
    sa.Column("feed", sa.Text, primary_key=True),
    sa.Column("number", sa.BigInteger, nullable=False),
)

# Since when a campaign has its present schedule: earlier slots were never promised.
schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("campaign", sa.Text, primary_key=True),
    _text("words"),
    _moment("since"),
)

# What the readers of a family could choose from, from when on; the last row is what holds.
offers = sa.Table(
    "offers",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _text("family", index=True),
    _text("standard"),  # what those get who chose nothing that is offered
    sa.Column("offered", sa.JSON, nullable=False),
    _moment("since"),
)

choices = sa.Table(
    "choices",
    metadata,
    _ref("run_id", "runs.id", primary_key=True),
    _ref("post_id", "posts.id", primary_key=True),
    _flag("included"),
    _text("reason"),
)

# What people did to a run's choices: they stand beside the reasons and replace none.
choice_edits = sa.Table(
    "choice_edits",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _ref("run_id", "runs.id", nullable=False, index=True),
    _ref("post_id", "posts.id", nullable=False),
    _text("what"),
    _text("by"),
    _moment("at"),
)

# Keys are the edition's number and a position in it (delivery/row_keys.py), so that an edition
# and a batch are ranges of keys. No column that changes is in an index: a change rewrites one row
# and no tree. Where a position is no reader's id, `reader` keeps anybody from being in an edition
# twice.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True, autoincrement=False),
    _text("channel"),  # planned, and once handed over the one that did
    _text("recipient"),
    _text("part"),
    sa.Column("subscriber_id", sa.BigInteger, nullable=True),
    _text("state"),
    _count("attempt"),
    _count("fence"),  # that of the batch when it was handed over
    _moment("due", nullable=True),  # empty: at once
    _moment("repeats_until", nullable=True),  # after a lost answer: how long repeats are dropped
    _text("reason"),
    _text("provider_id"),
    _moment("changed_at"),  # while sending: when it was handed over
    sa.Column("reader", sa.BigInteger, nullable=True),  # edition and subscriber, as in store/keys
    sa.Index(
        "ix_deliveries_reader",
        "reader",
        unique=True,
        sqlite_where=sa.text("reader IS NOT NULL"),
        postgresql_where=sa.text("reader IS NOT NULL"),
    ),
    postgresql_with={"fillfactor": "70"},
)

# A stretch of an edition's deliveries that one worker takes at a time.
batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    _ref("edition_id", "editions.id", nullable=False),
    _text("channel"),  # planned
    _text("via"),  # the one its holder uses
    _text("timezone"),  # of its readers, where each gets it by their own clocks
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    _moment("due"),
    _count("fence"),
    _moment("lease_until", nullable=True),
    _count("connections"),  # how many of the channel's its holder may open
    _moment("finished_at", nullable=True),
    sa.Index(
        "ix_batches_open",
        "edition_id",
        "id",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    ),
    postgresql_with={"fillfactor": "70"},
)

# What all workers together may still send over a channel; `domain` is empty for all of it.
paces = sa.Table(
    "paces",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("domain", sa.Text, primary_key=True),
    _moment("next_at", nullable=True),  # when the next one is due at an even pace
    sa.Column("first_day", sa.Date, nullable=True),
    sa.Column("day", sa.Date, nullable=True),
    _count("used"),  # on that day
)

# A channel that is not used for a while: its provider asked for patience, or refused our account.
stops = sa.Table(
    "stops",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    _moment("until", nullable=True),  # empty: until a person acts
    _text("reason"),
    _count("failures"),
    _flag("down"),  # it cannot be used at all; other channels may step in
)

# A subscription at a hub (WebSub). Nothing secret: addresses and keys are made from the secret key.
websub_subscriptions = sa.Table(
    "pushes",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),  # made from feed, hub and topic
    _text("feed", index=True),
    _text("hub"),
    _text("topic"),
    _text("callback"),  # the fingerprint of our address
    _text("wish"),
    _flag("pending"),  # asked, and the hub has not asked back
    _moment("lease_until", nullable=True),
    _moment("next_at"),
    _count("failures"),
    _text("problem"),
    _moment("heard_at", nullable=True),
    _moment("unsettled_until", nullable=True),  # polls that ended before may have begun too early
    _moment("ignored_at", nullable=True),  # a notification that was not signed as it should be
    _count("missed"),  # polls with new posts of which the hub had said nothing
)

# Which database this is: one row, by which a workspace knows it again.
identity = sa.Table(
    "identity",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("age", sa.BigInteger, nullable=False, server_default="0"),
    _moment("made_at"),
    _moment("copied_at", nullable=True),  # in a copy of the database: when it was made
    _moment("doubtful_since", nullable=True),
    sa.Column("old_links", sa.BigInteger, nullable=False, server_default="0"),
)

# Who has left or is suppressed, as in the file beside the database: also people who are not in
# this database, or not yet.
endings = sa.Table(
    "endings",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    _text("what"),
    _moment("at"),
)

# How much of each such file has been taken in; and the age of the database when each workspace last
# had it grow (identities.py).
endings_files = sa.Table(
    "endings_files",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("taken_in", sa.BigInteger, nullable=False),
)
