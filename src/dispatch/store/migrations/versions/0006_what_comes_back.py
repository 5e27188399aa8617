"""What providers tell later is kept: each event, what it came to, and by which way it came."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_LOOKED_FOR = "state IN ('bounced', 'bounced softly', 'complained', 'dropped')"


def upgrade() -> None:
    op.create_table(
        "came_later",
        sa.Column("delivery_id", _BIG_ID, autoincrement=False, nullable=False),
        _text("state"),
        _text("channel"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("reason"),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_came_later")),
    )
    _index("ix_came_later_state", "came_later", ["state", "delivery_id"], _LOOKED_FOR)
    op.create_table(
        "events",
        sa.Column("id", _BIG_ID, nullable=False),
        _text("channel"),
        _text("event_id"),
        _text("kind"),
        sa.Column("permanent", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("delivery_id", sa.BigInteger(), nullable=True),
        _text("recipient"),
        _text("email_key"),
        _text("provider_id"),
        _text("said"),
        _text("reason"),
        _text("url"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_events")),
    )
    op.create_index("ix_events_event", "events", ["channel", "event_id"], unique=True)
    _index("ix_events_delivery", "events", ["delivery_id"], "delivery_id IS NOT NULL")
    _index("ix_events_email_key", "events", ["email_key"], "email_key != ''")
    op.create_table(
        "examinations",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        _text("by"),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_examinations")),
    )
    op.create_table(
        "hooks",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=True),
        _count("events"),
        _count("strangers"),
        _count("turned_away"),
        sa.Column("turned_away_at", sa.DateTime(timezone=True), nullable=True),
        _text("turned_away_for"),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_hooks")),
    )
    op.create_table(
        "later_counts",
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        _count("deliveries"),
        sa.PrimaryKeyConstraint("number", "channel", "state", name=op.f("pk_later_counts")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("place", sa.Text(), nullable=False),
        sa.Column("validity", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("last", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        _count("read"),
        _count("understood"),
        _text("problem"),
        sa.Column("detail", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_mailboxes")),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _index(name: str, table: str, columns: list[str], where: str) -> None:
    of = sa.text(where)
    op.create_index(name, table, columns, unique=False, sqlite_where=of, postgresql_where=of)
