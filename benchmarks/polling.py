"""Many feeds polled, of which none has changed.

`python -m benchmarks.polling FOLDER PORT FEEDS [--rounds N] [--one-host]` prints JSON: seconds of
each round, and of CPU.
"""

import argparse
import json
import time
from pathlib import Path

from benchmarks.workspace import SECRET_KEY
from dispatch.app import App, open_app


def main() -> None:
    """Poll them once so that they are known, then once for each round."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("port", type=int)
    parser.add_argument("feeds", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--one-host", action="store_true")
    given = parser.parse_args()
    _write(given.folder, given.port, given.feeds, one_host=given.one_host)
    environ = {"DISPATCH_SECRET_KEY": SECRET_KEY, "DISPATCH_PRIVATE_NETWORKS": "127.0.0.0/8"}
    with open_app(given.folder, environ=environ) as app:
        problems = [report.problem for report in app.intake.poll() if report.problem]
        assert not problems, problems[0]
        rounds = [_round(app, given.feeds) for _ in range(given.rounds)]
    seconds, cpu = zip(*rounds, strict=True)
    print(json.dumps({"seconds": seconds, "cpu": cpu}))


def _round(app: App, feeds: int) -> tuple[float, float]:
    began, cpu = time.perf_counter(), time.process_time()
    reports = list(app.intake.poll(app.workspace.feeds))
    taken = time.perf_counter() - began, time.process_time() - cpu
    assert sum(report.unchanged for report in reports) == feeds
    return taken


def _write(folder: Path, port: int, feeds: int, *, one_host: bool) -> None:
    """The workspace's file; each feed is on an address of its own, as most are, unless told."""
    hosts = [
        "127.0.0.1" if one_host else f"127.0.{1 + number // 250}.{1 + number % 250}"
        for number in range(feeds)
    ]
    schedules = {
        "timezone": "UTC",
        "sender": {"name": "The Letter", "email": "letter@news.example"},
        "public_url": "https://news.example",
        "feeds": {
            f"feed{number}": {"url": f"http://{host}:{port}/{number}.xml"}
            for number, host in enumerate(hosts)
        },
        "campaigns": {},
    }
    # JSON is YAML too.
    (folder / "schedules.yaml").write_text(json.dumps(schedules), encoding="utf-8")


if __name__ == "__main__":
    main()
