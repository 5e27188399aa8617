"""The team's pages in a large workspace: how long the server takes for each of them.

A million readers, 500 campaigns, and three years of what these have made. Pages are asked for
within this process, so that neither a browser nor a network is measured.
"""

import json
import re
import time
import uuid
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median

import sqlalchemy as sa
from starlette.testclient import TestClient

from benchmarks.figures import Measured
from benchmarks.history import FEEDS, UPLOAD, add_history, add_upload
from benchmarks.postgres import postgres
from benchmarks.stage import Options, Stage
from benchmarks.workspace import add_people, compose, opened, sign_in, write_files
from dispatch.app import App
from dispatch.model.editions.edition import EditionState
from dispatch.model.team.role import Role
from dispatch.pipeline.delivery.address import address_edition
from dispatch.pipeline.team.count_readers import count_readers
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import editions, runs
from dispatch.web.routes import new_web
from dispatch.web.team.cookie import PLAIN, SECURE
from dispatch.web.team.places import PLACES

CAMPAIGNS = 500
WEEKS = 156
ASKED = 20
"""Times that each page is asked for, after one that warms it up."""

TOKEN = "whoever measures"
CHUNK = 2_000
NOT_PAGES = (".csv", ".events", ".eml", ".json", ".ics", ".opml")
"""Files and streams: they take as long as they are."""

HOME = ""

ASKED_FOR = (
    "/subscribers?q=reader77",
    "/subscribers?q=Zo%C3%AB",
    "/subscribers?q=nobody%40nowhere.example",
    "/subscribers?audience=readers&state=ended",
    "/suppressions?q=reader77",
    "/suppressions?q=nowhere",
    "/suppressions?what=words",
    "/editions?before=40000",
    "/editions?state=rejected",
    "/editions?campaign=c7&state=finished",
    "/editions?q=nowhere",
    "/posts?state=held",
    "/posts?state=told",
    "/posts?state=told&feed=feed7",
    "/posts?feed=feed7&q=nowhere",
    "/posts?q=nowhere",
    "/audit?who=josette",
    "/audit?what=plans",
    "/audit?q=nowhere",
    "/calendar?list=2026-12-24",
    "/calendar?month=2027-01",
    "/campaigns?q=nowhere",
    "/campaigns/c0/simulate?weeks=52",
    "/feeds?q=nowhere",
)
"""With filters, also such that nothing passes."""

DELIVERIES = ("state=failed", "q=reader77%40mail27.example", "q=nowhere")

_GO_ON = "SELECT setval(pg_get_serial_sequence('editions', 'number'), :number)"
"""PostgreSQL counts on its own, and not from what was written beside it."""


def measure_team_pages(options: Options, stage: Stage) -> Iterator[Measured]:
    """Home, and the slowest of all other pages, on both databases."""
    found = _measure(stage.new_folder(), "", options.people)
    yield Measured("team-home-sqlite", [found.pop(HOME)], people=options.people)
    yield Measured("team-pages-sqlite", [max(found.values())])
    with postgres(options.postgres) as server, server.database() as address:
        found = _measure(stage.new_folder(), address, options.people)
    yield Measured("team-home-postgres", [found.pop(HOME)], people=options.people)
    yield Measured("team-pages-postgres", [max(found.values())])


def _measure(folder: Path, database: str, people: int) -> dict[str, float]:
    """Path of a page to its median, in milliseconds."""
    _write(folder)
    with opened(folder, database) as app:
        url = database or f"sqlite:///{folder / 'dispatch.db'}"
        add_people(url, first=1, last=people)
        ids = _history(app, url)
        sign_in(app, "jean", Role.OWNER, TOKEN)
        with app.store.begin() as tx:
            tx.ticks.note("one", "1", now=app.clock())
        count_readers(None, store=app.store, clock=app.clock, zone=app.zone)
        plan = app.texts.plan
        with app.store.begin() as tx:
            add_upload(tx, now=app.clock())
            tx.file_versions.add(plan.name, plan.text, plan.fingerprint, by="jean", now=app.clock())
        with TestClient(new_web(app), follow_redirects=False) as browser:
            for cookie in (SECURE, PLAIN):
                browser.cookies.set(cookie, TOKEN)
            return {path: _median(browser, path) for path in _paths(app, ids)}


def _median(browser: TestClient, path: str) -> float:
    taken = []
    for _ in range(ASKED + 1):
        began = time.perf_counter()
        answer = browser.get(f"/team{path}")
        taken.append(1000 * (time.perf_counter() - began))
        if answer.status_code >= 500:
            raise RuntimeError(f"/team{path}: {answer.status_code}")
    print(f"{median(taken[1:]):8.1f} ms {answer.status_code} /team{path}", flush=True)
    return median(taken[1:])


