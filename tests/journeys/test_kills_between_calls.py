"""Processes that are killed while a service has a call of theirs in its hands."""

import os
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from dispatch.model.delivery.batch import BATCH_SIZE
from dispatch.model.delivery.state import DeliveryState
from dispatch.testing.recording_service import RecordingService, recording_service
from journey_stage import SCHEDULES, Blog, Stage, check_promises, finish, readers, wait_until
from patience import PATIENCE

KILLS = int(os.environ.get("DISPATCH_TEST_KILLS", "2"))
SMTP = SCHEDULES[SCHEDULES.index("\n    provider: smtp") : SCHEDULES.index("campaigns:")]
CALL_SECONDS = 1.0


@pytest.fixture
def service() -> Iterator[RecordingService]:
    with recording_service() as service:
        yield service


def new_stage(folder: Path, blog: Blog, service: RecordingService, url: str, channel: str) -> Stage:
    schedules = SCHEDULES.replace(SMTP, f" {channel}\n")
    stage = Stage(
        folder,
        feed=blog.address,
        port=service.port,
        database_url=url,
        approval=True,
        schedules=schedules,
    )
    stage.environ["API_KEY"] = "a key that protects nothing"
    return stage


OPTIONS = 'api_key: env:API_KEY, url: "http://127.0.0.1:{port}"'
CASES = {
    "a thousand in each": (
        f"{{{{provider: sendgrid, options: {{{{{OPTIONS}}}}}}}}}",
        (KILLS + 1) * BATCH_SIZE + 500,
        BATCH_SIZE,
    ),
    "three at once": (
        f"{{{{provider: postal, options: {{{{server_{OPTIONS}}}}}}}}}",
        KILLS * 40,
        3,
    ),
}
"""A channel, how many people, and how many of them may be in doubt after each kill."""


@pytest.mark.parametrize("case", CASES)
def test_kill_9_in_the_middle_of_calls(tmp_path, blog, service, sqlite_url, case):
    channel, people, in_doubt = CASES[case]
    audience = readers(people)
    stage = new_stage(tmp_path / "workspace", blog, service, sqlite_url, channel)
    stage.subscribe(*audience)
    blog.publish("First light")
    stage.approve()
    service.plan(seconds=CALL_SECONDS)

    with ExitStack() as processes:
        for _ in range(KILLS):
            before = service.calls
            worker = processes.enter_context(stage.running("worker", "--threads", "1"))
            wait_until(lambda: service.calls > before, seconds=PATIENCE, what="a call")  # noqa: B023
            worker.kill()
        service.plan()
        processes.enter_context(stage.running("worker", "--threads", "1"))
        finish(stage)

    records = check_promises(stage, audience, service.copies, unknown_at_most=KILLS * in_doubt)
    assert records.counts[DeliveryState.UNKNOWN] >= KILLS
