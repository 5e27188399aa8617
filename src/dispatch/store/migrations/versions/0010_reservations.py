"""A batch knows what of it may be going out, in case that the machine stops."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("batches", sa.Column("reserved", sa.JSON(), nullable=True))
