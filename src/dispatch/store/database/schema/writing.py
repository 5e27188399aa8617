"""What the team writes by itself: pieces that come again, and the pictures in pieces."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import BIG_ID, count, metadata, moment, text

# A piece that is copied into each new edition of some campaigns until a day, that day included.
standing_pieces = sa.Table(
    "standing_pieces",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("piece", sa.JSON, nullable=False),
    sa.Column("campaigns", sa.JSON, nullable=False),  # their names
    count("after"),  # how many posts are read before it
    sa.Column("until", sa.Date, nullable=False, index=True),
    text("by"),
    moment("at"),
    text("changed_by"),
    moment("changed_at", nullable=True),
)

# Pictures that the team has uploaded, as they are served: by the hash of these bytes.
uploaded_pictures = sa.Table(
    "uploaded_pictures",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    text("kind"),
    count("width"),
    count("height"),
    sa.Column("data", sa.LargeBinary, nullable=False),
    text("name"),  # of the file, as somebody had it
    text("by"),
    moment("at"),
)
