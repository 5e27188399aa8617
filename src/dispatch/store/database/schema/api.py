"""By what programs speak to us, and what they were answered."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import BIG_ID, count, metadata, moment, ref, text

# A token is known by its hash; it may never do more than the person who made it.
api_tokens = sa.Table(
    "api_tokens",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("mark", sa.Text, nullable=False, unique=True),
    text("hint"),  # how it begins, so that somebody can tell which it is
    text("name"),
    sa.Column("roles", sa.JSON, nullable=False),
    ref("person_id", "persons.id", nullable=False, index=True),
    moment("made_at"),
    moment("ends_at"),
    moment("last_used", nullable=True),
    text("last_network"),
    moment("revoked_at", nullable=True),
    text("revoked_by"),
)

# What a call with an Idempotency-Key was answered, so that a repeated one does nothing twice.
api_answers = sa.Table(
    "api_answers",
    metadata,
    ref("token_id", "api_tokens.id", primary_key=True),
    sa.Column("key", sa.Text, primary_key=True),
    text("asked"),  # a hash of method, path and body
    count("status"),  # 0: under way
    sa.Column("headers", sa.JSON, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    moment("at"),
    sa.Index("ix_api_answers_at", "at"),
)
