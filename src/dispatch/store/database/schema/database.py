"""What the database says of itself."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import metadata, moment

# Which database this is: one row, by which a workspace knows it again.
identity = sa.Table(
    "identity",
    metadata,
    sa.Column("id", sa.Text, primary_key=True),
    sa.Column("age", sa.BigInteger, nullable=False, server_default="0"),
    moment("made_at"),
    moment("copied_at", nullable=True),  # in a copy of the database: when it was made
    moment("doubtful_since", nullable=True),
    sa.Column("old_links", sa.BigInteger, nullable=False, server_default="0"),
)
