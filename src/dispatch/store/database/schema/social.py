"""What stands on networks by our doing, what gives us access to them, and what they cost."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
    count,
    metadata,
    moment,
    only_where,
    text,
)

# One row for each social delivery that was about to be handed over, written before it was.
published = sa.Table(
    "published",
    metadata,
    sa.Column("delivery_id", BIG_ID, primary_key=True, autoincrement=False),
    sa.Column("number", sa.BigInteger, nullable=False),  # of the edition
    text("channel"),
    text("account"),  # marks the account, whatever its channel is called
    text("told"),  # names the post or the edition that it tells
    text("state"),
    sa.Column("ids", sa.JSON, nullable=False),  # the service's names, of a thread in order
    text("address"),
    text("said"),
    sa.Column("parts", sa.Integer, nullable=False, server_default="1"),
    moment("at"),
    moment("changed", nullable=True),
    moment("looked", nullable=True),  # when we last looked there for our own text
    count("looks"),
    sa.Index("ix_published_number", "number"),
    sa.Index("ix_published_told", "account", "told"),
    sa.Index("ix_published_reserved", "at", info=only_where("state = 'reserved'")),
)

# Tokens that networks have given us, sealed under DISPATCH_TOKEN_KEY; the rest is for people.
tokens = sa.Table(
    "tokens",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    text("provider"),  # whose they are: a channel may lead elsewhere later
    text("sealed"),
    moment("ends", nullable=True),
    moment("refresh_ends", nullable=True),
    text("scopes"),
    text("by"),
    moment("at"),  # when a person has let us in
    moment("renewed", nullable=True),  # when they were last renewed, since then
    moment("claimed_until", nullable=True),  # so long one process renews them, or all wait
    text("problem"),  # why it could not be renewed
)

# How many posts a channel has made in a month, for those that have a budget.
budgets = sa.Table(
    "budgets",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("month", sa.Text, primary_key=True),  # such as 2026-11, by the workspace's clock
    count("posts"),
)

# Pictures of posts for networks, by the hash of their bytes.
pictures = sa.Table(
    "pictures",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    text("kind"),
    count("width"),
    count("height"),
    sa.Column("data", sa.LargeBinary, nullable=False),
    moment("at"),
)
