"""Names, passwords and encryption: what SMTP says before the first mail."""

import pytest
from pydantic import SecretStr

from dispatch.errors import CredentialsRefused, ProviderUnavailable
from dispatch.http import new_client
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.contract import SECRET
from dispatch.testing.samples import a_mail
from dispatch.testing.smtp_server import DROP, Fault, SmtpServer
from smtp_samples import LOGIN


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
