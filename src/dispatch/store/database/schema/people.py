"""Subscribers, what they consented to, how often they read, and who has left."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
    count,
    flag,
    metadata,
    moment,
    only_where,
    ref,
    text,
)

subscribers = sa.Table(
    "subscribers",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("email"),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    text("name"),
    text("locale"),
    text("timezone"),
    sa.Column("topics", sa.JSON, nullable=False),
    text("cadence"),
    flag("cadence_own"),  # they chose it themselves: no file changes it
    flag("profile_own"),  # so they did with name, language, time zone and topics
    moment("cadence_since", nullable=True),  # empty: it has always been so
    sa.Column("fields", sa.JSON, nullable=False),
    text("public_id"),  # in links: random, so that it is nobody else's in another database
    count("link_version"),  # in links to what they may choose: those of earlier ones are over
    moment("erased_at", nullable=True),  # then nothing is left of them but their numbers
    sa.Index("ix_subscribers_public_id", "public_id", unique=True),
    sa.Index(
        "ix_subscribers_cadence_since",
        "cadence_since",
        info=only_where("cadence_since IS NOT NULL"),
    ),
)

subscriptions = sa.Table(
    "subscriptions",
    metadata,
    ref("subscriber_id", "subscribers.id", primary_key=True),
    sa.Column("audience", sa.Text, primary_key=True),
    text("state"),
    moment("since"),
    moment("paused_until", nullable=True),  # while it is paused
    sa.Index(
        "ix_subscriptions_paused_until",
        "paused_until",
        info=only_where("paused_until IS NOT NULL"),
    ),
    # Who came last, of an audience or of those who left it.
    sa.Index("ix_subscriptions_standing", "audience", "state", "subscriber_id"),
)

# Only ever added to, as triggers see to: what somebody agreed to, or took back, on what ground.
# Nothing in it says who they are: that is in `traces`, and in their own row.
consents = sa.Table(
    "consents",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    ref("subscriber_id", "subscribers.id", nullable=False, index=True),
    text("audience"),
    text("state"),
    text("source"),
    moment("given_at", nullable=True),
    moment("recorded_at"),
    text("form"),  # by which they said it
    text("page"),  # where that form stood
    text("wording"),  # what they agreed to: its id
    text("confirmed"),  # how we know that it was they
)

# What is personal about a word of consent; erasing somebody empties it.
traces = sa.Table(
    "traces",
    metadata,
    ref("consent_id", "consents.id", primary_key=True),
    text("email"),  # as it was then
    text("network"),  # where they were, cut short; only where the workspace keeps it
    text("note"),  # what somebody wrote beside it
)

# Texts that people agreed to, by a hash of them.
wordings = sa.Table(
    "wordings",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    text("text"),
    moment("since"),
)

# Who was erased, when and on whose word: the number names nobody.
erasures = sa.Table(
    "erasures",
    metadata,
    sa.Column("number", sa.Text, primary_key=True),
    moment("at"),
    text("source"),
    count("fields"),
    count("subscriptions"),
    count("deliveries"),
)

# Why people left, without them; empty where their audience alone is known.
reasons = sa.Table(
    "reasons",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("audience"),
    text("edition_id", index=True),
    text("reason"),
    text("remark"),
    moment("at"),
)

suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("email_key", sa.Text, primary_key=True),
    text("email"),
    text("reason"),
    moment("since"),
    text("source"),  # who said so: a person, a file, a provider
    sa.Index("ix_suppressions_since", "since", "email_key"),
)

# Domains to which nothing goes, as addresses there end: '@example.org', or '.example.org' for all
# that are below it.
suppressed_domains = sa.Table(
    "suppressed_domains",
    metadata,
    sa.Column("domain", sa.Text, primary_key=True),
    text("reason"),
    moment("since"),
    text("source"),
)

# Only ever added to: suppressions that came and went, and who asked for theirs to be lifted.
suppression_words = sa.Table(
    "suppression_words",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("target", index=True),  # an email key, a domain after an @, or once erased a mark
    text("what"),
    text("reason"),
    text("source"),
    text("note"),
    moment("at"),
)

# What the readers of a family could choose from, from when on; the last row is what holds.
offers = sa.Table(
    "offers",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("family", index=True),
    text("standard"),  # what those get who chose nothing that is offered
    sa.Column("offered", sa.JSON, nullable=False),
    moment("since"),
)

choices = sa.Table(
    "choices",
    metadata,
    ref("run_id", "runs.id", primary_key=True),
    ref("post_id", "posts.id", primary_key=True, index=True),
    flag("included"),
    text("reason"),
)

# Who has left or is suppressed, as in the file beside the database: also people who are not in
# this database, or not yet.
endings = sa.Table(
    "endings",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    text("what"),
    moment("at"),
)

# How much of each such file has been taken in; and the age of the database when each workspace last
# had it grow (identities.py).
endings_files = sa.Table(
    "endings_files",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("taken_in", sa.BigInteger, nullable=False),
)
