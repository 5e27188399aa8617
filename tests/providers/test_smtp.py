"""A mail server's every yes, no and silence is told apart."""

import ssl
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
from dispatch.http import new_client
from dispatch.model.delivery.message import Accepted, Address, Refused
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET, ProviderPromises
from dispatch.testing.samples import a_mail
from dispatch.testing.smtp_server import DROP, HANG, LOSE_ANSWER, Fault, SmtpServer

LOGIN = ("lettre", SECRET)
READER = a_mail().recipient


@pytest.fixture
def smtp():
    """Builds providers, and ends their connections after the test."""
    built = []

    def smtp(server, **options):
        options = {"security": "none", "timeout": 5, **options}
        provider = Smtp(
            SmtpOptions(host="127.0.0.1", port=server.port, **options), new_client(), FakeClock()
        )
        built.append(provider)
        return provider

    yield smtp
    for provider in built:
        provider.close()


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


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


class TestLogin:
    def test_logs_in(self, smtp):
        with SmtpServer(login=LOGIN) as server:
            provider = smtp(server, username=LOGIN[0], password=SecretStr(LOGIN[1]))

            provider.send([a_mail()])

            assert provider.check() == f"127.0.0.1:{server.port} as lettre (not encrypted)"
        assert len(server.taken) == 1

    @pytest.mark.parametrize(
        ("does", "error"),
        [
            ("535 5.7.8 not you", CredentialsRefused),
            ("534 5.7.9 use another way", CredentialsRefused),
            ("454 4.7.0 try again", ProviderUnavailable),
            ("421 4.7.0 too many tries", ProviderUnavailable),
            (DROP, ProviderUnavailable),
        ],
    )
    def test_tells_a_wrong_login_from_a_busy_server(self, smtp, does, error):
        with SmtpServer(login=LOGIN, faults=[Fault("auth", does)]) as server:
            provider = smtp(server, username=LOGIN[0], password=SecretStr(LOGIN[1]))

            for call in (provider.check, lambda: provider.send([a_mail()])):
                with pytest.raises(error) as raised:
                    call()

        assert type(raised.value) is error
        assert server.taken == []

    @pytest.mark.parametrize("password", [SECRET, f"{SECRET}é"])
    def test_never_shows_the_password(self, smtp, password):
        echo = Fault("auth", f"535 5.7.8 no such password: {SECRET}")
        with SmtpServer(login=LOGIN, faults=[echo]) as server:
            provider = smtp(server, username="me", password=SecretStr(password))

            with pytest.raises(CredentialsRefused) as raised:
                provider.check()

        error = raised.value
        assert error.__suppress_context__
        assert SECRET not in f"{error} {error.__cause__!r} {provider} {provider!r}"

    def test_says_that_a_login_is_needed(self, smtp):
        with (
            SmtpServer(login=LOGIN) as server,
            pytest.raises(CredentialsRefused, match=r"530 5\.7\.0 Authentication required"),
        ):
            smtp(server).send([a_mail()])

    def test_says_that_the_server_offers_no_login(self, smtp):
        with SmtpServer() as server, pytest.raises(CredentialsRefused, match="offers no login"):
            smtp(server, username="me", password=SecretStr(SECRET)).check()


class TestEncryption:
    def test_encrypts_before_it_logs_in(self, smtp, tls, certificate):
        with SmtpServer(tls=tls, login=LOGIN) as server:
            provider = smtp(
                server, security="starttls", ca_file=certificate / "cert.pem",
                username=LOGIN[0], password=SecretStr(LOGIN[1]),
            )  # fmt: skip

            provider.send([a_mail()])

            assert provider.check() == f"127.0.0.1:{server.port} as lettre (STARTTLS)"
        verbs = [command.split()[0].lower() for command in server.commands]
        assert verbs[:4] == ["ehlo", "starttls", "ehlo", "auth"]
        assert len(server.taken) == 1

    def test_encrypts_from_the_first_byte(self, smtp, tls, certificate):
        with SmtpServer(tls=tls, tls_at_once=True) as server:
            provider = smtp(server, security="tls", ca_file=certificate / "cert.pem")

            provider.send([a_mail()])

            assert provider.check() == f"127.0.0.1:{server.port} (TLS)"
        assert len(server.taken) == 1

    @pytest.mark.parametrize("security", ["starttls", "tls"])
    def test_does_not_trust_a_stranger(self, smtp, tls, security):
        with SmtpServer(tls=tls, tls_at_once=security == "tls", login=LOGIN) as server:
            provider = smtp(
                server, security=security, username=LOGIN[0], password=SecretStr(LOGIN[1])
            )

            with pytest.raises(ProviderUnavailable, match="certificate not trusted"):
                provider.send([a_mail()])

        assert "AUTH" not in server.commands
        assert server.taken == []

    def test_never_falls_back_to_an_open_line(self, smtp):
        with SmtpServer(login=LOGIN) as server:
            provider = smtp(
                server, security="starttls", username=LOGIN[0], password=SecretStr(LOGIN[1])
            )

            with pytest.raises(ProviderUnavailable, match="offers no STARTTLS"):
                provider.send([a_mail()])

        assert "AUTH" not in server.commands

    def test_says_that_the_server_cannot_encrypt_now(self, smtp, tls):
        with (
            SmtpServer(tls=tls, faults=[Fault("starttls", "454 4.7.0 no keys")]) as server,
            pytest.raises(ProviderUnavailable, match=r"454 4\.7\.0 no keys"),
        ):
            smtp(server, security="starttls").check()

    def test_says_that_tls_is_spoken_on_another_port(self, smtp):
        with (
            SmtpServer() as server,
            pytest.raises(ProviderUnavailable, match="check port and security"),
        ):
            smtp(server, security="tls").check()

    def test_says_that_the_certificate_file_is_not_there(self, smtp, tmp_path):
        with SmtpServer() as server:
            provider = smtp(server, security="tls", ca_file=tmp_path / "gone.pem")

            with pytest.raises(
                ProviderUnavailable, match=r"gone\.pem unreadable - correct ca_file"
            ):
                provider.check()


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465), ("none", 25)])
def test_knows_the_usual_ports(security, port):
    options = SmtpOptions(host="smtp.example.org", security=security)

    assert str(Smtp(options, new_client(), FakeClock())) == f"smtp: smtp.example.org:{port}"
