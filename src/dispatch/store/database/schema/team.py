"""Who of the team signs in, what they did, and what their pages keep for a while."""

import sqlalchemy as sa

from dispatch.store.database.schema.columns import (
    BIG_ID,
    count,
    flag,
    metadata,
    moment,
    ref,
    text,
)

# Somebody of the team. Who has ended keeps the row, as the handle stands in what they did.
persons = sa.Table(
    "persons",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("handle", sa.Text, nullable=False, unique=True),  # in small letters
    text("name"),
    text("email"),
    sa.Column("email_key", sa.Text, nullable=False, unique=True),
    sa.Column("roles", sa.JSON, nullable=False),
    text("password"),  # its hash by argon2id; empty: signs in by the service alone
    text("locale"),
    text("theme"),  # light, dark, or empty: as the system says
    flag("keys_off"),
    text("factor"),  # what their app's secret is reckoned from, with the key; empty: none
    sa.Column("factor_step", sa.BigInteger, nullable=False, server_default="0"),  # last one used
    text("issuer"),  # of the sign-in service, once it has told who they are
    text("subject"),
    count("calendar_version"),  # 0: no link to the calendar
    moment("made_at"),
    moment("ended_at", nullable=True),
    sa.Index("ix_persons_service", "issuer", "subject"),
)

# A browser in which somebody has signed in.
sessions = sa.Table(
    "sessions",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("mark", sa.Text, nullable=False, unique=True),  # a hash of its token
    ref("person_id", "persons.id", nullable=False, index=True),
    moment("since"),
    moment("last_seen"),
    text("device"),
    text("network"),
    moment("ended_at", nullable=True),
)

# Who was asked to join the team and has not answered yet.
invitations = sa.Table(
    "invitations",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("mark", sa.Text, nullable=False, unique=True),
    text("name"),
    text("email"),
    text("email_key", index=True),
    sa.Column("roles", sa.JSON, nullable=False),
    text("by"),
    moment("made_at"),
    moment("ends_at"),
    moment("accepted_at", nullable=True),
    moment("cancelled_at", nullable=True),
)

# What can be used once and ends by itself: a code, a new password, the way back from a service.
passes = sa.Table(
    "passes",
    metadata,
    sa.Column("mark", sa.Text, primary_key=True),  # a hash of its token
    text("purpose"),
    text("subject"),  # whose it is, such as a handle
    sa.Column("detail", sa.JSON, nullable=False),
    moment("made_at"),
    moment("ends_at"),
    moment("used_at", nullable=True),
    sa.Index("ix_passes_subject", "purpose", "subject"),
    sa.Index("ix_passes_ends", "ends_at"),
)

# Codes for who has lost the app.
spare_codes = sa.Table(
    "spare_codes",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    ref("person_id", "persons.id", nullable=False, index=True),
    text("mark"),
    moment("used_at", nullable=True),
)

# Mails to the team about their own affairs: invitations, new passwords.
team_mails = sa.Table(
    "team_mails",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("about"),
    text("address"),
    text("subject"),  # whose it is: a handle, or the number of an invitation
    text("token"),  # what that of its link is reckoned from, with the key
    text("locale"),
    text("via"),
    text("state"),
    moment("made_at"),
    moment("due"),
    count("attempt"),
    moment("lease_until", nullable=True),
    moment("accepted_at", nullable=True),
    text("reason"),
    sa.Index("ix_team_mails_waiting", "due", info={"where": "state = 'waiting'"}),
)

# Who did what, on what, from where. Written with what it tells of.
audit = sa.Table(
    "audit",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    moment("at"),
    text("by"),
    text("act"),
    text("kind"),  # of what it was done to: edition, campaign, person
    text("subject"),  # its name or number
    sa.Column("detail", sa.JSON, nullable=False),
    text("origin"),  # a network and a browser, or the command line
    sa.Index("ix_audit_by", "by", "id"),
    sa.Index("ix_audit_subject", "kind", "subject", "id"),
)

# Files of the workspace as they were before somebody changed them in a page.
file_versions = sa.Table(
    "file_versions",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("file"),  # below the workspace
    text("fingerprint"),
    text("content"),
    text("by"),
    moment("at"),
    sa.Index("ix_file_versions_file", "file", "id"),
)

# A file of people between looking at it and bringing it in.
uploads = sa.Table(
    "uploads",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    sa.Column("public_id", sa.Text, nullable=False, unique=True),
    text("name"),
    text("by"),
    text("state"),
    sa.Column("content", sa.LargeBinary, nullable=True),
    sa.Column("choices", sa.JSON, nullable=False),  # what was said about columns and merging
    sa.Column("figures", sa.JSON, nullable=False),
    count("done"),
    count("total"),
    moment("made_at"),
    moment("ends_at"),
    moment("lease_until", nullable=True),
)

# What an address in an edition last answered.
link_checks = sa.Table(
    "link_checks",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    count("status"),  # 0: no answer
    text("problem"),
    moment("asked_at"),
    moment("answered_at", nullable=True),
    sa.Index("ix_link_checks_asked", "asked_at"),
)

# What trying a channel last came to.
channel_checks = sa.Table(
    "channel_checks",
    metadata,
    sa.Column("channel", sa.Text, primary_key=True),
    text("problem"),  # empty: all is well
    sa.Column("detail", sa.JSON, nullable=False),
    moment("at"),
    text("by"),
)

# The last tick of each node, so that pages know whether anything runs.
ticks = sa.Table(
    "ticks",
    metadata,
    sa.Column("node", sa.Text, primary_key=True),
    text("version"),
    moment("at"),
)

# How many readers an audience had, counted now and then: pages do not count.
reader_counts = sa.Table(
    "reader_counts",
    metadata,
    sa.Column("audience", sa.Text, primary_key=True),  # empty: all of them
    sa.Column("day", sa.Date, primary_key=True),
    count("active"),
    count("pending"),
    count("paused"),
    count("ended"),
    count("suppressed"),
    moment("at"),
)
