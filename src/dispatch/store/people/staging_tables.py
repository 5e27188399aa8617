"""Tables of one connection, in which the people of a file wait until all of it has been read.

They are gone with the connection, and no migration knows them: each import makes its own.
"""

from typing import Any

import sqlalchemy as sa

from dispatch.store.database.schema.columns import BIG_ID, NAMES, moment

staged_metadata = sa.MetaData(naming_convention=NAMES)


def _person() -> list[sa.Column[Any]]:
    texts = ("email", "email_key", "name", "locale", "timezone", "cadence", "public_id")
    return [
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        *(sa.Column(name, sa.JSON, nullable=False) for name in ("topics", "fields")),
        *_consent(),
    ]


def _consent() -> list[sa.Column[Any]]:
    return [sa.Column("source", sa.Text, nullable=False), moment("given_at", nullable=True)]


def _table(name: str, *columns: sa.Column[Any]) -> sa.Table:
    return sa.Table(name, staged_metadata, *columns, prefixes=["TEMPORARY"])


# As they are read.
read = _table(
    "people_read",
    sa.Column("line", BIG_ID, primary_key=True, autoincrement=False),
    *_person(),
)

# Those of them who do not come in.
taken_out = _table(
    "people_taken_out",
    sa.Column("line", BIG_ID, primary_key=True, autoincrement=False),
    sa.Column("why", sa.Text, nullable=False),
)

# Rows by which somebody is not to be mailed any more.
gone = _table(
    "people_gone",
    sa.Column("line", BIG_ID, primary_key=True, autoincrement=False),
    sa.Column("email_key", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
)

# Who comes in, in the order of addresses: so that their indices grow at one end.
arriving = _table(
    "people_arriving",
    sa.Column("place", BIG_ID, primary_key=True),
    sa.Column("line", sa.BigInteger, nullable=False),
    *_person(),
)

# Those of one chunk whose subscription begins.
newcomers = _table(
    "people_new",
    sa.Column("id", BIG_ID, primary_key=True, autoincrement=False),
    sa.Column("email", sa.Text, nullable=False),
    sa.Column("line", sa.BigInteger, nullable=False),
    *_consent(),
)

# Grounds that several of them have, so that none of these is about one person.
shared_grounds = _table(
    "people_shared_grounds",
    sa.Column("source", sa.Text, primary_key=True),
)
