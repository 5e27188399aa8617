"""Many mails at once over an encrypted line."""

import ssl

import pytest

from dispatch.model.delivery.message import Accepted
from dispatch.testing.samples import a_mail
from dispatch.testing.smtp_server import DROP, LOSE_ANSWER, Fault, SmtpServer
from wire_driver import drive, judge
from wire_stage import LARGE, MAILS


class TestEncrypted:
    @pytest.fixture(params=["starttls", "tls"])
    def secure(self, request, certificate):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
        server = SmtpServer(
            tls=context, tls_at_once=request.param == "tls", login=("lettre", "secret")
        )
        options = {"username": "lettre", "password": "secret"}
        return server, {
            "security": request.param, "ca_file": certificate / "cert.pem", **options
        }  # fmt: skip

    def test_everybody_gets_one_mail(self, open_wire, secure):
        server, options = secure
        mails = [*MAILS, a_mail(100, text=LARGE)]
        with server:
            result = drive(open_wire(server, **options), mails)

        judge(result, mails, server.copies)
        assert result.kinds() == {Accepted}
        assert server.taken[-1].data == mails[-1].data

    @pytest.mark.parametrize(
        ("phase", "does"), [("body", DROP), ("dot", LOSE_ANSWER), ("rcpt", DROP)]
    )
    def test_what_is_told_is_what_the_server_has(self, open_wire, secure, phase, does):
        server, options = secure
        server.faults = [Fault(phase, does, times=2)]
        mails = [*MAILS, a_mail(100, text=LARGE)]
        with server:
            result = drive(open_wire(server, **options), mails)

        judge(result, mails, server.copies)
        assert len(result.came_out) == len(mails)
