"""More clients than there is room for: readers get in, and who waits for an answer gets it."""

import resource
import socket
from contextlib import ExitStack, contextmanager, suppress

import pytest
from structlog.testing import capture_logs

from dispatch.web.limits import ConnectionLimits
from web_stage import GET, LAST_GET, SmallWeb, one_answer, read, serving, status

ROOM = 4
PATIENT = ConnectionLimits(
    connections=ROOM, settling_seconds=0, head_seconds=60, body_seconds=60, idle_seconds=60
)
"""Long enough for nobody to go because their time is over."""

HALF_SENT = GET[:-2]
SLOW = b"GET /slow HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
BODY_TO_COME = b"POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nx"


@pytest.fixture
def web():
    web = SmallWeb()
    yield web
    web.go.set()


@pytest.fixture
def said():
    """The log's lines."""
    with capture_logs() as said:
        yield said


@pytest.fixture
def small(web, said):
    """A server with room for few."""
    with serving(web.app, PATIENT) as small:
        yield small


def has_ended(client) -> bool:
    """Whether the server has; what it has answered is read."""
    client.setblocking(False)
    with suppress(BlockingIOError):
        while client.recv(1000):
            pass
        return True
    return False


@contextmanager
def clients(server, number, begin):
    """So many who have come, in this order, and begin in this way."""
    with ExitStack() as stack:
        held = []
        for inside in range(server.inside + 1, server.inside + number + 1):
            held.append(stack.enter_context(server.open()))
            held[-1].sendall(begin)
            if begin == GET:
                one_answer(held[-1])  # it waits again once it has that
            server.wait_until(lambda one, inside=inside: one.inside >= min(inside, ROOM))
        yield held


@pytest.mark.parametrize("begin", [b"", HALF_SENT, BODY_TO_COME, GET])
def test_a_reader_gets_in_in_the_place_of_who_has_waited_longest(small, begin):
    with clients(small, ROOM, begin) as [first, *others]:
        assert status(small.say(LAST_GET)) == 200

        assert status(read(first)) in {0, 200}
        for other in others:
            assert not has_ended(other)


@pytest.mark.parametrize("begin", [b"", HALF_SENT, BODY_TO_COME])
def test_many_readers_get_in_while_many_others_hold_all_places(small, begin):
    with clients(small, 10 * ROOM, begin):
        answers = [small.say(LAST_GET) for _ in range(50)]

    assert {status(answer) for answer in answers} == {200}


def test_nobody_whose_answer_is_being_made_loses_their_place(small, web):
    with clients(small, ROOM, SLOW) as held:
        for _ in held:
            web.waiting.acquire()
        with small.open() as late:
            late.sendall(LAST_GET)
            small.wait_until(lambda one: one.inside == ROOM)
            web.go.set()

            assert [status(read(one)) for one in (*held, late)] == [200] * (ROOM + 1)


def test_answers_that_nobody_waits_for_any_more_take_a_place_until_they_are_made(small, web):
    with clients(small, ROOM, SLOW) as held:
        for _ in held:
            web.waiting.acquire()
    for _ in range(3 * ROOM):
        small.open().close()

    with small.open() as reader:
        reader.sendall(LAST_GET)
        small.wait_until(lambda one: one.inside == ROOM)  # who was turned away is out
        web.go.set()

        assert status(read(reader)) == 200


@pytest.fixture
def allowed():
    """How many descriptors this process may have, which is few more than it has."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with socket.socket() as lowest_free:
        allowed = lowest_free.fileno() + 200
    resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    yield allowed
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@contextmanager
def all_but(left, allowed):
    """Others have all descriptors but so many."""
    with ExitStack() as stack:
        with suppress(OSError):
            while stack.enter_context(socket.socket()).fileno() < allowed - left - 1:
                pass
        yield


@pytest.mark.parametrize("left", [0, 10], ids=["none", "few"])
def test_while_others_have_the_descriptors_clients_take_none_of_the_last(web, said, allowed, left):
    with ExitStack() as stack, serving(web.app) as server:
        clients = [stack.enter_context(socket.socket()) for _ in range(20)]

        with all_but(left, allowed):
            for client in clients:
                client.connect(server.address)
            server.wait_until(lambda _: any("reason" in line for line in said))
            inside = server.inside

        assert inside == 0
        assert status(server.say(LAST_GET)) == 200
    told = [line for line in said if "reason" in line]
    assert len(told) <= 2  # at once, and the number at the end
    assert {line["event"] for line in told} == {"web.connection_waits"}
