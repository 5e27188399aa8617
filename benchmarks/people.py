"""People's pages while an edition goes out at a pace: how many of each kind are answered a second.

One `dispatch up --role web` answers on the SQLite file from which another process sends 1,000 mails
a second; wrk, pages, sender and sink share the machine. Each kind is asked for by itself, a fifth
more often than it has to be answered. Beside that: that who leaves before their mail is on its way
gets none, and what 10,000 sign-ups a minute of one network come to.
"""

import json
import re
import sys
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from urllib.parse import quote

import sqlalchemy as sa

from benchmarks.figures import FIGURES, Measured
from benchmarks.processes import Child, free_port, listening, tool
from benchmarks.sinks import fast_sink
from benchmarks.stage import Options, Prepared, Stage, WrongCountError, patience
from benchmarks.web_load import wrk
from benchmarks.workspace import SECRET_KEY, add_people, compose, opened, public_id
from dispatch.app import App
from dispatch.pipeline.delivery.address import address_edition
from dispatch.store.database.engine import open_engine
from dispatch.web.joining import tokens_of

PACE = 1_000.0
"""Mails a second of the edition."""

CONNECTIONS = 10
MORE = 1.2
"""So much more often each kind is asked for than it has to be answered."""

IDLE_SECONDS = 3

JUNK_PER_SECOND = 10_000 / 60
FIRST_OF_PAGES = 10_000_000
"""The number of the first reader who is in no edition, and only uses pages."""

_LEFT = "SELECT count(*) FROM subscriptions WHERE state = 'ended'"
_LATE = """
SELECT count(*) FROM subscriptions s JOIN deliveries d ON d.subscriber_id = s.subscriber_id
WHERE s.audience = 'readers' AND s.state = 'ended' AND d.state = 'accepted'
AND julianday(d.changed_at) - julianday(s.since) > 2.0 / 86400
"""

Requests = Callable[[App, int, int], Iterator[str]]
"""Lines for wrk: what is asked of a workspace, how often, and at which port."""


@dataclass(frozen=True, slots=True)
class Beside:
    """An edition's way out beside a load: what was answered and how the edition went."""

    answers: float
    p99_ms: float
    wrong: int
    mails: float
    accepted: int


def measure_people(options: Options, stage: Stage) -> Iterator[Measured]:
    """Each kind of page by itself, leaving in time, and junk."""
    tool("wrk")
    prepared = stage.prepared(options.mails)
    with fast_sink(options.fast_sink) as sink:
        idle = 0.0
        with _workspace(stage, prepared, sink.port) as once, _pages(once.folder) as port:
            asked = _file(once, ["GET /health 200"])
            with wrk(port, asked, pause=0, connections=CONNECTIONS) as stop:
                Event().wait(IDLE_SECONDS)
                said = stop()
            idle = said["answers"] / said["seconds"]
        yield Measured("people-health", [idle])
        slowest = []
        for kind, requests in KINDS.items():
            found = []
            for _ in range(options.rounds):
                with _workspace(stage, prepared, sink.port) as once:
                    found.append(_beside(once, options.mails, requests, FIGURES[kind].least or 0))
            slowest += [one.mails for one in found]
            answers = [one.answers for one in found]
            yield Measured(kind, answers, _details(found, idle))
        yield Measured("people-edition", [min(slowest)])
        yield from _leaving(options, stage, prepared, sink.port)
        yield from _junk(options, stage, prepared, sink.port)


