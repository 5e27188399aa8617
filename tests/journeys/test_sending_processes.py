"""A large edition goes out from several processes of one run; any of them may be killed."""

import os
from pathlib import Path

import pytest

from dispatch.processors import count_cores
from dispatch.testing.smtp_server import SmtpServer
from journey_stage import Arrivals, Blog, Stage, check_promises, finish, readers, wait_until
from patience import PATIENCE

PEOPLE = 6_000

SMALL = """\
from dispatch.pipeline.delivery import loops
loops.PROCESS_BATCHES = 2
"""
"""So that six batches are a large edition, in each process that finds this as sitecustomize.py."""

CONNECTIONS = 40
"""Twenty for each of two processes."""


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals(0.01)


def test_kill_9_of_a_process_is_made_good_and_kill_9_of_the_run_ends_it(
    tmp_path, blog: Blog, server: SmtpServer, arrivals, sqlite_url
):
    people = readers(PEOPLE)
    stage = Stage(
        tmp_path / "workspace",
        feed=blog.address,
        port=server.port,
        database_url=sqlite_url,
        connections=CONNECTIONS,
    )
    (tmp_path / "sitecustomize.py").write_text(SMALL)
    stage.environ["PYTHONPATH"] = str(tmp_path)
    stage.subscribe(*people)
    blog.publish("First light")

    with stage.running("run", "weekly") as run:
        [first] = started_by(run.pid)
        arrivals.reached(len(arrivals) + 300)
        os.kill(first, 9)
        [second] = started_by(run.pid, but=first)
        arrivals.reached(len(arrivals) + 300)
        run.kill()
        _, complaints = run.communicate(timeout=PATIENCE)
        wait_until(lambda: not is_there(second), seconds=PATIENCE, what="its process has ended too")
    with stage.running("worker", "--processes", "2"):
        finish(stage)

    assert "sends has ended by itself (-9)" in complaints
    assert "Traceback" not in complaints
    check_promises(stage, people, arrivals.copies, unknown_at_most=CONNECTIONS)


def started_by(process: int, *, but: int = 0) -> list[int]:
    """The processes that send for another one, once they are there."""
    found: list[int] = []

    def there() -> bool:
        tasks = Path(f"/proc/{process}/task").glob("*/children")
        children = [int(one) for task in tasks for one in task.read_text().split()]
        found[:] = [one for one in children if one != but and is_there(one)]
        return bool(found)

    assert count_cores() > 1, "a process is started where it has a core of its own"
    wait_until(there, seconds=PATIENCE, what="a process that sends")
    return found


def command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def is_there(process: int) -> bool:
    return "sending_start" in command(process)
