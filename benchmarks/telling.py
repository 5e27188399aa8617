"""What a provider tells of an edition while it goes out: how many events a second are taken in.

One `dispatch up --role web` takes requests of 500 events over the database from which another
process sends 1,000 mails a second. Each mail is delivered, opened and clicked, and told of once it
was handed over. Whoever tells, pages, sender and sink share the machine.
"""

import http.client
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Bell
from threading import local
from typing import Any, TypeVar

import sqlalchemy as sa

from benchmarks.called_back import NAME, announce, call_of
from benchmarks.figures import Measured
from benchmarks.postgres import postgres
from benchmarks.processes import ROOT, Child, free_port, listening
from benchmarks.sinks import fast_sink
from benchmarks.stage import Options, Prepared, Stage, WrongCountError, patience
from benchmarks.workspace import SECRET_KEY
from dispatch.clock import system_clock
from dispatch.model.delivery.event import EventKind
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import deliveries, events

T = TypeVar("T")

PACE = 1_000.0
"""Mails a second of the edition."""

EVENTS = 500
"""In a request, as in a batch of Brevo's."""

PER_SECOND = 3_000
MORE = 1.1
"""So much more often they are told than they have to be taken in."""

KINDS = (EventKind.DELIVERED, EventKind.OPENED, EventKind.CLICKED)
CALLERS = 4
HEAD_START = 2.0
"""Seconds after which the first mails have been handed over, and can be told of."""

OK = 202
ALMOST = 0.95


@dataclass(frozen=True, slots=True)
class Told:
    """Events taken in a second, how long the slowest twentieth of requests waited, and the pace."""

    per_second: float
    p95_ms: float
    slowest_ms: float
    mails: float


def measure_telling(options: Options, stage: Stage) -> Iterator[Measured]:
    """On SQLite and on PostgreSQL."""
    plugins = stage.new_folder()
    announce(plugins)

    def tell(once: Prepared) -> Told:
        return _tell(once, options.mails, plugins)

    for name, found in beside_editions(options, stage, tell):
        yield from _figures(name, found, options.mails)


def beside_editions(
    options: Options, stage: Stage, measure: Callable[[Prepared], T]
) -> Iterator[tuple[str, list[T]]]:
    """What is measured of copies whose edition goes out at PACE; first on SQLite."""
    with fast_sink(options.fast_sink) as sink:
        prepared = stage.prepared(options.mails)
        found = []
        for _ in range(options.rounds):
            with stage.copy(prepared, port=sink.port, per_second=PACE) as once:
                found.append(measure(once))
        yield "sqlite", found
        with postgres(options.postgres) as server, server.database() as database:
            prepared = stage.prepare(options.mails, database=database)
            found = []
            for _ in range(options.rounds):
                with stage.copy(prepared, port=sink.port, server=server, per_second=PACE) as once:
                    found.append(measure(once))
        yield "postgres", found


def _figures(name: str, found: Sequence[Told], mails: int) -> Iterator[Measured]:
    details = {"mails": mails, "events": EVENTS, "slowest_ms": max(one.slowest_ms for one in found)}
    yield Measured(f"events-{name}", [one.per_second for one in found], details)
    yield Measured(f"events-{name}-p95", [one.p95_ms for one in found])
    yield Measured(f"events-{name}-pace", [one.mails for one in found])


def _tell(once: Prepared, mails: int, plugins: Path) -> Told:
    """Send the edition while it is told of; raises WrongCountError."""
    _add_channel(once.folder)
    database = once.database or f"sqlite:///{once.folder / 'dispatch.db'}"
    requests = list(_requests(database, once.edition))
    with (
        pages_of(once, plugins) as port,
        Child(
            "sender", once.folder, once.edition, *on_database(once), timeout=patience(mails)
        ) as sender,
    ):
        sender.wait_until_ready()
        sender.go()
        Bell().wait(HEAD_START)
        began = time.monotonic()
        waited = _call(port, requests)
        seconds = time.monotonic() - began
        report = sender.result()
    kept = _count(database)
    if report["accepted"] != mails or kept != mails * len(KINDS):
        raise WrongCountError(f"{report['accepted']} of {mails} were accepted, {kept} events kept")
    waited.sort()
    return Told(
        kept / seconds,
        round(1000 * waited[int(ALMOST * (len(waited) - 1))], 1),
        round(1000 * waited[-1], 1),
        pace_of(database),
    )


