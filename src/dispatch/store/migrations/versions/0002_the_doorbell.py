"""The doorbell of PostgreSQL: Procrastinate's tables, made by its own SQL."""

import sqlalchemy as sa
from alembic import op

from dispatch.errors import StoreUnavailable

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


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
    # Its final schema, and not its own migrations one after the other: those add values to a type
    # and use them, which PostgreSQL before 17 refuses within one transaction. They end in the same
    # shape. A version of Procrastinate that changes it needs a migration of ours, which has to look
    # first whether a new database got the change here.
    # Without parameters the driver takes several statements at once, and a % as it is.
    connection.exec_driver_sql(
        SchemaManager.get_schema(), execution_options={"no_parameters": True}
    )
