"""What receivers have not taken, what is old, what was told of somebody: each found at once."""

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
    # What is old is looked for state by state, as each is kept for as long as it is.
    op.create_index("ix_notifications_kept", "notifications", ["state", "made_at"], unique=False)
    op.drop_index("ix_notifications_made", table_name="notifications")
    if op.get_bind().dialect.name == "postgresql":
        # Names that begin alike are looked for as a range, which only bytes keep together.
        op.execute('ALTER TABLE notifications ALTER COLUMN event TYPE TEXT COLLATE "C"')
