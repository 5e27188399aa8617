"""The workspace that is measured: one campaign whose digest is a mail of about 41 KB."""

import json
import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from benchmarks.processes import NotMeasuredError
from dispatch.app import App, open_app
from dispatch.model.campaigns.schedule import slot_at
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.editions.edition import Edition
from dispatch.model.intake.feed import Entry
from dispatch.model.team.role import Role
from dispatch.pipeline.intake.keep import keep_entries
from dispatch.signing import mark_of
from dispatch.store.database.engine import open_engine
from dispatch.store.transactions import Store

MAIL_BYTES = 41_000
"""What smtp-source is told to send, and what a digest of ours comes to within a few per cent."""

CONNECTIONS = 20
POSTS = 8
"""With so many a mail has about MAIL_BYTES."""

WORDS = 61

LEASE_SECONDS = 10
SECRET_KEY = "a key for measuring, which protects nothing"

TEMPLATE = Path(__file__).parents[1] / "templates" / "weekly"
"""The template that is shipped: what teams begin with."""

LETTERS = "eeeeaaiioorrttnnssllccuuddppmmgbfh"
ACCENTS = "éèàç"  # in texts, which are quoted-printable; titles are plain


def write_files(
    folder: Path,
    *,
    port: int,
    dkim: bool = False,
    per_second: float | None = None,
    calls: bool = False,
    connections: int = CONNECTIONS,
    in_flight: int = 1,
) -> None:
    """Make the workspace's files, or change where its mails go.

    By SMTP over so many connections, with so many mails under way on each (where the server takes
    BDAT), or with `calls` to a service that takes 1,000 recipients in each.
    """
    channel: dict[str, Any] = {
        "provider": "smtp",
        "options": {"host": "127.0.0.1", "port": port, "security": "none"},
        "pace": {"connections": connections},
    }
    if in_flight > 1:
        channel["options"]["in_flight"] = in_flight
    if calls:
        url = f"http://127.0.0.1:{port}"
        options = {"api_key": "env:BENCH_API_KEY", "url": url}
        channel = {"provider": "sendgrid", "options": options}
    if per_second is not None:
        channel["pace"]["per_second"] = per_second
    if dkim:
        channel["dkim"] = _dkim(folder)
    schedules = {
        "timezone": "UTC",
        "sender": {"name": "The Letter", "email": "letter@news.example"},
        "public_url": "https://news.example",
        "feeds": {"blog": {"url": "https://blog.example/feed.xml"}},
        "channels": {"mail": channel},
        "campaigns": {
            "weekly": {
                "feeds": ["blog"],
                "email": {"audience": "readers", "template": "plain", "via": "mail"},
            }
        },
    }
    template = folder / "templates" / "plain"
    shutil.copytree(TEMPLATE, template, dirs_exist_ok=True)
    # JSON is YAML too.
    (folder / "schedules.yaml").write_text(json.dumps(schedules, indent=2), encoding="utf-8")


def _dkim(folder: Path) -> dict[str, str]:
    """Write a new Ed25519 key; what a channel says that signs with it."""
    try:
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    except ImportError as error:
        raise NotMeasuredError("no cryptography: install dispatch with its extra 'dkim'") from error
    pem = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    (folder / "dkim.pem").write_bytes(pem)
    return {"domain": "news.example", "selector": "bench", "key": "file:dkim.pem"}


@contextmanager
def opened(folder: Path, database_url: str, *, processes: int = 1) -> Iterator[App]:
    """The workspace, opened; `database_url` may be empty for SQLite in the folder.

    Mail goes out from so many `processes` at once.
    """
    environ = {
        "DISPATCH_DATABASE_URL": database_url,
        "DISPATCH_SECRET_KEY": SECRET_KEY,
        "DISPATCH_LEASE_SECONDS": str(LEASE_SECONDS),
        "DISPATCH_WORKERS": str(processes),
        "BENCH_API_KEY": SECRET_KEY,
    }
    with open_app(folder, environ=environ) as app:
        yield app


def compose(app: App, name: str = "weekly") -> Edition:
    """Make an approved edition of new posts. Somebody has to be there to write to."""
    rng = random.Random(41 if name == "weekly" else name)
    entries = [
        Entry(
            guid=f"{name}-{number}",
            link=f"https://blog.example/{name}/{number}",
            title=_text(rng, LETTERS, words=6),
            position=number,
            summary=_text(rng, LETTERS + ACCENTS, words=WORDS),
        )
        for number in range(POSTS)
    ]
    with app.store.begin() as tx:
        keep_entries("blog", entries, backfill=None, tx=tx, now=app.clock())
    campaign = app.campaign(name)
    composed = app.editions.compose(campaign, slot_at(app.clock(), "UTC"), manual=True)
    assert composed is not None
    assert composed.edition is not None, composed.draft.skipped
    return composed.edition


def count_states(store: Store, edition_id: str) -> dict[DeliveryState, int]:
    """How many deliveries of an edition are in each state."""
    with store.read() as tx:
        return tx.deliveries.counts(tx.editions.get(edition_id))


def _text(rng: random.Random, letters: str, *, words: int) -> str:
    made = ("".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(words))
    return " ".join(made).capitalize()


# Written here and not brought in by `subscribers/*.csv`, which takes a minute for a million.
_PEOPLE = """
INSERT INTO subscribers (email, email_key, name, topics, fields, public_id)
WITH RECURSIVE people(i) AS (
  SELECT CAST(:first AS INTEGER) UNION ALL SELECT i + 1 FROM people WHERE i < :last
)
SELECT 'reader' || i || '@mail' || (i % 50) || '.example',
       'reader' || i || '@mail' || (i % 50) || '.example',
       CASE WHEN i % 10 = 0 THEN 'Zoë' ELSE 'Ada' END || ' Reader ' || i, '[]', '{}',
       substr('00000000000000000000000000000000' || i, length('' || i) + 1, 32)
FROM people
"""
_SUBSCRIPTIONS = """
INSERT INTO subscriptions (subscriber_id, audience, state, since)
SELECT id, 'readers', 'active', CURRENT_TIMESTAMP FROM subscribers
WHERE NOT EXISTS (SELECT 1 FROM subscriptions WHERE subscriber_id = subscribers.id)
"""


def sign_in(app: App, handle: str, role: Role, token: str) -> None:
    """Somebody of the team, in whose browser a cookie holds `token`."""
    now = app.clock()
    with app.store.begin() as tx:
        email = f"{handle}@news.example"
        person = tx.persons.add(handle=handle, name=handle, email=email, roles=[role], now=now)
        tx.sessions.begin(mark_of(token), person, device="", network="", now=now)


def public_id(number: int) -> str:
    """Who the reader with this number is in links."""
    return f"{number:032}"


def add_people(database_url: str, *, first: int, last: int) -> None:
    """Put readers into the database, numbered from `first` to `last`."""
    if last < first:
        return
    engine = open_engine(database_url)
    with engine.begin() as connection:
        connection.execute(sa.text(_PEOPLE), {"first": first, "last": last})
        connection.execute(sa.text(_SUBSCRIPTIONS))
        if engine.dialect.name == "postgresql":
            # What its autovacuum would do soon; on SQLite nobody does it for users either.
            connection.execute(sa.text("ANALYZE"))
    engine.dispose()
