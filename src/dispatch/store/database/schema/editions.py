"""Runs, the editions that they made, and what people did to them."""

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

editions = sa.Table(
    "editions",
    metadata,
    sa.Column("number", BIG_ID, primary_key=True),  # small, for the keys of its deliveries
    sa.Column("id", sa.Text, nullable=False, unique=True),
    text("campaign", index=True),
    text("family", index=True),
    text("slot"),
    text("audience"),
    text("state", index=True),
    text("content"),  # canonical JSON: the very bytes that the fingerprint is of
    text("approved_fingerprint"),
    text("approved_by"),
    moment("approved_at", nullable=True),
    moment("goes_out", nullable=True),  # not before, once it is approved
    text("reason"),
    text("ended_by"),  # who rejected or cancelled it
    text("review"),  # JSON: who may approve it, as the campaign said when it was made
    moment("deadline", nullable=True),
    text("author"),  # who edited it last
    text("note"),  # the changes that somebody asked for, until it is approved
    moment("created_at"),
    moment("addressed_at", nullable=True),
    moment("finished_at", nullable=True),
    # JSON, state to how many deliveries: of a finished one in which no answer is lost, so that
    # none of them can change any more. Else empty: they are counted when somebody asks.
    text("totals"),
    text("subject"),  # that somebody wrote, for lists: its content need not be read for that
    text("welcome_of"),  # the edition that it says once more, to those who came after it
    count("addressed"),  # the size of the frozen audience, snippets included
    count("answered"),  # since it was addressed or resumed, for the breaker
    count("refused"),
    # All that a list of past editions says: their contents, which are large, are not passed over.
    sa.Index(
        "ix_editions_past",
        *("campaign", "number", "slot", "state"),
        *("id", "approved_fingerprint", "addressed_at", "welcome_of"),
    ),
    # All that a calendar says of an edition, and by which a list is filtered, likewise.
    sa.Index(
        "ix_editions_stage",
        *("id", "state", "ended_by", "goes_out"),
        *("audience", "addressed", "totals", "subject"),
    ),
    # Those in which an answer may be lost.
    sa.Index(
        "ix_editions_unsettled",
        *("state", "number"),
        info=only_where("state = 'finished' AND totals = ''"),
    ),
)

edition_posts = sa.Table(
    "edition_posts",
    metadata,
    ref("edition_id", "editions.id", primary_key=True),
    ref("post_id", "posts.id", primary_key=True, index=True),
    sa.Column("position", sa.Integer, nullable=False),
)

runs = sa.Table(
    "runs",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    text("campaign"),
    text("slot"),
    flag("manual"),  # started by a person, not by the schedule
    moment("moment"),
    moment("started_at"),
    text("skipped"),  # why it made no edition, or empty
    # JSON, why to how many: posts that it looked at and that no run will ever use.
    text("never_used"),
    ref("edition_id", "editions.id", nullable=True, index=True),
    sa.UniqueConstraint("campaign", "slot"),
    sa.Index(None, "campaign", "moment"),
    sa.Index("ix_runs_moment", "moment", "id"),
)

# What each reviewer is told about an edition: written with what it tells of, sent at a tick.
review_mails = sa.Table(
    "notices",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    ref("edition_id", "editions.id", nullable=False, index=True),
    text("about"),
    text("address"),
    text("fingerprint"),  # of the edition as it was
    text("said"),  # what was requested, or decided
    text("state"),
    moment("made_at"),
    moment("due"),
    count("attempt"),
    moment("lease_until", nullable=True),
    moment("accepted_at", nullable=True),
    text("reason"),  # why it was not accepted so far
    sa.Index(
        "ix_notices_waiting",
        "due",
        info=only_where("state = 'waiting'"),
    ),
)

# Since when a campaign has its present schedule: earlier slots were never promised.
schedules = sa.Table(
    "schedules",
    metadata,
    sa.Column("campaign", sa.Text, primary_key=True),
    text("words"),
    moment("since"),
)

# What people did to a run's choices: they stand beside the reasons and replace none.
choice_edits = sa.Table(
    "choice_edits",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    ref("run_id", "runs.id", nullable=False, index=True),
    ref("post_id", "posts.id", nullable=False),
    text("what"),
    text("by"),
    moment("at"),
)

# What the page of an edition says instead of what was sent, since somebody mended it.
amendments = sa.Table(
    "amendments",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    ref("edition_id", "editions.id", nullable=False, index=True),
    sa.Column("changes", sa.JSON, nullable=False),
    text("note"),
    text("by"),
    moment("at"),
)

# What each edit of an edition has changed: what it says now has only the last word.
edition_edits = sa.Table(
    "edition_edits",
    metadata,
    sa.Column("id", BIG_ID, primary_key=True),
    ref("edition_id", "editions.id", nullable=False, index=True),
    text("by"),
    moment("at"),
    text("was"),  # the fingerprint before it
    text("fingerprint"),  # and after it
    sa.Column("changes", sa.JSON, nullable=False),
)
