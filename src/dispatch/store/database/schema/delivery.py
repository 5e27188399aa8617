"""Who gets what, and how far that has come."""

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

# Keys are the edition's number and a position in it (delivery/row_keys.py), so that an edition
# and a batch are ranges of keys. No column that changes is in an index: a change rewrites one row
# and no tree. Where a position is no reader's id, `reader` keeps anybody from being in an edition
# twice.
deliveries = sa.Table(
    "deliveries",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True, autoincrement=False),
    text("channel"),  # planned, and once handed over the one that did
    text("recipient"),
    text("part"),
    sa.Column("subscriber_id", sa.BigInteger, nullable=True),
    text("state"),
    count("attempt"),
    count("fence"),  # that of the batch when it was handed over
    moment("due", nullable=True),  # empty: at once
    moment("repeats_until", nullable=True),  # after a lost answer: how long repeats are dropped
    text("reason"),
    text("provider_id"),
    moment("changed_at"),  # while sending: when it was handed over
    sa.Column("reader", sa.BigInteger, nullable=True),  # edition and subscriber, as in store/keys
    sa.Index(
        "ix_deliveries_reader",
        "reader",
        unique=True,
        info=only_where("reader IS NOT NULL"),
    ),
)

# A stretch of an edition's deliveries that one worker takes at a time.
batches = sa.Table(
    "batches",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    ref("edition_id", "editions.id", nullable=False, index=True),
    text("channel"),  # planned
    text("via"),  # the one its holder uses
    text("timezone"),  # of its readers, where each gets it by their own clocks
    sa.Column("first", sa.BigInteger, nullable=False),
    sa.Column("last", sa.BigInteger, nullable=False),
    moment("due"),
    count("fence"),
    moment("lease_until", nullable=True),
    count("connections"),  # how many of the channel's its holder may open
    moment("finished_at", nullable=True),
    # Of its deliveries by channel and state, and why those went wrong that did: as of when it was
    # last put back. Empty: they are counted when somebody asks.
    sa.Column("counts", sa.JSON, nullable=True),
    sa.Column("reasons", sa.JSON, nullable=True),
    # What of it may be going out without its rows saying so after a power cut, as stretches of
    # keys, and which start of the machine or of the server that holds for. Empty: nothing.
    sa.Column("reserved", sa.JSON, nullable=True),
    sa.Index(
        "ix_batches_open",
        "edition_id",
        "id",
        info=only_where("finished_at IS NULL"),
    ),
)

# Which start of PostgreSQL it is, as one row: a crash empties the table, as it is UNLOGGED there.
boots = sa.Table(
    "boots",
    metadata,
    sa.Column("id", sa.SmallInteger, primary_key=True, autoincrement=False),  # 1
    text("name"),
)

# What all workers together may still send over a channel; `domain` is empty for all of it.
paces = sa.Table(
    "paces",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("domain", sa.Text, primary_key=True),
    moment("next_at", nullable=True),  # when the next one is due at an even pace
    sa.Column("first_day", sa.Date, nullable=True),
    sa.Column("day", sa.Date, nullable=True),
    count("used"),  # on that day
)

# A channel that is not used for a while: its provider asked for patience, or refused our account.
stops = sa.Table(
    "stops",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    moment("until", nullable=True),  # empty: until a person acts
    text("reason"),
    count("failures"),
    flag("down"),  # it cannot be used at all; other channels may step in
)
