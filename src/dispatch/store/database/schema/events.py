"""What came back after a message was accepted, by which way, and what the doctor found."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
    count,
    flag,
    metadata,
    moment,
    only_where,
    text,
)

# What providers told after they took a message, each event once. `delivery_id` is empty where it is
# of no delivery of ours; rows are found by it, or by the address where there is none.
events = sa.Table(
    "events",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("channel"),
    text("event_id"),  # the provider's, or a digest of what it told
    text("kind"),
    flag("permanent"),
    moment("at"),  # when it happened, as the provider says
    moment("received_at"),
    sa.Column("delivery_id", sa.BigInteger, nullable=True),
    text("recipient"),
    text("email_key"),  # only where there is no delivery
    text("provider_id"),
    text("said"),
    text("reason"),
    text("url"),
    sa.Index("ix_events_event", "channel", "event_id", unique=True),
    sa.Index("ix_events_delivery", "delivery_id", info=only_where("delivery_id IS NOT NULL")),
    sa.Index("ix_events_email_key", "email_key", info=only_where("email_key != ''")),
)

# Of each delivery the event that says most (model/delivery/event.py). The index is of those that
# are looked for, which are few.
came_later = sa.Table(
    "came_later",
    metadata,
    sa.Column("delivery_id", BIG_ID, primary_key=True, autoincrement=False),
    text("state"),
    text("channel"),
    moment("at"),
    text("reason"),
    sa.Index(
        "ix_came_later_state",
        "state",
        "delivery_id",
        info=only_where("state IN ('bounced', 'bounced softly', 'complained', 'dropped')"),
    ),
)

# How many deliveries of an edition are in each of those states, so that nobody counts a million.
later_counts = sa.Table(
    "later_counts",
    metadata,
    sa.Column("number", sa.BigInteger, primary_key=True),  # of the edition
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, primary_key=True),
    count("deliveries"),
)

# What has come to a channel's hook, or by its mailbox.
hooks = sa.Table(
    "hooks",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    moment("last_at", nullable=True),  # when the last event came
    count("events"),
    count("strangers"),  # of them of no delivery of ours
    count("turned_away"),  # calls that were not signed as they should be
    moment("turned_away_at", nullable=True),
    text("turned_away_for"),
)

# How far a mailbox of bounces has been read.
mailboxes = sa.Table(
    "mailboxes",
    metadata,
    sa.Column("place", sa.Text, primary_key=True),
    sa.Column("validity", sa.BigInteger, nullable=False, server_default="0"),  # IMAP: UIDVALIDITY
    sa.Column("last", sa.BigInteger, nullable=False, server_default="0"),  # IMAP: the last UID read
    moment("at", nullable=True),  # when it was last looked into
    moment("due", nullable=True),
    count("read"),
    count("understood"),
    text("problem"),  # empty where all was well
    sa.Column("detail", sa.JSON, nullable=False),
)

# What the doctor last found of each channel.
examinations = sa.Table(
    "examinations",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    moment("at"),
    text("by"),
    sa.Column("findings", sa.JSON, nullable=False),
)
