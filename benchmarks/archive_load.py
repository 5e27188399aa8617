"""Past editions on the web while one goes out: pages, and browsers that have them already.

wrk asks as fast as it is answered, over 50 connections: for the page of the very edition that is
on its way out, and whether it is still the same. The machine is shared as for all pages.
"""

import json
from collections.abc import Iterator
from urllib.request import urlopen

from benchmarks.figures import Measured
from benchmarks.processes import tool
from benchmarks.sinks import fast_sink
from benchmarks.stage import Options, Prepared, Stage, send
from benchmarks.web_load import Loaded, pages, wrk
from benchmarks.workspace import opened

PACE = 1_000.0
"""Mails a second that go out meanwhile."""


def measure_archive(options: Options, stage: Stage) -> Iterator[Measured]:
    """Pages a second and validations a second, each by itself."""
    tool("wrk")
    prepared = stage.prepared(options.mails)
    loads: dict[int, list[Loaded]] = {200: [], 304: []}
    with fast_sink(options.fast_sink) as sink:
        for _ in range(options.rounds):
            for status, found in loads.items():
                with stage.copy(prepared, port=sink.port, per_second=PACE) as once:
                    found.append(_send_while_read(once, options.mails, status=status))
    for name, status in (("archive", 200), ("archive-again", 304)):
        rates = [one.wrk["answers"] / one.wrk["seconds"] for one in loads[status]]
        sent = [options.mails / one.seconds for one in loads[status]]
        yield Measured(name, rates, {"mails": options.mails, "sent_per_second": round(min(sent))})
        yield Measured(f"{name}-p99", [one.wrk["p99_ms"] for one in loads[status]])
        yield Measured(f"{name}-errors", [max(one.errors for one in loads[status])])


def _send_while_read(once: Prepared, mails: int, *, status: int) -> Loaded:
    path = _open_archive(once)
    with pages(once.folder) as port:
        with urlopen(f"http://127.0.0.1:{port}{path}") as answer:
            etag = answer.headers["ETag"] if status == 304 else ""
        asked = once.folder / "requests.txt"
        asked.write_text(f"GET {path} {status} {etag}".strip() + "\n")
        with wrk(port, asked, pause=0) as stop:
            seconds = send(once, mails).usage.seconds
            return Loaded(seconds, stop())


def _open_archive(once: Prepared) -> str:
    """The path of the edition's page, once its campaign has an archive."""
    file = once.folder / "schedules.yaml"
    schedules = json.loads(file.read_text())
    schedules["campaigns"]["weekly"]["archive"] = "public"
    file.write_text(json.dumps(schedules))
    with opened(once.folder, once.database) as app, app.store.read() as tx:
        [edition] = tx.archive.of("weekly")
    return f"/archive/weekly/{edition.name}"