def _leaving(options: Options, stage: Stage, prepared: Prepared, port: int) -> Iterator[Measured]:
    """Readers of the last quarter leave while the first ones are written to.

    A mail that was handed over before they left may be answered for a moment later.
    """
    with _workspace(stage, prepared, port) as once:

        def last(app: App, number: int, _: int) -> Iterator[str]:
            first = options.mails - min(number, options.mails // 4)
            return _leave(app, range(first + 1, options.mails + 1))

        _beside(once, options.mails, last, 200)
        late, left = _ask(once, _LATE), _ask(once, _LEFT)
    yield Measured("people-left-late", [late], {"left": left})


def _junk(options: Options, stage: Stage, prepared: Prepared, port: int) -> Iterator[Measured]:
    with _workspace(stage, prepared, port) as once:
        found = _beside(once, options.mails, _signing_up_alike, JUNK_PER_SECOND / MORE, any_=True)
        mails = _ask(once, "SELECT count(*) FROM reader_mails")
    details = {"asked_per_second": round(found.answers, 1), "mails_per_second": round(found.mails)}
    yield Measured("people-junk", [mails], details)


def _beside(
    once: Prepared, mails: int, requests: Requests, least: float, *, any_: bool = False
) -> Beside:
    """Send the edition while pages are asked for; raises WrongCountError."""
    with _pages(once.folder) as port:
        number = int(least * MORE * (mails / PACE + 10))
        with opened(once.folder, "") as app:
            lines = list(requests(app, number, port))
        asked = _file(once, [line.replace(" 200 ", " any ", 1) if any_ else line for line in lines])
        pause = int(1000 * CONNECTIONS / (least * MORE))
        with Child("sender", once.folder, once.edition, timeout=patience(mails)) as sender:
            sender.wait_until_ready()
            with wrk(port, asked, pause=pause, connections=CONNECTIONS) as stop:
                sender.go()
                report = sender.result()
                said = stop()
    left = _ask(once, _LEFT)
    if not mails - left <= report["accepted"] <= mails:
        raise WrongCountError(f"{report['accepted']} of {mails} were accepted, {left} left")
    return Beside(
        (said["answers"] - said["wrong"]) / said["seconds"],
        said["p99_ms"],
        int(said["wrong"] + said["lost"]),
        report["accepted"] / report["seconds"],
        report["accepted"],
    )


def _signing_up(app: App, number: int, _: int) -> Iterator[str]:
    return _forms(app, (f"10.{at >> 16 & 255}.{at >> 8 & 255}.{at & 255}" for at in range(number)))


def _signing_up_alike(app: App, number: int, _: int) -> Iterator[str]:
    return _forms(app, ("192.0.2.7" for _ in range(number)))


def _forms(app: App, networks: Iterator[str]) -> Iterator[str]:
    form = app.workspace.form("newsletter")
    token = quote(tokens_of(form, app).make(app.clock(), aged=True))
    for at, network in enumerate(networks):
        body = f"email=new{at}%40people.example&agree=yes&token={token}"
        yield f"POST /subscribe/newsletter 200 {body} X-Forwarded-For:{network}"


def _choosing(app: App, number: int, _: int) -> Iterator[str]:
    """By turns somebody leaves and somebody says what they are called."""
    people = _readers_of_pages(app, number)
    token = app.tools.links.preferences_tokens("readers")
    for leaving, one in zip(
        _leave(app, people[: number // 2]), people[number // 2 :], strict=False
    ):
        yield leaving
        yield f"POST /preferences/{token(public_id(one))} 303 do=save&name=Ada+{one}"


def _leave(app: App, people: Sequence[int]) -> Iterator[str]:
    token = app.tools.links.unsubscribe_tokens("readers")
    for one in people:
        yield f"POST /unsubscribe/{token(public_id(one))} 200"


def _checking(_: App, number: int, port: int) -> Iterator[str]:
    path, etag = _past(port)
    yield from [f"GET {path} 304 - If-None-Match:{etag}"] * min(number, 100)


def _reading(_: App, number: int, port: int) -> Iterator[str]:
    path, _etag = _past(port)
    yield from [f"GET {path} 200"] * min(number, 100)


KINDS: dict[str, Requests] = {
    "people-signups": _signing_up,
    "people-choices": _choosing,
    "people-checks": _checking,
    "people-pages": _reading,
}


def _readers_of_pages(app: App, number: int) -> range:
    people = range(FIRST_OF_PAGES, FIRST_OF_PAGES + number)
    add_people(app.settings.database_url, first=people[0], last=people[-1])
    return people


def _past(port: int) -> tuple[str, str]:
    """Where the past edition is read, and by which mark a proxy asks whether it has changed."""
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/archive/past", timeout=10) as reply:
        found = re.search(r'/archive/past/[^"/?#]+(?=")', reply.read().decode())
    assert found, "the archive shows no edition"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{found[0]}", timeout=10) as reply:
        return found[0], reply.headers["ETag"]


@contextmanager
def _workspace(stage: Stage, prepared: Prepared, port: int) -> Iterator[Prepared]:
    """The prepared one with a form and an archive, in which one edition has gone out before."""
    with stage.copy(prepared, port=port, per_second=PACE) as once:
        file = once.folder / "schedules.yaml"
        schedules = json.loads(file.read_text())
        email = {"audience": "past", "template": "plain", "via": "outbox"}
        schedules["campaigns"]["past"] = {"feeds": ["blog"], "archive": "public", "email": email}
        form = {"audiences": ["readers"], "via": "outbox", "per_hour": 1_000_000}
        schedules["forms"] = {"newsletter": form}
        file.write_text(json.dumps(schedules))
        with opened(once.folder, "") as app:
            _send_past(app)
        yield once


def _send_past(app: App) -> None:
    engine = open_engine(app.settings.database_url)
    with engine.begin() as connection:
        connection.execute(sa.text(_ONE))
    engine.dispose()
    edition = compose(app, "past")
    address_edition(edition.id, store=app.store, clock=app.clock)
    app.delivery.send(edition.id)


_ONE = """
INSERT INTO subscriptions (subscriber_id, audience, state, since)
SELECT min(id), 'past', 'active', CURRENT_TIMESTAMP FROM subscribers
"""


def _file(once: Prepared, lines: Sequence[str]) -> Path:
    file = once.folder / "requests.txt"
    file.write_text("\n".join(lines) + "\n")
    return file


@contextmanager
def _pages(folder: Path) -> Iterator[int]:
    port = free_port()
    command = [sys.executable, "-m", "dispatch", "-w", str(folder), "up", "--role", "web"]
    environ = [f"DISPATCH_SECRET_KEY={SECRET_KEY}", "DISPATCH_PROXIES=127.0.0.1"]
    with listening(["env", *environ, *command, "--port", str(port)], port):
        yield port


def _ask(once: Prepared, question: str) -> int:
    engine = open_engine(f"sqlite:///{once.folder / 'dispatch.db'}")
    with engine.begin() as connection:
        found: int = connection.scalar(sa.text(question)) or 0
    engine.dispose()
    return found


def _details(found: Sequence[Beside], idle: float) -> dict[str, float]:
    return {
        "share_of_idle_health": round(min(one.answers for one in found) / idle, 3),
        "p99_ms": max(one.p99_ms for one in found),
        "wrong": max(one.wrong for one in found),
        "mails_per_second": round(min(one.mails for one in found)),
    }
