"""Many mails at once: whatever the server does, nobody gets two, and what is told is true."""

import random
from dataclasses import replace

import pytest

from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.message import Accepted, Refused
from dispatch.testing.samples import a_mail
from dispatch.testing.smtp_server import DROP, HANG, LOSE_ANSWER, Fault, SmtpServer
from patience import PATIENCE
from wire_driver import drive, judge
from wire_stage import LARGE, MAILS, steps


def test_everybody_gets_one_mail_byte_for_byte_by_an_envelope_of_its_own(open_wire, mode):
    server_options, options = mode
    mails = [replace(mail, sender=f"b+{at}@news.example") for at, mail in enumerate(MAILS)]
    with SmtpServer(**server_options) as server:
        result = drive(open_wire(server, **options), mails)

    assert result.kinds() == {Accepted}
    assert {one.recipients[0]: (one.sender, one.data) for one in server.taken} == {
        one.recipient: (one.sender, one.data) for one in mails
    }
    assert len(server.taken) == len(MAILS)
    assert server.connections <= 3


def test_at_most_one_mail_for_each_connection_is_in_doubt(open_wire):
    with SmtpServer() as server:
        result = drive(open_wire(server, 3), MAILS)

    assert 1 <= result.most_in_flight <= 3


def test_says_the_next_envelope_together_with_the_end_of_a_mail(open_wire):
    with SmtpServer() as server:
        wire = open_wire(server, 1)
        wire.offer(MAILS[:3])
        first = next(events for _ in range(99) if (events := wire.poll(1)))
        wire.hand_over([first[0][0]])
        told = []
        while len(told) < 2:
            told += wire.poll(1)

    assert [type(what).__name__ for _, what in told] == ["Accepted", "Ready"]
    assert [line[:4] for line in server.commands[-3:]] == ["MAIL", "RCPT", "DATA"]


FAULTS = [
    (phase, does)
    for phase in ("mail", "rcpt", "data", "body", "dot")
    for does in (DROP, "421 4.3.0 closing", "451 4.3.0 not now", "550 5.1.1 no", "gibberish")
    if phase != "body" or does == DROP
] + [("dot", LOSE_ANSWER), ("connect", DROP), ("ehlo", DROP), ("connect", "421 too many")]


@pytest.mark.parametrize(("phase", "does"), FAULTS)
def test_what_is_told_is_what_the_server_has(open_wire, mode, phase, does):
    server_options, options = mode
    with SmtpServer(faults=[Fault(phase, does, times=2)], **server_options) as server:
        result = drive(open_wire(server, **options), MAILS)

    judge(result, MAILS, server.copies)


@pytest.mark.parametrize(
    ("phase", "does"), [one for one in FAULTS if one[0] in {"rcpt", "data", "body", "dot"}]
)
def test_one_recipients_trouble_is_not_the_others(open_wire, mode, phase, does):
    server_options, options = mode
    unlucky = MAILS[7].recipient
    with SmtpServer(faults=[Fault(phase, does, recipient=unlucky)], **server_options) as server:
        result = drive(open_wire(server, **options), MAILS)

    judge(result, MAILS, server.copies)
    others = {to for to in result.came_out if to != unlucky}
    lost = {to for to in others if isinstance(result.came_out[to], OutcomeUnknown)}
    assert result.stopped is None
    assert len(others) == len(MAILS) - 1
    assert len(lost) <= (2 * 3 if options else 0)  # went out on the lines that broke


EXPECTED = {
    ("rcpt", "550 5.1.1 no"): Refused,
    ("rcpt", "451 4.3.0 not now"): TryLater,
    ("rcpt", "421 4.3.0 closing"): ProviderUnavailable,
    ("rcpt", DROP): ProviderUnavailable,
    ("data", "550 5.1.1 no"): Refused,
    ("data", "451 4.3.0 not now"): TryLater,
    ("data", DROP): ProviderUnavailable,
    ("dot", "550 5.1.1 no"): Refused,
    ("dot", "451 4.3.0 not now"): TryLater,
    ("dot", "421 4.3.0 closing"): ProviderUnavailable,
    ("dot", "gibberish"): OutcomeUnknown,
    ("dot", LOSE_ANSWER): OutcomeUnknown,
    ("dot", DROP): OutcomeUnknown,
}


