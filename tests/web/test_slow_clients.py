"""Clients that are slow, say nothing, say too much or do not listen: each wait has an end."""

import time
from contextlib import suppress

import pytest

from dispatch.web.limits import ConnectionLimits
from web_stage import GET, LAST_GET, LONGER_SECONDS, SmallWeb, one_answer, read, serving, status

QUICK = ConnectionLimits(
    head_seconds=0.3,
    body_seconds=0.3,
    work_seconds=0.3,
    unread_seconds=0.3,
    idle_seconds=0.3,
    linger_seconds=0.3,
)
PATIENT = ConnectionLimits(
    head_seconds=60, body_seconds=60, unread_seconds=60, idle_seconds=60, linger_seconds=1
)
"""Long enough for whatever is expected to come without any time being over."""

POST = b"POST /form HTTP/1.1\r\nHost: x\r\n"
LENGTH = POST + b"Content-Length: 1000\r\n\r\n"
CHUNKED = POST + b"Transfer-Encoding: chunked\r\n\r\n"
UNREAD_FORM = b"POST /page HTTP/1.1\r\nHost: x\r\n"
LARGE = b"GET /page/20000000 HTTP/1.1\r\nHost: x\r\n\r\n"
MIDDLING = b"GET /page/100000 HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture(scope="module")
def web():
    return SmallWeb()


@pytest.fixture(scope="module")
def quick(web):
    """A server with little patience."""
    with serving(web.app, QUICK) as quick:
        yield quick


@pytest.fixture(scope="module")
def patient(web):
    with serving(web.app, PATIENT) as patient:
        yield patient


@pytest.fixture
def held(web):
    """The same pages, where those that are slow wait until they are let go."""
    web.go.clear()
    yield web
    web.go.set()


def test_who_says_nothing_is_let_go_without_a_word(quick):
    assert quick.say() == b""


@pytest.mark.parametrize(
    "begin",
    [b"G", b"SSH-2.0-OpenSSH_9.2\r\n", b"GET /page HTTP/1.1\r\n", GET[:-2], GET[:-1], LENGTH[:-2]],
)
def test_who_does_not_finish_what_they_ask_is_told_that_it_took_too_long(quick, begin):
    assert status(quick.say(begin)) == 408


@pytest.mark.parametrize(
    ("begin", "drop"),
    [
        (b"GET /", b"x"),
        (b"GET /page HTTP/1.1\r\nHost: x\r\nX: ", b"x"),
        (b"GET /page HTTP/1.1\r\nHost: x\r\n", b"X: x\r\n"),
        (LENGTH, b"x"),
        (CHUNKED, b"1\r\nx\r\n"),
        (CHUNKED + b"fffff\r\n", b"x"),
        (CHUNKED + b"0\r\n", b"X: x\r\n"),
    ],
    ids=["line", "header", "headers", "body", "chunks", "chunk", "trailers"],
)
def test_who_sends_drop_by_drop_has_as_little_time_as_everybody(quick, begin, drop):
    assert status(quick.drip(begin, drop)) == 408


@pytest.mark.parametrize("begin", [LENGTH, CHUNKED, LENGTH + b"x" * 999, CHUNKED + b"5\r\nab"])
def test_a_body_that_does_not_come_is_not_waited_for(quick, begin):
    assert status(quick.say(begin)) == 408


def test_a_handler_may_wait_longer_for_a_body_and_not_for_ever(quick):
    begun = time.monotonic()

    answer = quick.say(LENGTH.replace(b"/form", b"/patient"))

    assert status(answer) == 408
    assert time.monotonic() - begun >= LONGER_SECONDS


@pytest.mark.parametrize("rest", [b"", b"x" * 999])
def test_what_follows_a_request_that_is_answered_already_is_not_waited_for_either(quick, rest):
    answer = quick.say(UNREAD_FORM + b"Content-Length: 1000\r\n\r\n" + rest)

    assert status(answer) == 200
    assert answer.count(b"HTTP/1.1 ") == 1


def test_who_drips_after_the_answer_is_let_go(quick):
    answer = quick.drip(UNREAD_FORM + b"Content-Length: 1000000\r\n\r\n")

    assert status(answer) == 200
    quick.wait_until(lambda one: one.inside == 0)


def test_a_handler_that_waits_for_a_body_ends_with_its_client(quick):
    quick.say(LENGTH)

    quick.wait_until(lambda one: not one.server.server_state.tasks and one.inside == 0)


def test_who_does_not_read_the_answer_is_let_go(quick):
    with quick.open(receive_bytes=4096) as client:
        client.sendall(LARGE)
        quick.wait_until(lambda one: one.inside == 1)

        quick.wait_until(lambda one: one.inside == 0)

        assert len(read(client)) < 20_000_000


def test_who_asks_and_asks_and_reads_nothing_is_let_go(quick):
    with quick.open(receive_bytes=4096) as client:
        client.setblocking(False)
        with suppress(BlockingIOError):
            while client.send(MIDDLING * 1000):
                pass
        quick.wait_until(lambda one: one.inside == 1)

        quick.wait_until(lambda one: one.inside == 0)


def test_an_idle_connection_is_ended_and_may_be_used_until_then(quick):
    with quick.open() as client:
        client.sendall(GET)
        first = one_answer(client)
        client.sendall(GET)

        assert status(first) == 200
        assert read(client).count(b"HTTP/1.1 200") == 1


