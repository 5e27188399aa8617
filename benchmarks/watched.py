"""An edition going out at a stated pace while people watch it, all of it in one `dispatch up`.

Each of them holds the page of the edition open in a browser: a stream of server-sent events. The
sender, the pages, those who watch and the mail server share the machine.
"""

import selectors
import socket
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from threading import Event

import sqlalchemy as sa

from benchmarks.figures import Measured
from benchmarks.processes import free_port, listening
from benchmarks.sinks import fast_sink
from benchmarks.stage import Options, Prepared, Stage, WrongCountError, patience
from benchmarks.workspace import SECRET_KEY, opened, sign_in
from dispatch.model.delivery.state import DeliveryState
from dispatch.model.team.role import Role
from dispatch.store.database.engine import open_engine
from dispatch.store.database.schema import deliveries
from dispatch.web.team.cookie import PLAIN, SECURE

WATCHERS = 50
PER_SECOND = 1_000
TOKEN = "whoever watches"
END = b"event: end"


@dataclass(slots=True)
class Seen:
    """What one who watches was told: when, and how much of it."""

    moments: list[float] = field(default_factory=list)
    events: int = 0
    size: int = 0
    over: bool = False

    def note(self, data: bytes, now: float) -> None:
        """Take in what has come."""
        self.moments.append(now)
        self.events += data.count(b"event: ")
        self.size += len(data)
        self.over = self.over or END in data or not data

    @property
    def longest_silence(self) -> float:
        """In seconds, between two words."""
        pairs = zip(self.moments, self.moments[1:], strict=False)
        return max((later - one for one, later in pairs), default=0.0)


@dataclass(frozen=True, slots=True)
class Watched:
    """How an edition went out: mails a second, and what those who watched were told."""

    per_second: float
    seen: tuple[Seen, ...]


def measure_watched(options: Options, stage: Stage) -> Iterator[Measured]:
    """The same edition with nobody and with 50 people watching; the pace is to be kept."""
    mails = options.mails
    prepared = stage.prepared(mails)
    alone, rounds = [], []
    with fast_sink(options.fast_sink) as sink:
        for _ in range(options.rounds):
            for found, watchers in ((alone, 0), (rounds, WATCHERS)):
                with stage.copy(prepared, port=sink.port, per_second=PER_SECOND) as once:
                    found.append(_go_out(once, mails, watchers=watchers))
    everybody = [seen for one in rounds for seen in one.seen]
    details = {
        "mails": mails,
        "watchers": WATCHERS,
        "pace": PER_SECOND,
        "alone_per_second": [round(one.per_second, 1) for one in alone],
        "events_each": round(sum(seen.events for seen in everybody) / len(everybody), 1),
        "kb_each": round(sum(seen.size for seen in everybody) / len(everybody) / 1000, 1),
    }
    yield Measured("watched-rate", [one.per_second for one in rounds], details)
    silences = [max(seen.longest_silence for seen in one.seen) for one in rounds]
    yield Measured("watched-silence", silences)


def _go_out(once: Prepared, mails: int, *, watchers: int) -> Watched:
    with opened(once.folder, once.database) as app:
        sign_in(app, "ada", Role.VIEWER, TOKEN)
        database = app.settings.database_url
    port = free_port()
    command = [sys.executable, "-m", "dispatch", "-w", str(once.folder), "up"]
    environ = ["env", f"DISPATCH_SECRET_KEY={SECRET_KEY}"]
    with listening([*environ, *command, "--port", str(port)], port):
        seen = _watch(port, once.edition, watchers, seconds=patience(mails))
        per_second = _wait_for_the_end(database, mails, seconds=patience(mails))
    return Watched(per_second, tuple(seen))


def _watch(port: int, edition: str, watchers: int, *, seconds: float) -> list[Seen]:
    """Watch until everybody was told that it is over."""
    path = f"/team/editions/{edition}/progress.events?state=sending"
    cookie = f"{PLAIN}={TOKEN}; {SECURE}={TOKEN}"
    request = (
        f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n"
        f"Cookie: {cookie}\r\n\r\n"
    ).encode()
    seen = [Seen() for _ in range(watchers)]
    until = time.monotonic() + seconds
    with selectors.DefaultSelector() as selector:
        for one in seen:
            client = socket.create_connection(("127.0.0.1", port))
            client.sendall(request)
            selector.register(client, selectors.EVENT_READ, one)
        while selector.get_map() and time.monotonic() < until:
            for key, _ in selector.select(timeout=1):
                client, one = key.fileobj, key.data
                assert isinstance(client, socket.socket)
                one.note(client.recv(1 << 20), time.monotonic())
                if one.over:
                    selector.unregister(client)
                    client.close()
    if not all(one.over and one.events for one in seen):
        raise WrongCountError("somebody who watched was not told that it is over")
    return seen


def _wait_for_the_end(database: str, mails: int, *, seconds: float) -> float:
    """Wait until all are accepted; how many were so in a second, by the moments in the ledger."""
    accepted = deliveries.c.state == DeliveryState.ACCEPTED.value
    at = deliveries.c.changed_at
    query = sa.select(
        sa.func.count(), sa.func.min(at, type_=at.type), sa.func.max(at, type_=at.type)
    ).where(accepted)
    engine = open_engine(database)
    until = time.monotonic() + seconds
    try:
        while time.monotonic() < until:
            with engine.connect() as connection:
                number, first, last = connection.execute(query).one()
            if number == mails:
                return float((mails - 1) / (last - first).total_seconds())
            Event().wait(1)
    finally:
        engine.dispose()
    raise WrongCountError(f"{number} of {mails} were accepted")
