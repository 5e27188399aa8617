"""A database that goes away in the middle of a send: restarted, or out of room."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from dispatch.channels.opened import WIRED_CONNECTIONS
from dispatch.model.delivery.reservation import MOST_RESERVED
from dispatch.pipeline.delivery.loops import LOOP_CONNECTIONS
from journey_stage import Stage, check_promises, finish, readers, wait_until
from patience import PATIENCE
from postgres_servers import NEWEST, OF_DEBIAN, Server, postgres, programs_of


@pytest.fixture(scope="module", params=[OF_DEBIAN, NEWEST])
def postgres_alone(request) -> Iterator[Server]:
    """A server that may be stopped without asking anybody."""
    if programs_of(request.param) is None:
        pytest.skip(f"{request.param} PostgreSQL is not on this machine")
    with postgres(request.param) as server:
        yield server


@pytest.fixture
def stage(tmp_path, blog, server, postgres_alone) -> Stage:
    return Stage(
        tmp_path / "workspace",
        feed=blog.address,
        port=server.port,
        database_url=postgres_alone.new_database(),
        connections=2 * LOOP_CONNECTIONS,
        approval=True,
    )


@pytest.mark.parametrize("mode", ["fast", "immediate"])
def test_workers_go_on_by_themselves_when_postgresql_was_restarted(
    stage, blog, arrivals, postgres_alone, mode
):
    people = readers(2_000)
    stage.subscribe(*people)
    blog.publish("First light")
    stage.approve()

    with stage.running("worker", "--threads", "1") as one, stage.running("worker") as other:
        wait_until(lambda: stage.held_batches() == 2, seconds=PATIENCE, what="two batches in hand")
        arrivals.reached(len(arrivals) + 100)
        postgres_alone.restart(mode)
        finish(stage)
        still_there = one.poll(), other.poll()

    assert still_there == (None, None)
    at_most = {"fast": LOOP_CONNECTIONS, "immediate": MOST_RESERVED}[mode]
    check_promises(stage, people, arrivals.copies, unknown_at_most=2 * at_most)


def test_a_full_disk_is_said_and_once_there_is_room_the_run_goes_on(
    tmp_path, blog, server, arrivals
):
    people = readers(400)
    with small_disk(tmp_path / "disk") as disk:
        stage = Stage(
            tmp_path / "workspace",
            feed=blog.address,
            port=server.port,
            database_url=f"sqlite:///{disk}/dispatch.db",
        )
        stage.subscribe(*people)
        blog.publish("First light")

        with stage.running("run", "weekly") as run:
            arrivals.reached(50)
            filler = fill(disk)
            _, complaint = run.communicate(timeout=PATIENCE)
        while_full = stage.run("run", "weekly")
        filler.unlink()
        last = stage.run("run", "weekly")

        assert (run.returncode, while_full.returncode) == (1, 1)
        assert "Traceback" not in complaint
        assert complaint.splitlines()[-1] == while_full.stderr.strip()
        assert while_full.stderr.strip() == (
            f"database sqlite:///{disk}/dispatch.db: database or disk is full - "
            "make room on its disk"
        )
        records = check_promises(stage, people, arrivals.copies, unknown_at_most=WIRED_CONNECTIONS)
        assert last.returncode == (1 if len(records.counts) > 1 else 0)


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here: it takes root")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(disk: Path) -> Path:
    """Take all the room that is left."""
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as file:
        try:
            while True:
                file.write(bytes(4096))
        except OSError:
            return filler