def test_the_next_request_has_the_same_time_as_the_first(quick):
    with quick.open() as client:
        client.sendall(GET + GET[:-2])

        answers = read(client)

    assert [answers.count(b"HTTP/1.1 200"), answers.count(b"HTTP/1.1 408")] == [1, 1]


def test_requests_in_a_row_are_answered_in_a_row(patient):
    answers = patient.say(GET * 999 + LAST_GET)

    assert answers.count(b"HTTP/1.1 200") == 1000


def test_who_hangs_up_half_has_their_answer(patient, held):
    with patient.open() as client:
        client.sendall(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")
        held.waiting.acquire()
        client.shutdown(1)
        held.go.set()

        assert b"at last" in read(client)


def test_an_answer_that_does_not_come_is_not_waited_for(quick, held):
    answer = quick.say(b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n")

    assert status(answer) == 503
    assert quick.inside == 1  # it is still at work
    held.go.set()
    quick.wait_until(lambda one: one.inside == 0)


@pytest.mark.parametrize("begin", [b"", b"GET /pa", LENGTH, CHUNKED])
def test_who_hangs_up_in_the_middle_of_a_request_is_gone(patient, begin):
    with patient.open() as client:
        client.sendall(begin)
        client.shutdown(1)

        assert read(client) == b""
        patient.wait_until(lambda one: one.inside == 0)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(500), 400),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET /page HTTP/3.0\r\nHost: x\r\n\r\n", 505),
        (b"GET /page\r\n\r\n", 400),
        (b"\r\n\r\n", 400),
        (b"GET /page HTTP/1.1\r\n\r\n", 400),
        (b"GET /page HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n", 400),
        (b"GET /p\xc3\xa4ge HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (POST + b"Content-Length: -1\r\n\r\n", 400),
        (POST + b"Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        (POST + b"Transfer-Encoding: gzip\r\n\r\n", 501),
        (CHUNKED + b"no number\r\n", 400),
        (CHUNKED + b"1\r\nxx\r\n", 400),
        (b"GET /" + b"x" * 20_000, 431),
        (b"GET /page HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 1_000_000, 431),
        (b"GET /page HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 16_384 + b"\r\n\r\n", 431),
        (b"GET /page HTTP/1.1\r\nHost: x\r\n" + b"X: x\r\n" * 10_000 + b"\r\n", 431),
        (b"GET /page HTTP/1.1\r\nHost: x\r\n" + b"X: x\r\n" * 100 + b"\r\n", 431),
        (CHUNKED + b"0\r\n" + b"X: x\r\n" * 10_000, 431),
        (CHUNKED + b"1;" + b"x" * 100_000, 431),
    ],
)  # fmt: skip
def test_what_is_no_request_of_ours_is_refused_with_a_reason(patient, said, expected):
    with patient.open() as client:
        with suppress(ConnectionError):  # it has heard enough
            client.sendall(said)

        answer = read(client)

    assert status(answer) == expected
    assert b"cache-control: no-store" in answer.lower()
    assert b"connection: close" in answer.lower()
    assert b"referrer-policy: no-referrer" in answer.lower()
    assert b"\r\nserver:" not in answer.lower()
    patient.wait_until(lambda one: one.inside == 0)


def test_what_a_browser_sends_at_most_is_no_trouble(patient):
    headers = b"X: x\r\n" * 90 + b"Cookie: " + b"x" * 8_192 + b"\r\n"

    answer = patient.say(
        b"GET /page HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + headers + b"\r\n"
    )

    assert status(answer) == 200


@pytest.mark.parametrize(
    "upgrade",
    [
        b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n",
        b"Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n",
    ],
    ids=["websocket", "h2c"],
)
def test_who_would_rather_speak_something_else_gets_a_plain_answer(patient, upgrade):
    with patient.open() as client:
        client.sendall(b"GET /page HTTP/1.1\r\nHost: x\r\n" + upgrade + b"\r\n")

        assert status(client.recv(65_536)) == 200


@pytest.mark.parametrize(
    "said", [b"CONNECT x:443 HTTP/1.1\r\nHost: x\r\n\r\n", b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n"]
)
def test_who_takes_us_for_a_proxy_finds_nothing(patient, said):
    with patient.open() as client:
        client.sendall(said)

        assert status(client.recv(65_536)) == 404


def test_garbage_after_an_answer_that_came_early_does_no_harm(patient):
    with patient.open() as client:
        client.sendall(UNREAD_FORM + b"Transfer-Encoding: chunked\r\n\r\n")
        assert status(client.recv(65_536)) == 200
        client.sendall(b"no number\r\n")

        assert b"HTTP/1.1" not in read(client)


def test_garbage_while_the_answer_is_made_is_refused(patient, held):
    with patient.open() as client:
        client.sendall(
            b"POST /slow HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nno number\r\n"
        )

        assert status(read(client)) == 400
    assert patient.inside == 1  # it is still at work
    held.go.set()
    patient.wait_until(lambda one: one.inside == 0)


def test_a_head_request_is_refused_without_a_text(quick):
    answer = quick.say(b"HEAD /page HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nno")

    assert answer.endswith(b"\r\n\r\n")
