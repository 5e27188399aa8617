"""Subscribers, what they consented to, how often they read, and who has left."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
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
    moment("cadence_since", nullable=True),  # empty: it has always been so
    sa.Column("fields", sa.JSON, nullable=False),
    text("public_id"),  # in links: random, so that it is nobody else's in another database
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
)

# Only ever added to: what somebody agreed to, or took back, and on what ground.
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
)

suppressions = sa.Table(
    "suppressions",
    metadata,
    sa.Column("email_key", sa.Text, primary_key=True),
    text("email"),
    text("reason"),
    moment("since"),
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
    ref("post_id", "posts.id", primary_key=True),
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
