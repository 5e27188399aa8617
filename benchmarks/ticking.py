"""Ticks with many campaigns of which none has anything to do.

`python -m benchmarks.ticking FOLDER CAMPAIGNS [--rounds N]` writes a workspace and prints JSON: the
milliseconds of the first tick after a start and of a later one, for each round.
"""

import argparse
import json
import shutil
import time
from pathlib import Path

from benchmarks.workspace import SECRET_KEY, TEMPLATE
from dispatch.app import App, open_app
from dispatch.scheduling.due import Waiting
from dispatch.scheduling.tick import tick

SCHEDULES = (
    {"every": "day", "at": "00:01"},
    {"every": ["tuesday", "friday"], "at": ["00:01", "00:02"], "timezone": "America/New_York"},
    {"every": "month", "on": "last friday", "at": "00:01", "timezone": "Asia/Beirut"},
    {"every": "2 weeks", "on": "monday", "at": "00:01", "from": "2026-01-05"},
    {"cron": "1 0 * * tue", "timezone": "Australia/Lord_Howe"},
)


def main() -> None:
    """Tick twice after each start."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("campaigns", type=int)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    write_files(given.folder, given.campaigns)
    environ = {"DISPATCH_SECRET_KEY": SECRET_KEY}
    rounds = []
    for _ in range(given.rounds):
        with open_app(given.folder, environ=environ) as app:
            waiting = Waiting()
            rounds.append((_tick(app, waiting), _tick(app, waiting)))
    first, later = zip(*rounds, strict=True)
    print(json.dumps({"first": first, "later": later}))


def write_files(folder: Path, campaigns: int) -> None:
    """A workspace with so many campaigns on a feed that has nothing."""
    schedules = {
        "timezone": "UTC",
        "sender": {"name": "The Letter", "email": "letter@news.example"},
        "public_url": "https://news.example",
        "feeds": {"blog": {"url": "file:feed.xml"}},
        "campaigns": {
            f"campaign{number}": {
                "feeds": ["blog"],
                "schedule": SCHEDULES[number % len(SCHEDULES)],
                "email": {"audience": "readers", "template": "plain"},
            }
            for number in range(campaigns)
        },
    }
    feed = '<rss version="2.0"><channel><title>Blog</title></channel></rss>'
    (folder / "feed.xml").write_text(feed, encoding="utf-8")
    shutil.copytree(TEMPLATE, folder / "templates" / "plain")
    (folder / "subscribers").mkdir()
    # JSON is YAML too.
    (folder / "schedules.yaml").write_text(json.dumps(schedules), encoding="utf-8")


def _tick(app: App, waiting: Waiting) -> float:
    began = time.perf_counter()
    tick(app, waiting=waiting)
    return 1000 * (time.perf_counter() - began)


if __name__ == "__main__":
    main()
