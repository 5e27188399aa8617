"""Processes that are killed or frozen in the middle of a send; others go on in their place."""

import os
import random
import signal
import sqlite3
import subprocess
from contextlib import ExitStack, closing

import pytest

from dispatch.pipeline.delivery.loops import LOOP_CONNECTIONS
from dispatch.testing.smtp_server import Fault, SmtpServer
from journey_stage import (
    Blog,
    Stage,
    check_promises,
    finish,
    readers,
    wait_until,
)
from patience import PATIENCE

KILLS = 20
ROUNDS = int(os.environ.get("DISPATCH_TEST_ROUNDS", "1"))
"""Of so many kills each, at other moments and of more or fewer processes."""

LEASE_SECONDS = 15
"""Where it is part of the promise, with room for what the machine does besides."""
PEOPLE = 5_000

LANE = ("worker", "--threads", "1")
"""A process that has one batch in hand at a time."""


def new_stage(tmp_path, blog: Blog, server: SmtpServer, database_url, people, **plan) -> Stage:
    folder = tmp_path / "workspace"
    stage = Stage(folder, feed=blog.address, port=server.port, database_url=database_url, **plan)
    stage.subscribe(*people)
    blog.publish("First light")
    return stage


def end(process: subprocess.Popen[str]) -> None:
    """Tell a worker to stop, and see that it does so by itself."""
    process.terminate()
    try:
        process.communicate(timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        process.send_signal(signal.SIGABRT)  # it says where each of its threads is
        pytest.fail(f"still there: {process.communicate(timeout=PATIENCE)[1]}")
    assert process.returncode == 0


@pytest.mark.parametrize("number", range(ROUNDS))
def test_kill_9_at_20_random_moments_of_one_send(  # noqa: PLR0917 - pytest's
    tmp_path, blog, server, arrivals, database_url, number
):
    people = readers(PEOPLE)
    connections = (KILLS + 2) * LOOP_CONNECTIONS  # those of the dead count until their leases end
    stage = new_stage(
        tmp_path, blog, server, database_url, people, connections=connections, approval=True
    )
    stage.approve()
    rng = random.Random(f"{number}: 20 kills on {database_url.partition(':')[0]}")
    at_once = (4, 2, 1)[number % 3]

    with ExitStack() as processes:
        alive = [processes.enter_context(stage.running(*LANE)) for _ in range(at_once)]
        for _ in range(KILLS):
            arrivals.reached(len(arrivals) + rng.randint(1, PEOPLE // KILLS - 50))
            alive.pop(0).kill()
            alive.append(processes.enter_context(stage.running(*LANE)))
        finish(stage)
        for process in alive:
            end(process)

    check_promises(stage, people, arrivals.copies, unknown_at_most=KILLS * LOOP_CONNECTIONS)


def test_kill_9_of_one_of_two_workers_and_the_other_finishes_within_two_leases(
    tmp_path, blog, server, arrivals, postgres_url
):
    people = readers(2_000)
    connections = 2 * LOOP_CONNECTIONS
    stage = new_stage(
        tmp_path,
        blog,
        server,
        postgres_url,
        people,
        connections=connections,
        approval=True,
        lease_seconds=LEASE_SECONDS,
    )
    stage.approve()

    with stage.running(*LANE) as first, stage.running(*LANE) as second:
        wait_until(lambda: stage.held_batches() == 2, seconds=PATIENCE, what="each has a batch")
        arrivals.reached(1_200)  # so that little is left to send: what counts is who takes over
        first.kill()
        taken_over = finish(stage)
        end(second)

    assert taken_over < 2 * LEASE_SECONDS
    check_promises(stage, people, arrivals.copies, unknown_at_most=LOOP_CONNECTIONS)


def test_a_worker_that_was_frozen_beyond_its_lease_does_no_harm(
    tmp_path, blog, server, arrivals, postgres_url
):
    people = readers(2_000)
    connections = 2 * LOOP_CONNECTIONS
    stage = new_stage(
        tmp_path, blog, server, postgres_url, people, connections=connections, approval=True
    )
    stage.approve()

    with stage.running(*LANE) as frozen, stage.running(*LANE) as other:
        wait_until(lambda: stage.held_batches() == 2, seconds=PATIENCE, what="each has a batch")
        arrivals.reached(len(arrivals) + 50)
        frozen.send_signal(signal.SIGSTOP)
        finish(stage)
        frozen.send_signal(signal.SIGCONT)
        end(frozen)
        end(other)

    check_promises(stage, people, arrivals.copies, unknown_at_most=LOOP_CONNECTIONS)


def test_a_run_that_was_frozen_beyond_its_lease_does_no_harm(
    tmp_path, blog, server, arrivals, sqlite_url
):
    people = readers(600)
    stage = new_stage(tmp_path, blog, server, sqlite_url, people)

    with stage.running("run", "weekly") as frozen:
        arrivals.reached(100)
        freeze_between_two_writes(frozen, sqlite_url)
        other = stage.run("run", "weekly")
        frozen.send_signal(signal.SIGCONT)
        _, complaints = frozen.communicate(timeout=PATIENCE)

    assert "Traceback" not in complaints + other.stderr
    check_promises(stage, people, arrivals.copies, unknown_at_most=stage.connections)


def test_a_run_whose_login_is_refused_does_not_wait_for_the_dead_for_ever(
    tmp_path, blog, server, arrivals, sqlite_url
):
    people = readers(1_500)
    stage = new_stage(tmp_path, blog, server, sqlite_url, people, connections=LOOP_CONNECTIONS)
    with stage.running("run", "weekly") as killed:
        arrivals.reached(50)
        killed.kill()

    with SmtpServer(faults=[Fault("mail", "530 5.7.0 log in first")]) as refusing:
        stage.move_to(refusing.port, connections=2 * LOOP_CONNECTIONS)
        refused = stage.run("run", "weekly")

    assert refused.returncode == 1
    assert "account not accepted" in refused.stdout + refused.stderr
    stage.move_to(server.port)
    assert "Traceback" not in stage.run("run", "weekly").stderr
    check_promises(stage, people, arrivals.copies, unknown_at_most=LOOP_CONNECTIONS)


def freeze_between_two_writes(process: subprocess.Popen[str], sqlite_url: str) -> None:
    """Stop a process that does not hold SQLite's lock: with it, nobody else could go on."""
    file = sqlite_url.removeprefix("sqlite:///")

    def frozen() -> bool:
        process.send_signal(signal.SIGSTOP)
        with closing(sqlite3.connect(file, timeout=0.2, isolation_level=None)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                process.send_signal(signal.SIGCONT)
                return False
            connection.execute("ROLLBACK")
            return True

    wait_until(frozen, seconds=PATIENCE, what="stopped between two writes")