@pytest.mark.parametrize("in_turn", [False, True], ids=["pipelined", "in turn"])
@pytest.mark.parametrize(("phase", "does"), EXPECTED)
def test_sorts_what_the_server_says(open_wire, phase, does, in_turn):
    unlucky = MAILS[1].recipient
    fault = Fault(phase, does, recipient=unlucky)
    with SmtpServer(faults=[fault], pipelining=not in_turn) as server:
        result = drive(open_wire(server), MAILS[:4])

    assert type(result.came_out[unlucky]) is EXPECTED[phase, does]
    assert (unlucky in result.told_ready) == (phase == "dot")
    assert len(result.of(Accepted)) == 3


@pytest.mark.parametrize(
    ("does", "error"),
    [("451 4.7.1 slower", RateLimited), ("550 5.7.1 not you", CredentialsRefused)],
)
def test_what_concerns_everybody_is_raised_after_all_that_happened(open_wire, mode, does, error):
    server_options, options = mode
    with SmtpServer(faults=[Fault("mail", does)], **server_options) as server:
        result = drive(open_wire(server, **options), MAILS)

    assert not result.of(Accepted)
    assert server.taken == []
    if not options:  # otherwise the mails go out with their envelopes
        assert type(result.stopped) is error
        assert result.came_out == {}
    else:
        assert result.kinds() == {error}


def test_a_line_that_broke_in_the_middle_of_a_mail_costs_nothing(open_wire, mode):
    server_options, options = mode
    mails = [a_mail(1, text=LARGE), *MAILS[2:5]]
    fault = Fault("body", DROP, recipient=mails[0].recipient, times=1)
    with SmtpServer(faults=[fault], **server_options) as server:
        result = drive(open_wire(server, 1, **options), mails)

    judge(result, mails, server.copies)
    assert isinstance(result.came_out[mails[0].recipient], Accepted)


@pytest.mark.parametrize("limit", ["421 4.7.0 enough", "452 4.5.3 too many mails", DROP])
def test_a_servers_own_limit_for_a_connection_is_no_trouble(open_wire, limit):
    # Every third MAIL meets the limit, as if each connection could carry two mails.
    class Limited(SmtpServer):
        said = 0

        def fault(self, phase, recipients=()):
            self.said += phase == "mail"
            return limit if phase == "mail" and self.said % 3 == 0 else ""

    with Limited() as server:
        result = drive(open_wire(server, 1), MAILS)

    assert result.stopped is None
    assert result.kinds() == {Accepted}
    assert server.connections >= 10


@pytest.mark.parametrize(("mode", "phase"), steps("mail", "rcpt", "data", "dot"), indirect=["mode"])
@pytest.mark.parametrize(
    "limit", ["452 4.4.5 messages per session exceeded", "550 5.7.0 too many mails in this session"]
)
def test_a_session_that_has_carried_its_share_is_followed_by_another(open_wire, mode, phase, limit):
    server_options, options = mode

    class Limited(SmtpServer):
        said = 0

        def fault(self, phase_now, recipients=()):
            with self._lock:
                self.said += phase_now == phase
                return limit if phase_now == phase and self.said % 4 == 0 else ""

    with Limited(**server_options) as server:
        result = drive(open_wire(server, 1, **options), MAILS)

    judge(result, MAILS, server.copies)
    assert result.stopped is None
    assert result.kinds() == {Accepted}
    assert server.connections >= 6


@pytest.mark.parametrize(("mode", "phase"), steps("rcpt", "data", "dot"), indirect=["mode"])
@pytest.mark.parametrize(
    ("does", "error"),
    [
        ("550 5.4.5 daily limit exceeded", RateLimited),
        ("451 4.7.0 slow down", RateLimited),
        ("550 5.7.1 not allowed to send as lettre", CredentialsRefused),
    ],
)
def test_nobody_is_refused_for_what_the_account_may_not(open_wire, mode, phase, does, error):
    server_options, options = mode
    with SmtpServer(faults=[Fault(phase, does)], **server_options) as server:
        result = drive(open_wire(server, **options), MAILS)

    judge(result, MAILS, server.copies)
    assert result.kinds() == {error}
    assert server.taken == []