def _paths(app: App, ids: dict[str, str]) -> Iterator[str]:
    with app.store.read() as tx:
        [post] = tx.posts.latest(limit=1)
        [reader] = tx.subscribers.get([1]).values()
    known = [
        (r".*/preview/\{", "mail"),
        (r"/posts/\{", str(post.id)),
        (r"/campaigns/\{name\}/slots/\{", f"{_next_monday(app):%Y-%m-%dT08:00}"),
        (r"/campaigns/\{", "c0"),
        (r"/feeds/\{", "blog"),
        (r"/channels/\{", "mail"),
        (r"/templates/\{name\}/\{", "digest.mjml"),
        (r"/templates/\{", "plain"),
        (r"/subscribers/import/\{", UPLOAD),
        (r"/subscribers/\{", reader.public_id),
        (r"/forms/\{", "readers"),
        (r"/people/\{", "jean"),
        (r"", "1"),
    ]
    for place in PLACES:
        if place.method != "GET" or place.path.endswith(NOT_PAGES) or "{rest" in place.path:
            continue
        if "/editions/{id}" in place.path:
            for edition in ids.values():
                if place.path.endswith("/deliveries"):
                    for query in DELIVERIES:
                        yield f"/editions/{edition}/deliveries?{query}"
                yield _filled(place.path, [(r"/editions/\{id\}$", edition), *known], edition)
        else:
            yield _filled(place.path, known, "")
    yield from ASKED_FOR


def _filled(path: str, known: list[tuple[str, str]], edition: str) -> str:
    path = path.replace("/editions/{id}", f"/editions/{edition}")
    while (start := path.rfind("{")) >= 0:
        value = next(value for rule, value in known if re.match(rule, path[: start + 1]))
        path = path[:start] + value + path[path.index("}", start) + 1 :]
    return path


def _next_monday(app: App) -> datetime:
    now = app.clock()
    return now + timedelta(days=7 - now.weekday())


def _write(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    write_files(folder, port=2525)
    file = folder / "schedules.yaml"
    plan = json.loads(file.read_text())
    one = plan["campaigns"].pop("weekly")
    plan["campaigns"] = {
        f"c{number}": one
        | {
            "schedule": {"every": "monday", "at": f"{8 + number % 12:02}:00"},
            "title": f"C {number}",
        }
        for number in range(CAMPAIGNS)
    }
    plan["feeds"] |= {name: {"url": f"https://{name}.example/feed.xml"} for name in FEEDS}
    file.write_text(json.dumps(plan))


def _history(app: App, url: str) -> dict[str, str]:
    """Three years of editions, one that goes out to everybody, and one in review."""
    edition = compose(app, "c0")
    engine = open_engine(url)
    with engine.begin() as connection:
        row = connection.execute(sa.select(editions)).mappings().one()
        run = connection.execute(sa.select(runs)).mappings().one()
        content = row["content"]
        some = json.loads(content) if isinstance(content, str) else dict(content)
        some["templates"] = {"plain": {"subject.txt": "A subject"}}
        kept = json.dumps(some) if isinstance(content, str) else some
        number = row["number"]
        made: list[dict[str, object]] = []
        ran: list[dict[str, object]] = []
        for week in range(WEEKS):
            moment = app.clock() - timedelta(weeks=WEEKS - week)
            for campaign in range(CAMPAIGNS):
                number += 1
                made.append(_edition(row, kept, campaign, number, moment))
                ran.append(_run(run, made[-1], campaign, number, moment))
            if len(made) >= CHUNK:
                connection.execute(editions.insert(), made)
                connection.execute(runs.insert(), ran)
                made, ran = [], []
        if made:
            connection.execute(editions.insert(), made)
            connection.execute(runs.insert(), ran)
        past = sa.select(editions.c.id).where(editions.c.state == EditionState.FINISHED.value)
        finished = str(connection.scalar(past.order_by(editions.c.number.desc()).limit(1)))
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text(_GO_ON), {"number": number})
        add_history(connection, now=app.clock())
        if engine.dialect.name == "postgresql":
            connection.execute(sa.text("ANALYZE"))
    engine.dispose()
    waits = compose(app, "c1").id
    with app.store.begin() as tx:
        found = tx.editions.get(waits)
        tx.editions.edit(found, found.content, deadline=None, author="ada")
    tools = app.tools
    address_edition(edition.id, store=app.store, clock=app.clock, renderer=tools.renderer)
    return {"finished": finished, "sending": edition.id, "in review": waits}


def _edition(
    row: sa.RowMapping, content: object, campaign: int, number: int, moment: datetime
) -> dict[str, object]:
    return dict(row) | {
        "id": uuid.UUID(int=(number << 64) + campaign).hex,
        "number": number,
        "campaign": f"c{campaign}",
        "slot": f"{moment:%Y-%m-%dT%H:%M}[UTC]",
        "state": EditionState.FINISHED.value,
        "content": content,
        "totals": json.dumps({"accepted": 1_000}),
        "created_at": moment,
        "addressed": 1_000,
        "addressed_at": moment,
    }


def _run(
    row: sa.RowMapping, edition: dict[str, object], campaign: int, number: int, moment: datetime
) -> dict[str, object]:
    return dict(row) | {
        "id": number + 10_000_000,
        "campaign": f"c{campaign}",
        "slot": edition["slot"],
        "moment": moment,
        "started_at": moment,
        "edition_id": edition["id"],
    }
