"""Programs call the API while an edition goes out: calls a second, and how long each took.

One `dispatch up --role web` answers over the database from which another process sends 1,000 mails
a second. Reads are lists and single things, writes make, change and end something, each with a key
of its own. Whoever calls, pages, sender and sink share the machine.
"""

import http.client
import json
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Event as Bell
from threading import local

from benchmarks.figures import Measured
from benchmarks.lists import token_of
from benchmarks.processes import Child
from benchmarks.stage import Options, Prepared, Stage, WrongCountError, patience
from benchmarks.telling import PACE, beside_editions, on_database, pace_of, pages_of
from benchmarks.workspace import add_people, opened, public_id

READS, WRITES = 150, 50
"""A second, which is what has to be reached."""

MORE = 1.1
"""So much more often they are made."""

CALLERS = 8
FIRST = 10_000_000
"""The number of the first reader who is in no edition, and only called about."""

HEAD_START = 2.0
SLOWEST = 10.0
"""Times as long as it should take: after that no call is begun, and the row fails."""

ALMOST = 0.95
OK = {200, 201}


@dataclass(frozen=True, slots=True)
class Asked:
    """One call: its method, its path and what it says."""

    method: str
    path: str
    body: object = None


@dataclass(frozen=True, slots=True)
class Called:
    """Reads and writes a second, the slowest twentieth of each in milliseconds, and the pace."""

    reads: float
    reads_ms: float
    writes: float
    writes_ms: float
    mails: float


def measure_calling(options: Options, stage: Stage) -> Iterator[Measured]:
    """On SQLite and on PostgreSQL."""
    plugins = stage.new_folder()

    def call(once: Prepared) -> Called:
        return _call_beside(once, options.mails, plugins)

    for name, found in beside_editions(options, stage, call):
        yield from _figures(name, found, options.mails)


def _figures(name: str, found: Sequence[Called], mails: int) -> Iterator[Measured]:
    yield Measured(f"api-{name}-reads", [one.reads for one in found], {"mails": mails})
    yield Measured(f"api-{name}-reads-p95", [one.reads_ms for one in found])
    yield Measured(f"api-{name}-writes", [one.writes for one in found])
    yield Measured(f"api-{name}-writes-p95", [one.writes_ms for one in found])
    yield Measured(f"api-{name}-pace", [one.mails for one in found])


def _call_beside(once: Prepared, mails: int, plugins: Path) -> Called:
    """Send the edition while programs call; raises WrongCountError."""
    seconds = max(mails / PACE - HEAD_START, 1.0)
    reads, writes = int(READS * MORE * seconds), int(WRITES * MORE * seconds)
    database = once.database or f"sqlite:///{once.folder / 'dispatch.db'}"
    with opened(once.folder, once.database) as app:
        token = token_of(app)
        add_people(app.settings.database_url, first=FIRST, last=FIRST + writes)
    with (
        pages_of(once, plugins) as port,
        Child(
            "sender", once.folder, once.edition, *on_database(once), timeout=patience(mails)
        ) as sender,
    ):
        caller = _Caller(port, token)
        caller.warm(once.edition)
        sender.wait_until_ready()
        sender.go()
        Bell().wait(HEAD_START)
        # Each has its own callers: in one line the writes would wait for the last read.
        with ThreadPoolExecutor(CALLERS) as readers, ThreadPoolExecutor(CALLERS) as writers:
            begun = time.monotonic()
            caller.until = begun + SLOWEST * seconds
            read = _evenly(readers, reads, begun, READS * MORE, caller.read(once.edition))
            written = _evenly(writers, writes, begun, WRITES * MORE, caller.write)
            reading = [one.result() for one in read]
            writing = [one.result() for one in written]
        report = sender.result()
    if report["accepted"] != mails:
        raise WrongCountError(f"{report['accepted']} of {mails} were accepted")
    return Called(
        len(reading) / (max(end for end, _ in reading) - begun),
        _p95(reading),
        len(writing) / (max(end for end, _ in writing) - begun),
        _p95(writing),
        pace_of(database),
    )


def _evenly(
    threads: ThreadPoolExecutor,
    number: int,
    begun: float,
    per_second: float,
    call: Callable[[int], tuple[float, float]],
) -> list[Future[tuple[float, float]]]:
    def one(which: int) -> tuple[float, float]:
        Bell().wait(max(begun + which / per_second - time.monotonic(), 0))
        return call(which)

    return [threads.submit(one, which) for which in range(number)]


def _p95(calls: Sequence[tuple[float, float]]) -> float:
    taken = sorted(seconds for _, seconds in calls)
    return round(1000 * taken[int(ALMOST * (len(taken) - 1))], 1)


class _Caller:
    """Makes calls, over a connection for each thread."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token, self._mine = port, token, local()
        self.until = float("inf")

    def warm(self, edition: str) -> None:
        """Have the service load what the first call waits for."""
        for which in range(5):
            self.read(edition)(which)

    def read(self, edition: str) -> Callable[[int], tuple[float, float]]:
        """What programs look at."""
        asked = [
            "/me",
            "/subscribers?limit=50",
            f"/subscribers/{public_id(FIRST)}",
            f"/editions/{edition}/deliveries?limit=50",
            "/events?limit=50",
        ]
        return lambda which: self._call(Asked("GET", asked[which % len(asked)]), which)

    def write(self, which: int) -> tuple[float, float]:
        """What programs change, each time of somebody else."""
        reader = public_id(FIRST + which)
        asked = (
            Asked(
                "POST",
                "/subscribers",
                {"email": f"new{which}@x.example", "audience": "readers", "source": "the fair"},
            ),
            Asked("PATCH", f"/subscribers/{reader}/profile", {"name": "New", "source": "phone"}),
            Asked("POST", f"/subscribers/{reader}/end", {"audiences": ["readers"], "why": "phone"}),
            Asked("POST", "/suppressions", {"target": f"gone{which}@x.example", "reason": "phone"}),
        )
        return self._call(asked[which % len(asked)], which)

    def _call(self, asked: Asked, which: int) -> tuple[float, float]:
        """When it was answered, and how long that took; raises WrongCountError."""
        if time.monotonic() > self.until:
            raise WrongCountError(f"call {which} is {SLOWEST:g} times too late")
        if not hasattr(self._mine, "connection"):
            self._mine.connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        headers = {"Authorization": f"Bearer {self._token}", "If-Match": "*"}
        body = None
        if asked.body is not None:
            body = json.dumps(asked.body)
            headers |= {"Content-Type": "application/json", "Idempotency-Key": f"call-{which}"}
        began = time.monotonic()
        self._mine.connection.request(asked.method, f"/api/v1{asked.path}", body, headers)
        with self._mine.connection.getresponse() as reply:
            said = reply.read()
        end = time.monotonic()
        if reply.status not in OK:
            raise WrongCountError(f"{asked.path}: {reply.status} {said[:200]!r}")
        return end, end - began
