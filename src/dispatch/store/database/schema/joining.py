"""People on their way in, what they are written about themselves, and how much one may ask."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
    count,
    metadata,
    moment,
    only_where,
    ref,
    text,
)

# Who has filled in a form and not confirmed it yet: nobody's reader.
sign_ups = sa.Table(
    "sign_ups",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("public_id", sa.Text, nullable=False, unique=True),
    text("form"),
    text("email"),
    text("email_key", index=True),
    sa.Column("audiences", sa.JSON, nullable=False),
    sa.Column("profile", sa.JSON, nullable=False),  # what else they filled in
    text("wording"),
    text("page"),
    text("network"),
    moment("asked_at"),
    moment("confirmed_at", nullable=True),
    moment("reminded_at", nullable=True),
    sa.Index("ix_sign_ups_open", "asked_at", info=only_where("confirmed_at IS NULL")),
)

# A new address that a reader has named and not confirmed yet.
address_changes = sa.Table(
    "address_changes",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("public_id", sa.Text, nullable=False, unique=True),
    ref("subscriber_id", "subscribers.id", nullable=False, index=True),
    text("email"),
    text("email_key"),
    moment("asked_at"),
    moment("confirmed_at", nullable=True),
)

# Mails about somebody's own affairs: to confirm, to choose, to know that something has changed.
reader_mails = sa.Table(
    "reader_mails",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("about"),
    text("address"),
    text("address_key"),
    text("subject_id"),  # public id of the sign-up, the change of address or the reader it is about
    text("audience"),
    text("form"),
    text("locale"),
    text("via"),
    text("state"),
    moment("made_at"),
    moment("due"),
    count("attempt"),
    moment("lease_until", nullable=True),
    moment("accepted_at", nullable=True),
    text("reason"),
    sa.Index("ix_reader_mails_address", "address_key", "made_at"),
    sa.Index("ix_reader_mails_waiting", "due", info=only_where("state = 'waiting'")),
)

# Who has just confirmed and is to get the latest edition: `edition_id` is the one made for them.
welcomes = sa.Table(
    "welcomes",
    metadata,
    ref("subscriber_id", "subscribers.id", primary_key=True),
    sa.Column("campaign", sa.Text, primary_key=True),
    moment("asked_at"),
    text("edition_id"),
    sa.Index("ix_welcomes_open", "asked_at", info=only_where("edition_id = ''")),
)

# How much somebody or some network may still ask for; who it is is a keyed hash.
limits = sa.Table(
    "limits",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),
    sa.Column("next_at", sa.Double, nullable=False),  # seconds since 1970, by the database's clock
    sa.Index("ix_limits_next_at", "next_at"),
)
