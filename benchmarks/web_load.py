"""Readers' pages while an edition goes out: what each of them costs the other.

wrk asks over 50 connections for the health page, for pages to leave (looking and leaving, of people
who get none of the edition's mails) and for links that are forged. Load, pages, sender and sink
share the machine; the pages are `dispatch up --role web`, on the sender's SQLite file.
"""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks.figures import Measured
from benchmarks.processes import ROOT, free_port, listening, tool
from benchmarks.sinks import fast_sink
from benchmarks.stage import Options, Prepared, Stage, send
from benchmarks.workspace import SECRET_KEY, add_people, opened, public_id

CONNECTIONS = 50
PER_SECOND = 100
LEAVERS = 5_000
"""Enough for each to leave once, at most rates."""

SECONDS_AT_MOST = 3_600
"""wrk is told to stop when the edition is out."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """An edition's way out under a load: how long it took, and what wrk says."""

    seconds: float
    wrk: Mapping[str, Any]

    @property
    def errors(self) -> int:
        """Requests without an answer, or with another than the right one."""
        return int(self.wrk["lost"] + self.wrk["wrong"])


def measure_web(options: Options, stage: Stage) -> Iterator[Measured]:
    """Sending alone, with a load at a stated rate, and with all that wrk can ask."""
    tool("wrk")
    mails = options.mails
    prepared = stage.prepared(mails)
    alone, stated, full = [], [], []
    with fast_sink(options.fast_sink) as sink:
        for _ in range(options.rounds):
            with stage.copy(prepared, port=sink.port) as once:
                _write_requests(once, mails)  # the same database in the same state of the disk
                alone.append(send(once, mails).usage.seconds)
            for found, pause in ((stated, 1000 * CONNECTIONS // PER_SECOND), (full, 0)):
                with stage.copy(prepared, port=sink.port) as once:
                    found.append(_send_under_load(once, mails, pause=pause))
    for name, loads in (("web", stated), ("web-full", full)):
        rates = [bare / one.seconds for bare, one in zip(alone, loads, strict=True)]
        yield Measured(f"{name}-rate", rates, _details(mails, alone, loads))
        yield Measured(f"{name}-p99", [one.wrk["p99_ms"] for one in loads])
        yield Measured(f"{name}-errors", [max(one.errors for one in loads)])


def _send_under_load(once: Prepared, mails: int, *, pause: int) -> Loaded:
    asked = _write_requests(once, mails)
    with _pages(once.folder) as port, wrk(port, asked, pause=pause) as stop:
        seconds = send(once, mails).usage.seconds
        return Loaded(seconds, stop())


def _write_requests(once: Prepared, mails: int) -> Path:
    """In equal parts: health, looking at the way out, taking it, and links of nobody."""
    with opened(once.folder, once.database) as app:
        add_people(app.settings.database_url, first=mails + 1, last=mails + LEAVERS)
        token = app.tools.links.unsubscribe_tokens("readers")
        links = [token(public_id(mails + 1 + number)) for number in range(LEAVERS)]
    methods = cycle(("GET", "POST"))
    file = once.folder / "requests.txt"
    with file.open("w") as out:
        for link, method in zip(links, methods, strict=False):
            out.write(f"GET /health 200\nGET /unsubscribe/{link} 200\n")
            out.write(f"POST /unsubscribe/{link} 200\n{method} /unsubscribe/{link}forged 404\n")
    return file


@contextmanager
def _pages(folder: Path) -> Iterator[int]:
    """The web application of a workspace, at the port that this gives."""
    port = free_port()
    command = [sys.executable, "-m", "dispatch", "-w", str(folder), "up", "--role", "web"]
    environ = ["env", f"DISPATCH_SECRET_KEY={SECRET_KEY}"]
    with listening([*environ, *command, "--port", str(port)], port):
        yield port


@contextmanager
def wrk(
    port: int, asked: Path, *, pause: int, connections: int = CONNECTIONS
) -> Iterator[Callable[[], Mapping[str, Any]]]:
    """The tool `wrk` at work; calling what this gives stops it, and tells what it found."""
    script = ROOT / "benchmarks" / "web_load.lua"
    how = ["-t", "1", "-c", str(connections), "-d", str(SECONDS_AT_MOST), "--timeout", "10s"]
    where = ["-s", str(script), f"http://127.0.0.1:{port}", "--", str(asked), str(pause)]
    with subprocess.Popen(
        [tool("wrk"), *how, *where], stdout=subprocess.PIPE, text=True
    ) as tool_at_work:

        def stop() -> Mapping[str, Any]:
            tool_at_work.send_signal(signal.SIGINT)
            said, _ = tool_at_work.communicate(timeout=30)
            found: Mapping[str, Any] = json.loads(said.strip().splitlines()[-1])
            return found

        try:
            yield stop
        finally:
            tool_at_work.kill()


def _details(mails: int, alone: list[float], loads: list[Loaded]) -> Mapping[str, Any]:
    return {
        "mails": mails,
        "alone_per_second": round(mails / median(alone)),
        "under_load_per_second": round(mails / median(one.seconds for one in loads)),
        "answers_per_second": round(
            median(one.wrk["answers"] / one.wrk["seconds"] for one in loads), 1
        ),
        "median_answer_ms": median(one.wrk["p50_ms"] for one in loads),
        "slowest_answer_ms": max(one.wrk["slowest_ms"] for one in loads),
    }
