"""The doorbell of PostgreSQL: Procrastinate's tables, made by its own migrations."""

from pathlib import Path

import sqlalchemy as sa
from alembic import op

from dispatch.errors import StoreUnavailable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

LAST = "03.04.00_50_post_add_retry_failed_job_procedure.sql"
"""Its newest migration when this one was written. Those that follow belong to one of ours that
follows: so a database has the same shape whichever version of Procrastinate it was made with."""


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return  # a pool in the process does there
    if sa.inspect(connection).has_table("procrastinate_jobs"):
        raise StoreUnavailable(
            "database: it has tables of Procrastinate that are not ours - "
            "give dispatch a database of its own"
        )
    try:
        from procrastinate.schema import SchemaManager  # noqa: PLC0415
    except ModuleNotFoundError as error:
        raise StoreUnavailable(
            "database: Procrastinate is not installed - install dispatch with its extra 'postgres'"
        ) from error
    for script in sorted(Path(SchemaManager.get_migrations_path()).glob("*.sql")):
        if script.name <= LAST:
            # Without parameters the driver takes several statements at once, and a % as it is.
            connection.exec_driver_sql(
                script.read_text("utf-8"), execution_options={"no_parameters": True}
            )
