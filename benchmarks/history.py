"""What years leave behind besides editions: posts of many feeds, suppressions, an audit log."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType

import sqlalchemy as sa

from dispatch.model.people.upload import Choices
from dispatch.store.database.schema import UtcDateTime, audit, feeds, posts
from dispatch.store.transactions import Transaction

FEEDS = [f"feed{number}" for number in range(200)]
POSTS = 100_000
MONTHS = 36
HELD = 100
ACTS = 100_000
UPLOAD = "anuploadedfile"
EVERY_REFUSED = 20
"""One of so many readers is suppressed."""

NO_MOMENTS: Mapping[str, datetime] = MappingProxyType({})

_NUMBERS = """
WITH RECURSIVE numbers(i) AS (
  SELECT CAST(1 AS INTEGER) UNION ALL SELECT i + 1 FROM numbers WHERE i < :most
)
"""
_SUPPRESSED = """
INSERT INTO suppressions (email_key, email, reason, since, source)
SELECT email_key, email, CASE WHEN id % 3 = 0 THEN 'complained' ELSE 'hard_bounce' END,
       CURRENT_TIMESTAMP, 'webhook mail'
FROM subscribers WHERE id % :every = 0
"""


def add_history(connection: sa.Connection, *, now: datetime) -> None:
    """Fill the tables of a workspace that has a post and an edition, and readers."""
    rows = [
        {
            "name": name,
            "failures": 9 * (number % 40 == 0),
            "problem": "404"[: 3 * (number % 40 == 0)],
        }
        for number, name in enumerate(FEEDS)
    ]
    connection.execute(feeds.insert(), rows)
    months = {f"month{n}": now - timedelta(days=30 * (MONTHS - n)) for n in range(MONTHS)}
    seen = " ".join(f"WHEN {n} THEN :month{n}" for n in range(MONTHS))
    copy_rows(
        connection,
        posts,
        POSTS,
        months,
        id="(SELECT max(id) FROM posts) + i",
        feed=f"'feed' || (i % {len(FEEDS)})",
        identity="'post-' || i",
        guid="'post-' || i",
        link="'https://posts.example/' || i",
        link_key="'posts.example/' || i",
        title_key="'post ' || i",
        first_seen=f"CASE i * {MONTHS} / {POSTS + 1} {seen} END",
        held_since=f"CASE WHEN i % {POSTS // HELD} = 0 THEN first_seen ELSE NULL END",
    )
    connection.execute(sa.text(_SUPPRESSED), {"every": EVERY_REFUSED})
    act = {"at": now, "by": "jean", "act": "campaign.change", "kind": "campaign", "subject": "c0"}
    connection.execute(audit.insert().values(act | {"detail": {}, "origin": "192.0.2.0/24"}))
    copy_rows(connection, audit, ACTS, id="(SELECT max(id) FROM audit) + i")


def add_upload(tx: Transaction, *, now: datetime) -> None:
    """A file of people that somebody hands over."""
    content = b"email,name\n" + b"new@mail.example,New\n" * 10_000
    choices = Choices("readers", columns={"email": "email", "name": "name"})
    tx.uploads.add("new.csv", content, choices, by="jean", public_id=UPLOAD, now=now)


def copy_rows(
    connection: sa.Connection,
    table: sa.Table,
    most: int,
    moments: Mapping[str, datetime] = NO_MOMENTS,
    /,
    **values: str,
) -> None:
    """So many rows like the first one; `values` are expressions of the number `i`."""
    columns = [column.name for column in table.columns]
    said = ", ".join(values.get(name, f'one."{name}"') for name in columns)
    named = ", ".join(f'"{name}"' for name in columns)
    connection.execute(
        sa.text(
            f"INSERT INTO {table.name} ({named}) {_NUMBERS} SELECT {said} FROM numbers, "
            f"(SELECT * FROM {table.name} ORDER BY id LIMIT 1) AS one"
        ).bindparams(*(sa.bindparam(name, type_=UtcDateTime) for name in moments)),
        {"most": most, **moments},
    )
