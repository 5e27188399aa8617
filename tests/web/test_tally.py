"""What happens again and again is said at once, and then once a minute with a number."""

import logging

import pytest
from structlog.testing import capture_logs

from dispatch.web.serving.tally import ServerLog, Tally


class Waker:
    """Calls what is to be called when a minute is said to be over."""

    def __init__(self) -> None:
        self._due = []

    def __call__(self, _seconds, call):
        self._due.append(call)
        return self

    def cancel(self) -> None:
        self._due.clear()

    def a_minute_passes(self) -> None:
        due, self._due = self._due, []
        for call in due:
            call()


@pytest.fixture
def waker():
    return Waker()


@pytest.fixture
def tally(waker):
    return Tally(waker)


@pytest.fixture
def said():
    with capture_logs() as said:
        yield said


def test_the_first_is_said_at_once_and_the_others_as_a_number_each_minute(tally, waker, said):
    for number in (1_000, 1, 50):
        for _ in range(number):
            tally.note("web.request_refused", status=400)
        waker.a_minute_passes()

    assert [line["times"] for line in said] == [1, 999, 1, 50]
    assert {(line["event"], line["status"]) for line in said} == {("web.request_refused", 400)}


def test_after_a_quiet_minute_the_next_is_said_at_once(tally, waker, said):
    tally.note("web.request_refused", status=400)
    waker.a_minute_passes()
    waker.a_minute_passes()

    tally.note("web.request_refused", status=400)

    assert [line["times"] for line in said] == [1, 1]


def test_different_trouble_is_counted_apart(tally, waker, said):
    for status in (400, 408, 400, 408, 400):
        tally.note("web.request_refused", status=status)
    waker.a_minute_passes()

    assert [(line["status"], line["times"]) for line in said] == [
        (400, 1), (408, 1), (400, 2), (408, 1),
    ]  # fmt: skip


def test_what_was_not_said_yet_is_said_at_the_end_and_nothing_after(tally, waker, said):
    for _ in range(10):
        tally.note("web.request_refused", status=400)
    tally.close()
    waker.a_minute_passes()

    assert [line["times"] for line in said] == [1, 9]


def test_an_error_says_where_it_came_from_once(tally, waker, said):
    for _ in range(3):
        tally.note("web.server_said", error=ValueError("of no use"), text="failed")
    waker.a_minute_passes()

    assert [line.get("exc_info") is not None for line in said] == [True, False]
    assert {line["error"] for line in said} == {"ValueError"}


def test_what_uvicorn_says_is_counted_like_anything_else(tally, said):
    logger = logging.getLogger("some server")
    logger.addHandler(ServerLog(tally))
    logger.propagate = False

    for _ in range(3):
        logger.warning("Cancel %s running task(s)\n", 2)
    logger.info("Started")
    tally.close()

    assert [line["times"] for line in said] == [1, 2]
    assert said[0]["text"] == "Cancel 2 running task(s)"
