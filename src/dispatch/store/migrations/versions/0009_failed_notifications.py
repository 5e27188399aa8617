"""What receivers have not taken is found at once, and so is all that was told of somebody."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_FAILED = sa.text("state = 'failed'")


def upgrade() -> None:
    op.create_index(
        "ix_notifications_failed",
        "notifications",
        ["receiver", "id"],
        unique=False,
        sqlite_where=_FAILED,
        postgresql_where=_FAILED,
    )
    if op.get_bind().dialect.name == "postgresql":
        # Names that begin alike are looked for as a range, which only bytes keep together.
        op.execute('ALTER TABLE notifications ALTER COLUMN event TYPE TEXT COLLATE "C"')
