"""A mail server's every yes, no and silence is told apart."""

from dataclasses import replace

import pytest
from pydantic import SecretStr

from dispatch.errors import (
    CredentialsRefused,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
    TryLater,
)
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.testing.contract import ProviderPromises
from dispatch.testing.samples import a_mail
from dispatch.testing.smtp_server import DROP, HANG, LOSE_ANSWER, Fault, SmtpServer
from smtp_samples import LOGIN

READER = a_mail().recipient


class TestSmtp(ProviderPromises):
    @pytest.fixture
    def working(self, smtp):
        with SmtpServer(login=LOGIN) as server:
            yield smtp(server, username=LOGIN[0], password=SecretStr(LOGIN[1]))


def test_hands_over_the_very_bytes(smtp):
    message = a_mail(text=".\n..dots\nend")
    with SmtpServer() as server:
        [outcome] = smtp(server).send([message])

    [mail] = server.taken
    assert mail.data == message.data
    assert (mail.sender, mail.recipients) == ("lettre@example.org", (READER,))
    assert outcome == Accepted("00000001")


def test_keeps_the_connection_open_between_mails(smtp):
    with SmtpServer() as server:
        provider = smtp(server)

        for number in range(5):
            provider.send([a_mail(number)])

    assert (server.connections, len(server.taken)) == (1, 5)


def test_makes_a_new_connection_after_many_mails(smtp):
    with SmtpServer() as server:
        provider = smtp(server, mails_per_connection=3)

        for number in range(7):
            provider.send([a_mail(number)])

    assert (server.connections, len(server.taken)) == (3, 7)


@pytest.mark.parametrize(
    "farewell", [DROP, "421 4.4.2 idle for too long", "452 4.5.3 too many mails"]
)
def test_makes_a_new_connection_when_the_server_wants_no_more_of_this_one(smtp, farewell):
    closing = Fault("mail", farewell, times=0)
    with SmtpServer(faults=[closing]) as server:
        provider = smtp(server)
        provider.send([a_mail(1)])
        closing.times = 1

        [outcome] = provider.send([a_mail(2)])

    assert isinstance(outcome, Accepted)
    assert (server.connections, len(server.taken)) == (2, 2)


NOTHING_SENT = [
    ("connect", "554 5.7.1 go away", ProviderUnavailable),
    ("connect", "421 4.3.2 too busy", ProviderUnavailable),
    ("connect", DROP, ProviderUnavailable),
    ("connect", "HTTP/1.1 400 Bad Request", ProviderUnavailable),
    ("ehlo", DROP, ProviderUnavailable),
    ("mail", "451 4.7.1 too fast", RateLimited),
    ("mail", "452 4.3.1 no room", RateLimited),
    ("mail", "421 4.7.0 closing", ProviderUnavailable),
    ("mail", "530 5.7.0 log in first", CredentialsRefused),
    ("mail", DROP, ProviderUnavailable),
    ("rcpt", "450 4.2.0 greylisted", TryLater),
    ("rcpt", "451 4.3.0 lookup failed", TryLater),
    ("rcpt", "452 4.2.2 mailbox full", TryLater),
    ("rcpt", "421 4.7.0 closing", ProviderUnavailable),
    ("rcpt", "gibberish", ProviderUnavailable),
    ("rcpt", DROP, ProviderUnavailable),
    ("data", "451 4.3.0 not now", TryLater),
    ("data", "250 what do you mean", ProviderUnavailable),
    ("data", DROP, ProviderUnavailable),
    ("body", DROP, ProviderUnavailable),
    ("dot", "451 4.3.0 queue full", TryLater),
    ("dot", "421 4.3.0 shutting down", ProviderUnavailable),
]


@pytest.mark.parametrize(("phase", "does", "error"), NOTHING_SENT)
def test_knows_that_nothing_was_sent(smtp, phase, does, error):
    # More than a socket's buffers hold, so that a connection lost inside the mail is noticed.
    large = a_mail(text="word " * 2_000_000)
    with SmtpServer(faults=[Fault(phase, does)]) as server:
        with pytest.raises(ProviderError, match=r"^smtp: 127\.0\.0\.1:\d+: .+ - .+") as raised:
            smtp(server).send([large])

        assert type(raised.value) is error
        assert server.taken == []


def test_a_sender_that_is_not_accepted_stops_the_account_and_refuses_nobody(smtp):
    refusing = Fault("mail", "550 5.7.1 not your address")
    with (
        SmtpServer(faults=[refusing]) as server,
        pytest.raises(CredentialsRefused, match=r"sender not accepted \(550 5\.7\.1 not your"),
    ):
        smtp(server).send([a_mail()])

    assert server.taken == []


def test_a_mail_that_is_too_large_is_refused_alone(smtp):
    with SmtpServer(faults=[Fault("mail", "552 5.3.4 too large", times=1)]) as server:
        [outcome] = smtp(server).send([a_mail()])

    assert outcome == Refused("552 5.3.4 too large")


