"""A database that is known again, readers that links name at random, endings that outlive it."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def _random_id(dialect: str) -> sa.ColumnElement[str]:
    """32 hexadecimal digits, another for each row, as `dispatch.ids` makes them."""
    if dialect == "sqlite":
        return sa.func.lower(sa.func.hex(sa.func.randomblob(16)))
    return sa.func.replace(sa.cast(sa.func.gen_random_uuid(), sa.Text), "-", "")


def upgrade() -> None:
    random = _random_id(op.get_bind().dialect.name)
    subscribers = sa.table("subscribers", sa.column("id"), sa.column("public_id"))
    op.add_column(
        "subscribers", sa.Column("public_id", sa.Text(), server_default="", nullable=False)
    )
    op.execute(subscribers.update().values(public_id=random))
    op.create_index("ix_subscribers_public_id", "subscribers", ["public_id"], unique=True)
    identity = op.create_table(
        "identity",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("age", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("doubtful_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("old_links", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity")),
    )
    # Links that were made until now have readers' numbers in them, and mean those who are here.
    here = sa.select(sa.func.coalesce(sa.func.max(subscribers.c.id), 0)).scalar_subquery()
    op.execute(
        identity.insert().values(id=random, made_at=sa.func.current_timestamp(), old_links=here)
    )
    op.create_table(
        "endings",
        sa.Column("mark", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("mark", name=op.f("pk_endings")),
    )
    op.create_table(
        "endings_files",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("taken_in", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_endings_files")),
    )
