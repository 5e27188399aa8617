"""Several processes tick on one database: each slot has one run, and each post one edition."""

import subprocess
import sys
from collections import Counter
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from dispatch.store.transactions import Store
from journey_stage import Stage
from patience import PATIENCE

TICKING_SERVICE = Path(__file__).parents[1] / "ticking_service.py"
SLOTS = 200
PROCESSES = 3
BEGIN = datetime(2020, 11, 24, 7, 59, 30, tzinfo=UTC)


def services(stage: Stage, running: ExitStack) -> list[subprocess.Popen[str]]:
    """Processes that tick when they are written to; they end with their input."""
    command = [sys.executable, str(TICKING_SERVICE), str(stage.folder), BEGIN.isoformat()]
    started = [
        subprocess.Popen(
            command, env=stage.environ, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(PROCESSES)
    ]
    for one in started:
        running.enter_context(one)
        running.callback(one.kill)
    return started


def tick_at_once(processes: list[subprocess.Popen[str]], moment: datetime) -> None:
    for one in processes:
        one.stdin.write(f"{moment.isoformat()}\n")
        one.stdin.flush()
    for one in processes:
        while one.stdout.readline() not in {"ticked\n", ""}:  # what it logs comes here, too
            pass


def test_three_processes_on_one_database_make_one_run_of_each_slot(tmp_path, blog, postgres_url):
    for number in range(SLOTS + 10):
        blog.publish(f"Post {number}")
    stage = Stage(tmp_path, feed=blog.address, port=1, database_url=postgres_url, approval=True)
    file = tmp_path / "schedules.yaml"
    every_minute = '    posts: {at_most: 1}\n    schedule: {cron: "* * * * *"}\n'
    file.write_text(file.read_text() + every_minute)
    stage.subscribe("ada@example.org")

    with ExitStack() as running:
        processes = services(stage, running)
        for minute in range(SLOTS + 1):
            tick_at_once(processes, BEGIN + timedelta(minutes=minute))
        for one in processes:
            one.stdin.close()
            assert one.wait(PATIENCE) == 0

    with closing(Store(postgres_url)) as store, store.read() as tx:
        runs = tx.runs.latest(limit=10 * SLOTS)
        editions = tx.editions.latest(limit=10 * SLOTS)
    assert len(runs) == len({run.slot for run in runs}) == SLOTS
    assert [run.skipped for run in runs if run.skipped] == []
    assert {run.edition.id for run in runs} == {one.id for one in editions}
    told = Counter(post.id for one in editions for post in one.content.posts)
    assert set(told.values()) == {1}
    assert len(told) == SLOTS