@pytest.mark.parametrize("phase", ["rcpt", "data", "dot"])
def test_gives_the_reason_of_a_refusal_and_goes_on_with_the_next(smtp, phase):
    refusing = Fault(phase, "550 5.1.1 no such person", times=1)
    with SmtpServer(faults=[refusing]) as server:
        provider = smtp(server)

        outcomes = [*provider.send([a_mail(1)]), *provider.send([a_mail(2)])]

    assert outcomes[0] == Refused("550 5.1.1 no such person")
    assert isinstance(outcomes[1], Accepted)
    assert server.copies == {"reader2@example.org": 1}
    assert server.connections == 1


def test_goes_on_with_others_while_one_recipient_has_to_wait(smtp):
    greylisting = Fault("rcpt", "450 4.2.0 greylisted", recipient="reader1@example.org", times=1)
    with SmtpServer(faults=[greylisting]) as server:
        provider = smtp(server)

        with pytest.raises(TryLater):
            provider.send([a_mail(1)])
        provider.send([a_mail(2)])
        provider.send([a_mail(1)])

    assert server.copies == {"reader1@example.org": 1, "reader2@example.org": 1}


@pytest.mark.parametrize("does", [LOSE_ANSWER, "what", "354 go on", "999 ok"])
def test_does_not_know_what_became_of_a_mail_whose_answer_is_lost(smtp, does):
    with SmtpServer(faults=[Fault("dot", does, times=1)]) as server:
        provider = smtp(server)

        with pytest.raises(OutcomeUnknown, match="- look in the server's log"):
            provider.send([a_mail(1)])
        provider.send([a_mail(2)])

    assert server.connections == 2
    assert server.copies["reader2@example.org"] == 1


def test_does_not_wait_for_ever_for_the_answer(smtp):
    with SmtpServer(faults=[Fault("dot", HANG)]) as server, pytest.raises(OutcomeUnknown):
        smtp(server, timeout=1).send([a_mail()])

    assert len(server.taken) == 1


@pytest.mark.parametrize("phase", ["connect", "ehlo", "mail", "rcpt", "data"])
def test_does_not_wait_for_ever_before_anything_is_sent(smtp, phase):
    with SmtpServer(faults=[Fault(phase, HANG)]) as server, pytest.raises(ProviderUnavailable):
        smtp(server, timeout=0.2).send([a_mail()])

    assert server.taken == []


def test_says_that_nobody_is_there(smtp):
    with SmtpServer() as server:
        provider = smtp(server)

    with pytest.raises(ProviderUnavailable, match=r"no connection .+ - check host and port"):
        provider.send([a_mail()])


@pytest.mark.parametrize("line_end", ["\r\n", "\n", "\r"])
def test_lets_no_address_add_a_command(smtp, line_end):
    sly = replace(a_mail(1), recipient=f"a@example.org>{line_end}RCPT TO:<b@example.org")
    with SmtpServer() as server:
        provider = smtp(server)

        outcomes = [*provider.send([sly]), *provider.send([a_mail(2)])]

    assert outcomes[0] == Refused("address: not one that mail can be sent to - correct it")
    assert list(server.copies) == ["reader2@example.org"]


def test_refuses_what_is_larger_than_the_server_takes(smtp):
    with SmtpServer(largest=5_000) as server:
        provider = smtp(server)

        outcomes = [*provider.send([a_mail(1, text="x" * 9_000)]), *provider.send([a_mail(2)])]

    assert isinstance(outcomes[0], Refused)
    assert "the mail server takes 5,000" in outcomes[0].reason
    assert list(server.copies) == ["reader2@example.org"]
    said = [line for line in server.commands if line.startswith("MAIL")]
    assert said == [f"MAIL FROM:<lettre@example.org> SIZE={len(a_mail(2).data)}"]


class TestAddressesBeyondAscii:
    def test_reach_a_server_that_knows_them(self, smtp):
        with SmtpServer(smtputf8=True) as server:
            provider = smtp(server)

            provider.send([a_mail(to=Address("jérôme@bücher.example"))])
            provider.send([a_mail(2)])

        assert list(server.copies) == ["jérôme@xn--bcher-kva.example", "reader2@example.org"]
        said = [line for line in server.commands if line.startswith("MAIL")]
        assert ["SMTPUTF8" in line for line in said] == [True, False]

    def test_are_refused_where_the_server_does_not(self, smtp):
        with SmtpServer(smtputf8=False) as server:
            provider = smtp(server)

            [outcome] = provider.send([a_mail(to=Address("jérôme@example.org"))])
            provider.send([a_mail(2)])

        assert isinstance(outcome, Refused)
        assert "SMTPUTF8" in outcome.reason
        assert list(server.copies) == ["reader2@example.org"]
