"""Lists of a million in the API: how long the server takes for a page of them.

First pages, deep ones and filtered ones, also such that nothing passes; asked for within this
process, so that no network is measured.
"""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from starlette.testclient import TestClient

from benchmarks.figures import Measured
from benchmarks.history import copy_rows
from benchmarks.postgres import postgres
from benchmarks.stage import Options, Stage
from benchmarks.workspace import add_people, compose, opened, write_files
from dispatch.app import App
from dispatch.model.delivery.event import Event, EventKind
from dispatch.model.team.role import Role
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.team.make_api_token import make_api_token
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import audit, events, posts
from dispatch.store.delivery.row_keys import key_of_reader
from dispatch.store.events.told import Told
from dispatch.web.api.cursors import MARK_LETTERS, cursor_of
from dispatch.web.routes import new_web

_SUBSCRIPTIONS = """
INSERT INTO subscriptions (subscriber_id, audience, state, since)
SELECT id, 'others', CASE WHEN id % 3 = 0 THEN 'ended' ELSE 'active' END, CURRENT_TIMESTAMP
FROM subscribers WHERE id % 10 = 0
"""
_LEFT = "UPDATE subscriptions SET state = 'ended' WHERE subscriber_id % 50 = 7"


LIMIT = 200
"""The longest page that can be asked for."""

ASKED = 20
"""Times that each page is asked for, after one that warms it up."""

FEWEST, MOST_MS = 3, 2_000
"""Fewer times where it takes so long, so that the row ends whatever a page takes."""


def measure_api_lists(options: Options, stage: Stage) -> Iterator[Measured]:
    """The slowest page of all, on both databases."""
    found = _measure(stage.new_folder(), "", options.people)
    yield Measured("api-lists-sqlite", [max(found.values())], _worst(found), people=options.people)
    with postgres(options.postgres) as server, server.database() as address:
        found = _measure(stage.new_folder(), address, options.people)
    yield Measured(
        "api-lists-postgres", [max(found.values())], _worst(found), people=options.people
    )


def _worst(found: Mapping[str, float]) -> dict[str, str]:
    return {"slowest": max(found, key=lambda path: found[path])}


def _measure(folder: Path, database: str, rows: int) -> dict[str, float]:
    """Path of a page to its median, in milliseconds."""
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, port=2525)
    with opened(folder, database) as app:
        edition = fill(app, database or f"sqlite:///{folder / 'dispatch.db'}", rows)
        headers = {"Authorization": f"Bearer {token_of(app)}"}
        with TestClient(new_web(app), headers=headers) as program:
            return {path: _median(program, path) for path in _paths(app, edition, rows)}


def token_of(app: App) -> str:
    """A token with all rights."""
    with app.store.begin() as tx:
        email, now = "jean@news.example", app.clock()
        tx.persons.add(handle="jean", name="Jean", email=email, roles=[Role.OWNER], now=now)
    _, secret = make_api_token(
        "bench",
        roles=[Role.OWNER],
        days=30,
        of="jean",
        by="jean",
        store=app.store,
        clock=app.clock,
    )
    return secret


def _paths(app: App, edition: str, rows: int) -> Iterator[str]:
    deep = f"cursor={cursor_of(rows // 2)}"
    with app.store.read() as tx:
        number = tx.editions.get(edition).number
        last = tx.suppressions.page(most=LIMIT)[-1]
    far = f"cursor={cursor_of(key_of_reader(number, rows // 2))}"
    gone = f"cursor={cursor_of(last.since.isoformat(), 'gone5')}"
    asked = {
        "subscribers": (
            *("", deep, "audience=readers", f"audience=readers&{deep}", "state=ended"),
            *(f"state=ended&{deep}", "audience=others&state=ended", "audience=nobody"),
            *("q=nobody%40nowhere.example", f"q=nowhere&{deep}", "q=reader77"),
        ),
        f"editions/{edition}/deliveries": ("", far, "state=failed", f"state=pending&{far}"),
        "events": ("", deep, "channel=rare", "kind=complained", f"kind=complained&{deep}"),
        "suppressions": ("", gone, "q=nowhere", f"q=nowhere&{gone}", "what=domains", "what=asked"),
        "audit": ("", deep, "by=nobody", "act=person.", f"act=person.&{deep}", "q=nowhere"),
        "posts": (
            *("", deep, "feed=feed7", "state=new", "state=held", "state=told", "state=edition"),
            *("state=dropped", f"state=dropped&{deep}", "text=nowhere"),
        ),
    }
    for path, queries in asked.items():
        for query in queries:
            yield f"/api/v1/{path}?limit={LIMIT}&{query}".rstrip("&")


def _of_this_list(program: TestClient, path: str) -> str:
    """The path with the mark of its list in front of its cursor, as the list itself gives it."""
    beginning, _, cursor = path.partition("cursor=")
    if not cursor:
        return path
    following = program.get(beginning.rstrip("&")).json()["next"] or ""
    return f"{beginning}cursor={following[:MARK_LETTERS]}{cursor}" if following else beginning


def _median(program: TestClient, path: str) -> float:
    path = _of_this_list(program, path)
    taken: list[float] = []
    while len(taken) <= ASKED and (len(taken) <= FEWEST or sum(taken) < MOST_MS):
        began = time.perf_counter()
        answer = program.get(path)
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:200]}")
    print(f"{median(taken[1:]):8.1f} ms {len(answer.json()['items']):4} {path}", flush=True)
    return median(taken[1:])


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
            for table in (events, audit, posts):
                connection.execute(sa.text(_GO_ON.format(table=table.name)))
            connection.execute(sa.text("ANALYZE"))
    engine.dispose()
    return edition.id


_GO_ON = "SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))"
"""Ids that were copied in do not count for the numbers that PostgreSQL gives next."""

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
