"""Bringing a database to the shape this version needs, once, however many processes start."""

from importlib.resources import files

import sqlalchemy as sa
from sqlalchemy.exc import ProgrammingError

from dispatch.errors import StoreUnavailable
from dispatch.store.database import sentences

HEAD = "0002"
"""The newest migration; a test holds it equal to what Alembic finds."""

_LOCK = 0x64697370  # "disp": any number nobody else on the server locks


def migrate(engine: sa.Engine) -> None:
    """Run the migrations that are missing; quick when there are none.

    Raises StoreUnavailable when the database is from a newer dispatch, or cannot be used.
    """
    with sentences(engine):
        if _revision(engine) == HEAD:
            return
        # Alembic is imported where it is needed: most starts find nothing to migrate.
        from alembic import command  # noqa: PLC0415
        from alembic.config import Config  # noqa: PLC0415
        from alembic.util.exc import CommandError  # noqa: PLC0415

        config = Config()
        config.set_main_option("script_location", str(files("dispatch.store") / "migrations"))
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(sa.text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})
            config.attributes["connection"] = connection
            try:
                command.upgrade(config, "head")
            except ProgrammingError as error:
                raise StoreUnavailable(
                    f"database: its tables cannot be made ({str(error.orig).strip()}) - "
                    "give this user the right to create tables"
                ) from error
            except CommandError as error:
                raise StoreUnavailable(
                    "database: it was written by a newer dispatch - upgrade dispatch, "
                    "or restore the backup from before"
                ) from error


def _revision(engine: sa.Engine) -> str | None:
    with engine.connect().execution_options(read_only=True) as connection:
        if not sa.inspect(connection).has_table("alembic_version"):
            return None
        version = connection.scalar(sa.text("SELECT version_num FROM alembic_version"))
        return str(version) if version else None
