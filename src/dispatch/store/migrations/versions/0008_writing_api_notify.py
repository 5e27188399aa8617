"""Pieces that come again, uploaded pictures; tokens of programs; what those elsewhere are told."""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WAITING = sa.text("state = 'waiting'")


def upgrade() -> None:
    _writing()
    _api()
    _notify()


def _writing() -> None:
    op.create_table(
        "standing_pieces",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("piece", sa.JSON(), nullable=False),
        sa.Column("campaigns", sa.JSON(), nullable=False),
        _count("after"),
        sa.Column("until", sa.Date(), nullable=False),
        _text("by"),
        _moment("at"),
        _text("changed_by"),
        _moment("changed_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_standing_pieces")),
    )
    op.create_index(op.f("ix_standing_pieces_until"), "standing_pieces", ["until"], unique=False)
    op.create_table(
        "uploaded_pictures",
        sa.Column("mark", sa.Text(), nullable=False),
        _text("kind"),
        _count("width"),
        _count("height"),
        sa.Column("data", sa.LargeBinary(), nullable=False),
        _text("name"),
        _text("by"),
        _moment("at"),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_uploaded_pictures")),
    )


def _api() -> None:
    op.create_table(
        "api_tokens",
        sa.Column("id", _BIG_ID, nullable=False),
        sa.Column("mark", sa.Text(), nullable=False),
        _text("hint"),
        _text("name"),
        sa.Column("roles", sa.JSON(), nullable=False),
        sa.Column("person_id", _BIG_ID, nullable=False),
        _moment("made_at"),
        _moment("ends_at"),
        _moment("last_used", nullable=True),
        _text("last_network"),
        _moment("revoked_at", nullable=True),
        _text("revoked_by"),
        sa.ForeignKeyConstraint(
            ["person_id"], ["persons.id"], name=op.f("fk_api_tokens_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_tokens")),
        sa.UniqueConstraint("mark", name=op.f("uq_api_tokens_mark")),
    )
    op.create_index(op.f("ix_api_tokens_person_id"), "api_tokens", ["person_id"], unique=False)
    op.create_table(
        "api_answers",
        sa.Column("token_id", _BIG_ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        _text("asked"),
        _count("status"),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        _moment("at"),
        sa.ForeignKeyConstraint(
            ["token_id"], ["api_tokens.id"], name=op.f("fk_api_answers_token_id")
        ),
        sa.PrimaryKeyConstraint("token_id", "key", name=op.f("pk_api_answers")),
    )
    op.create_index("ix_api_answers_at", "api_answers", ["at"], unique=False)


def _notify() -> None:
    op.create_table(
        "receivers",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("events", sa.JSON(), nullable=False),
        _text("address"),
        _text("state"),
        _text("reason"),
        _moment("changed_at"),
        _moment("failing_since", nullable=True),
        _moment("answered_at", nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_receivers")),
    )
    op.create_table(
        "notifications",
        sa.Column("id", _BIG_ID, nullable=False),
        _text("event"),
        _text("receiver"),
        _text("type"),
        _text("body"),
        _text("state"),
        _moment("made_at"),
        _moment("due"),
        _count("attempt"),
        _moment("lease_until", nullable=True),
        _moment("delivered_at", nullable=True),
        _count("status"),
        _text("reason"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notifications")),
        sa.UniqueConstraint("receiver", "event", name=op.f("uq_notifications_receiver_event")),
    )
    op.create_index(
        "ix_notifications_waiting",
        "notifications",
        ["receiver", "due"],
        unique=False,
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    op.create_index("ix_notifications_receiver", "notifications", ["receiver", "id"], unique=False)
    op.create_index("ix_notifications_made", "notifications", ["made_at"], unique=False)


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), server_default="", nullable=False)


def _count(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), server_default="0", nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
