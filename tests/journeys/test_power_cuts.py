"""The power is cut in the middle of a send: what nobody waited for may be gone from the disk."""

import os
import random
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from dispatch.model.campaigns.pace import Pace
from dispatch.model.delivery.reservation import most_reserved
from dispatch.pipeline.delivery.loops import LOOP_CONNECTIONS
from dispatch.store.database.engine import SQLITE, address_of_file, open_engine
from dispatch.store.database.schema import batches
from dispatch.testing.forgetful_disk import CANNOT_BE_WATCHED, ForgetfulDisk, can_be_watched
from journey_stage import SCHEDULES, Arrivals, Stage, check_promises, finish, readers

ROUNDS = int(os.environ.get("DISPATCH_TEST_ROUNDS", "1"))
"""Of each case, each with other moments."""

CUTS = 2
MAILS = 200
"""At most so many until the next cut."""

LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)

pytestmark = pytest.mark.skipif(not can_be_watched(), reason=CANNOT_BE_WATCHED)


@dataclass(frozen=True, slots=True)
class Case:
    """Who sends, how many of them at once, at which pace; `pages` as the disk has them."""

    command: tuple[str, ...] = ("worker", "--threads", "1")
    at_once: int = 1
    per_second: int | None = None
    pages: int = 1000

    @property
    def in_doubt(self) -> int:
        """How many may be unknown after a cut."""
        pace = Pace(per_second=self.per_second)
        return self.at_once * most_reserved(pace, connections=LOOP_CONNECTIONS, batch=1)


CASES = {
    "a run": Case(("run", "weekly"), pages=60),
    "a worker with a pace": Case(per_second=250, pages=60),
    "two workers": Case(at_once=2),
}


@pytest.fixture
def arrivals() -> Arrivals:
    return Arrivals(0.01)


@pytest.mark.parametrize("number", range(ROUNDS))
@pytest.mark.parametrize("case", CASES)
def test_power_cuts_at_random_moments_of_one_send(  # noqa: PLR0917 - pytest's
    tmp_path, blog, server, arrivals, sqlite_url, case, number
):
    sent = CASES[case]
    rng = random.Random(f"{case}, {number}")
    people = readers(CUTS * (sent.in_doubt + MAILS) + MAILS)
    machine = tmp_path / "machine"
    machine.mkdir()
    database = Path(sqlite_url.removeprefix(SQLITE)).rename(machine / "dispatch.db")
    stage = new_stage(machine, database, feed=blog.address, port=server.port, case=sent)
    disk = ForgetfulDisk(tmp_path / "disk", watched=machine, pages=sent.pages)
    stage.environ |= disk.environ()
    stage.subscribe(*people)
    blog.publish("First light")
    stage.approve()
    disk.begin()

    for _ in range(CUTS):
        with ExitStack() as processes:
            alive = [
                processes.enter_context(stage.running(*sent.command)) for _ in range(sent.at_once)
            ]
            arrivals.reached(len(arrivals) + rng.randint(1, MAILS))
            Event().wait(rng.uniform(0, 0.02))
            for process in alive:
                process.kill()
        disk.cut(rng)
        start_again_later(stage)
        disk.begin()
    with stage.running(*sent.command):
        finish(stage)

    check_promises(stage, people, arrivals.copies, unknown_at_most=CUTS * sent.in_doubt)


def new_stage(machine: Path, database: Path, *, feed: str, port: int, case: Case) -> Stage:
    pace = f", per_second: {case.per_second}" if case.per_second else ""
    return Stage(
        machine / "workspace",
        feed=feed,
        port=port,
        database_url=address_of_file(database),
        connections=case.at_once * LOOP_CONNECTIONS,
        approval=True,
        lease_seconds=60,  # they run out when the machine starts again, and not when it is busy
        schedules=SCHEDULES.replace("{connections}", f"{{connections}}{pace}"),
    )


def start_again_later(stage: Stage) -> None:
    """Have leases run out, as they do while a machine is off."""
    engine = open_engine(stage.database_url)
    with engine.begin() as connection:
        held = batches.c.lease_until.is_not(None)
        connection.execute(batches.update().where(held).values(lease_until=LONG_AGO))
    engine.dispose()
