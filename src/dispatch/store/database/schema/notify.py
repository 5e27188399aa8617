"""Whom programs elsewhere are told by, and what they are told: written with what it tells of."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
    count,
    metadata,
    moment,
    only_where,
    text,
)

# What `notify:` said when it was last read, and how it goes with each.
receivers = sa.Table(
    "receivers",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("events", sa.JSON, nullable=False),
    text("address"),
    text("state"),  # on, off (it said that it is gone, or failed for days), removed
    text("reason"),
    moment("changed_at"),
    moment("failing_since", nullable=True),
    moment("answered_at", nullable=True),  # when it last took one
)

# Byte by byte, so that all names that begin alike stand together: a language may pass over the
# stops between their parts.
_NAME = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

# One row for each receiver of each event.
notifications = sa.Table(
    "notifications",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("event", _NAME, nullable=False, server_default=""),  # the same at each attempt
    text("receiver"),
    text("type"),
    text("body"),  # the very bytes that are signed
    text("state"),
    moment("made_at"),
    moment("due"),
    count("attempt"),
    moment("lease_until", nullable=True),
    moment("delivered_at", nullable=True),
    count("status"),  # of the last answer; 0: none
    text("reason"),
    sa.UniqueConstraint("receiver", "event"),
    sa.Index("ix_notifications_waiting", "receiver", "due", info=only_where("state = 'waiting'")),
    sa.Index("ix_notifications_failed", "receiver", "id", info=only_where("state = 'failed'")),
    sa.Index("ix_notifications_receiver", "receiver", "id"),
    sa.Index("ix_notifications_kept", "state", "made_at"),
)