def test_connections_are_replaced_after_as_many_mails_as_the_options_say(open_wire, mode):
    server_options, options = mode
    with SmtpServer(**server_options) as server:
        result = drive(open_wire(server, 2, mails_per_connection=4, **options), MAILS)

    assert result.kinds() == {Accepted}
    assert server.connections in {6, 7}
    assert server.commands.count("QUIT") >= 4


def test_fewer_connections_than_asked_for_will_do(open_wire):
    class Small(SmtpServer):
        def fault(self, phase, recipients=()):
            return "421 4.7.0 too many" if phase == "connect" and self.connections > 1 else ""

    with Small() as server:
        result = drive(open_wire(server, 8), MAILS)

    assert result.stopped is None
    assert result.kinds() == {Accepted}


def test_a_connection_that_is_slow_to_open_stalls_nobody(open_wire):
    class Slow(SmtpServer):
        def fault(self, phase, recipients=()):
            return HANG if phase == "connect" and self.connections > 1 else ""

    with Slow() as server:
        result = drive(open_wire(server, 4, timeout=2 * PATIENCE), MAILS)  # it gives up sooner

    assert result.kinds() == {Accepted}


def test_tries_a_wrong_login_once_and_not_on_every_connection(open_wire):
    with SmtpServer(login=("lettre", "right")) as server:
        wire = open_wire(server, 8, username="lettre", password="wrong")
        result = drive(wire, MAILS)

    assert type(result.stopped) is CredentialsRefused
    assert server.connections == 1


def test_nobody_there_is_raised_and_the_wire_can_be_used_again(open_wire):
    greeting = Fault("connect", "554 5.3.2 not today", times=1)
    with SmtpServer(faults=[greeting]) as server:
        wire = open_wire(server)
        first = drive(wire, MAILS)
        second = drive(wire, MAILS)

    assert type(first.stopped) is ProviderUnavailable
    assert first.came_out == {}
    assert second.kinds() == {Accepted}


def test_an_idle_connection_that_the_server_closed_is_opened_again(open_wire):
    with SmtpServer() as server:
        wire = open_wire(server, 1)
        drive(wire, MAILS[:6])
        server._server.hang_up()

        result = drive(wire, MAILS[6:12])

    assert result.kinds() == {Accepted}
    assert len(server.taken) == 12


@pytest.mark.parametrize(
    ("phase", "told"),
    [("mail", ProviderUnavailable), ("rcpt", ProviderUnavailable), ("data", ProviderUnavailable),
     ("dot", OutcomeUnknown)],
)  # fmt: skip
def test_waits_for_an_answer_only_as_long_as_the_options_say(open_wire, phase, told):
    with SmtpServer(faults=[Fault(phase, HANG, times=1)]) as server:
        result = drive(open_wire(server, 1, timeout=1), MAILS[:1])  # it gives up much later

    assert result.kinds() == {told}


class Moody(SmtpServer):
    """Fails at any point, as a seed has it; a connection may also be refused or say nothing."""

    def __init__(self, seed, **options):
        super().__init__(**options)
        self.random = random.Random(seed)

    def fault(self, phase, recipients=()):
        with self._lock:
            if phase == "ehlo" or self.random.random() > (0.25 if phase == "connect" else 0.06):
                return ""
            lost = [LOSE_ANSWER, HANG] if phase == "dot" else []
            words = ["421 bye", "450 later", "550 no", "gibberish"]
            return DROP if phase == "body" else self.random.choice([DROP, *words, *lost])


@pytest.mark.parametrize("seed", range(5))
def test_holds_all_promises_to_a_moody_server(open_wire, mode, seed):
    server_options, options = mode
    left = [*MAILS, a_mail(100, text="word " * 400_000)]
    with Moody(seed, **server_options) as server:
        wire = open_wire(server, 2, timeout=0.3, mails_per_connection=5, **options)
        while left:  # each time as the engine does after its channel was stopped
            result = drive(wire, left)
            judge(result, left, server.copies)
            left = [mail for mail in left if mail.recipient not in result.came_out]

    assert max(server.copies.values(), default=0) <= 1