def _call(port: int, requests: Sequence[Sequence[dict[str, Any]]]) -> list[float]:
    """Tell all of it at an even pace, by a few connections; how long each was waited for."""
    began, mine = time.monotonic(), local()
    every = EVENTS / (PER_SECOND * MORE)

    def call(number: int) -> float:
        if not hasattr(mine, "connection"):
            mine.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        Bell().wait(max(began + number * every - time.monotonic(), 0))
        told = call_of(requests[number], secret=SECRET_KEY, at=_now())
        asked = time.monotonic()
        mine.connection.request("POST", f"/hooks/{NAME}", told.body, dict(told.headers))
        with mine.connection.getresponse() as reply:
            reply.read()
        if reply.status != OK:
            raise WrongCountError(f"a request was answered by {reply.status}")
        return time.monotonic() - asked

    with ThreadPoolExecutor(CALLERS) as callers:
        return list(callers.map(call, range(len(requests))))


def _requests(database: str, edition: str) -> Iterator[list[dict[str, Any]]]:
    """All that there is to tell, cut into requests, in the order in which it happens."""
    engine = open_engine(database)
    with engine.connect() as connection:
        query = sa.select(deliveries.c.id, deliveries.c.recipient).order_by(deliveries.c.id)
        rows = connection.execute(query).all()
    engine.dispose()
    told = [
        {
            "event": kind.value,
            "id": f"{kind.value}-{row.id}",
            "at": _now(),
            "delivery": f"{edition}.{row.id}",
            "message": f"message-{row.id}",
            "email": row.recipient,
            "response": "250 2.0.0 OK: queued as 4F7A1B2C3D, thank you for flying with us",
            "ip": "192.0.2.7",
            "useragent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36",
        }
        for row in rows
        for kind in KINDS
    ]
    for at in range(0, len(told), EVENTS):
        yield told[at : at + EVENTS]


def _now() -> int:
    return int(system_clock().timestamp())


def _count(database: str) -> int:
    engine = open_engine(database)
    with engine.connect() as connection:
        found = connection.scalar(
            sa.select(sa.func.count()).where(events.c.delivery_id.is_not(None))
        )
    engine.dispose()
    return found or 0


def pace_of(database: str) -> float:
    """How many mails were accepted in a second, by the moments in the ledger."""
    at = deliveries.c.changed_at
    moments = sa.select(sa.func.min(at, type_=at.type), sa.func.max(at, type_=at.type))
    engine = open_engine(database)
    with engine.connect() as connection:
        first, last = connection.execute(moments).one()
        mails = connection.scalars(sa.select(sa.func.count()).select_from(deliveries)).one()
    engine.dispose()
    return float((mails - 1) / (last - first).total_seconds())


def _add_channel(folder: Path) -> None:
    file = folder / "schedules.yaml"
    schedules = json.loads(file.read_text())
    options = {"webhook_secret": "env:BENCH_API_KEY"}
    schedules["channels"][NAME] = {"provider": NAME, "options": options}
    file.write_text(json.dumps(schedules))


def on_database(once: Prepared) -> list[str]:
    """What tells a process of its own which database."""
    return ["--database", once.database] if once.database else []


@contextmanager
def pages_of(once: Prepared, plugins: Path) -> Iterator[int]:
    """The web application over the database that is sent from, at the port that this gives."""
    port = free_port()
    environ = [
        f"DISPATCH_SECRET_KEY={SECRET_KEY}",
        f"BENCH_API_KEY={SECRET_KEY}",
        f"PYTHONPATH={plugins}:{ROOT}",
        *([f"DISPATCH_DATABASE_URL={once.database}"] if once.database else []),
    ]
    command = [sys.executable, "-m", "dispatch", "-w", str(once.folder), "up", "--role", "web"]
    with listening(["env", *environ, *command, "--port", str(port)], port):
        yield port
