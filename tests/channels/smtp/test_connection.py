"""How long a connection may take for an answer, by the clock of who asks."""

import socket
import ssl
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from dispatch.channels.smtp.connection import SLOWEST, SmtpConnection
from dispatch.channels.smtp.conversation import Conversation
from dispatch.channels.smtp.extensions import Extensions
from dispatch.channels.smtp.session import Session
from dispatch.model.delivery.message import Mail

SECONDS = 60.0
SMALL = Mail("a", "lettre@example.org", "a@example.org", (b"Subject: A\r\n\r\nA\r\n",))
LARGE = replace(SMALL, parts=(b"word \r\n" * 500_000,))
PIECE = 200_000


@pytest.fixture
def pair():
    """Both ends of a connection that holds little."""
    with socket.socket() as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        near = socket.socket()
        near.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 65_536)
        near.connect(listener.getsockname())
        far, _ = listener.accept()
        yield near, far
        near.close()
        far.close()


@pytest.fixture
def line(pair):
    session = Session(pair[0], server="smtp: mail.example:25", seconds=SECONDS, hide=str)
    return SmtpConnection(session, Conversation(Extensions(pipelining=True, chunking=True)), 0.0)


def hand_over(line, mail):
    """Hand the mail over at second 0; the server has said nothing to it yet."""
    line.talk.begin(mail)
    line.flush()
    line.talk.hear(b"250 ok\r\n250 ok\r\n", [])
    line.talk.finish(mail)
    line.since = 0.0
    line.flush()


def late_at(line, now):
    """Whether the answer is overdue at this second, when it is looked at each second."""
    return bool(line.lateness(now, SECONDS))


def test_is_never_late_while_nothing_is_asked(line):
    assert not late_at(line, 1e9)


def test_an_answer_is_late_after_its_seconds_whatever_has_come_of_it(line):
    line.talk.begin(SMALL)
    line.flush()

    ended = line.talk.hear(b"250-o", [])

    assert not ended
    assert [late_at(line, now) for now in (SECONDS, SECONDS + 0.1)] == [False, True]


def test_the_answer_to_a_mail_is_late_its_seconds_after_it_was_taken(line):
    hand_over(line, SMALL)

    late = [late_at(line, now) for now in (1.0, SECONDS, SECONDS + 1.1)]

    assert late == [False, False, True]
    assert line.lateness(99, SECONDS) == "no answer to the mail within 60 seconds"


def test_a_mail_of_which_nothing_is_taken_any_more_is_late(line):
    hand_over(line, LARGE)

    late = [late_at(line, now) for now in (1.0, SECONDS + 0.9, SECONDS + 1.1)]

    assert late == [False, False, True]
    assert line.lateness(99, SECONDS) == "it takes no more, or too slowly"


def test_a_mail_may_take_longer_while_it_is_taken(line, pair):
    hand_over(line, LARGE)
    now, late = 0.0, []
    while line.unsent is not None:
        take(pair[1], PIECE)
        line.flush()
        now += SECONDS / 3
        late.append(late_at(line, now))

    assert now > 3 * SECONDS
    assert not any(late)
    assert PIECE / (SECONDS / 3) > 2 * SLOWEST


def test_a_mail_that_is_taken_too_slowly_is_late(line, pair):
    hand_over(line, LARGE)
    now, late = 0.0, False
    while not late and line.unsent is not None:
        take(pair[1], PIECE)
        line.flush()
        now += 1.8 * PIECE / SLOWEST
        late = bool(line.lateness(now, 2 * PIECE / SLOWEST))

    assert late
    assert line.unsent is not None


def test_counts_what_has_left_also_when_encrypted_and_not_all_has(pair, tls):
    # Else a mail that the server has whole, before something behind it, would go out again.
    trust = ssl.create_default_context()
    trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
    session = Session(pair[0], server="smtp: mail.example:25", seconds=SECONDS, hide=str)
    with ThreadPoolExecutor(1) as beside:
        greeting = beside.submit(tls.wrap_socket, pair[1], server_side=True)
        session.encrypt(trust, "127.0.0.1")
        far = greeting.result()
    line = SmtpConnection(session, Conversation(Extensions(pipelining=True, chunking=True)), 0.0)

    hand_over(line, LARGE)
    taken = take(far, len(LARGE.data))
    session.close()
    far.close()

    envelope = line.talk.said - LARGE.size
    assert line.unsent is not None
    assert envelope < taken == line.sent < LARGE.size


def take(far, size):
    """Read so much, or until the other side has no more on its way; how much it was."""
    far.settimeout(0.2)
    taken = 0
    while taken < size:
        try:
            taken += len(far.recv(size - taken))
        except TimeoutError:
            break
    return taken
