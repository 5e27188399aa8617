"""Networks: what stands there, what gives access to them, what they cost, and pictures."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_RESERVED = sa.text("state = 'reserved'")


def upgrade() -> None:
    op.create_table(
        "budgets",
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("month", sa.Text(), nullable=False),
        _count("posts"),
        sa.PrimaryKeyConstraint("channel", "month", name=op.f("pk_budgets")),
    )
    op.create_table(
        "pictures",
        sa.Column("mark", sa.Text(), nullable=False),
        _text("kind"),
        _count("width"),
        _count("height"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_pictures")),
    )
    op.create_table(
        "published",
        sa.Column("delivery_id", _BIG_ID, autoincrement=False, nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        _text("channel"),
        _text("account"),
        _text("told"),
        _text("state"),
        sa.Column("ids", sa.JSON(), nullable=False),
        _text("address"),
        _text("said"),
        sa.Column("parts", sa.Integer(), server_default="1", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("looked", sa.DateTime(timezone=True), nullable=True),
        _count("looks"),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("pk_published")),
    )
    op.create_index("ix_published_number", "published", ["number"], unique=False)
    op.create_index("ix_published_told", "published", ["account", "told"], unique=False)
    op.create_index(
        "ix_published_reserved",
        "published",
        ["at"],
        unique=False,
        sqlite_where=_RESERVED,
        postgresql_where=_RESERVED,
    )
    op.create_table(
        "tokens",
        sa.Column("channel", sa.Text(), nullable=False),
        _text("provider"),
        _text("sealed"),
        sa.Column("ends", sa.DateTime(timezone=True), nullable=True),
        sa.Column("refresh_ends", sa.DateTime(timezone=True), nullable=True),
        _text("scopes"),
        _text("by"),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("renewed", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        _text("problem"),
        sa.PrimaryKeyConstraint("channel", name=op.f("pk_tokens")),
    )


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)
