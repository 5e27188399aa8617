"""Lists of a million in the API: how long the server takes for a page of them.

First pages, deep ones and filtered ones, also such that nothing passes; asked for within this
process, so that no network is measured.
"""

import sqlalchemy as sa

from benchmarks.history import copy_rows
from benchmarks.workspace import add_people, compose
from dispatch.app import App
from dispatch.model.delivery.event import Event, EventKind
from dispatch.pipeline.delivery.address import address_edition
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import audit, events, posts
from dispatch.store.delivery.row_keys import key_of_reader
from dispatch.store.events.told import Told

_SUBSCRIPTIONS = """
INSERT INTO subscriptions (subscriber_id, audience, state, since)
SELECT id, 'others', CASE WHEN id % 3 = 0 THEN 'ended' ELSE 'active' END, CURRENT_TIMESTAMP
FROM subscribers WHERE id % 10 = 0
"""
_LEFT = "UPDATE subscriptions SET state = 'ended' WHERE subscriber_id % 50 = 7"


def fill(app: App, url: str, rows: int) -> str:
    """So many of each: readers, deliveries of an edition, events, suppressions, lines, posts."""
    add_people(url, first=1, last=rows)
    edition = compose(app, "weekly")
    address_edition(edition.id, store=app.store, clock=app.clock, renderer=app.tools.renderer)
    with app.store.begin() as tx:
        key = key_of_reader(edition.number, 1)
        event = Event(kind=EventKind.DELIVERED, id="first", at=app.clock())
        tx.events.add([Told("mail", "first", event, app.clock(), app.clock(), key)])
        tx.suppressions.add("first@gone.example", reason="complained", now=app.clock())
        tx.audit.add("campaign.change", by="jean", now=app.clock(), kind="campaign", subject="c0")
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(sa.text(_SUBSCRIPTIONS))
        connection.execute(sa.text(_LEFT))
        copy_rows(
            connection,
            events,
            rows,
            id="(SELECT max(id) FROM events) + i",
            event_id="'event-' || i",
            channel="CASE WHEN i % 500000 = 1 THEN 'rare' ELSE 'mail' END",
            kind="CASE WHEN i % 400000 = 1 THEN 'complained' ELSE 'delivered' END",
            delivery_id=f"{key} + (i % {rows})",
        )
        copy_rows(connection, audit, rows, id="(SELECT max(id) FROM audit) + i")
        copy_rows(
            connection,
            posts,
            rows,
            id="(SELECT max(id) FROM posts) + i",
            feed="'feed' || (i % 200)",
            identity="'post-' || i",
            guid="'post-' || i",
            link="'https://posts.example/' || i",
            link_key="'posts.example/' || i",
            title_key="'post ' || i",
        )
        connection.execute(sa.text(_SUPPRESSED), {"rows": rows})
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("ANALYZE"))
    engine.dispose()
    return edition.id


_SUPPRESSED = """
INSERT INTO suppressions (email_key, email, reason, since, source)
WITH RECURSIVE numbers(i) AS (
  SELECT CAST(1 AS INTEGER) UNION ALL SELECT i + 1 FROM numbers WHERE i < :rows
)
SELECT 'gone' || i || '@gone' || (i % 50) || '.example',
       'gone' || i || '@gone' || (i % 50) || '.example',
       'hard_bounce', CURRENT_TIMESTAMP, 'channel mail'
FROM numbers
"""
