"""Providers, wires and certificates for tests of bad mail servers."""

import ssl
import time

import pytest

from dispatch.http import new_client
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.clock import FakeClock
from dispatch.testing.samples import a_mail
from smtp_stage import MODES, PATIENCE, TIMEOUT
from wire_driver import drive


@pytest.fixture(params=MODES.values(), ids=MODES)
def mode(request):
    return request.param


@pytest.fixture
def tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate / "cert.pem", certificate / "key.pem")
    return context


@pytest.fixture
def timeout():
    """Seconds for an answer, where tests wait until they are over."""
    return TIMEOUT


@pytest.fixture
def smtp(timeout):
    """Builds providers, and ends their connections after the test."""
    built = []

    def smtp(server, **options):
        options = {"security": "none", "timeout": timeout, **options}
        provider = Smtp(
            SmtpOptions(host="127.0.0.1", port=server.port, **options), new_client(), FakeClock()
        )
        built.append(provider)
        return provider

    yield smtp
    for provider in built:
        provider.close()


@pytest.fixture
def send(smtp):
    """Sends mails over a wire, in limited time; how they came out."""
    wires = []

    def send(server, *mails, connections=1, **options):
        wires.append(smtp(server, **options).open_wire(connections))
        began = time.monotonic()
        result = drive(wires[-1], mails or [a_mail()])
        assert time.monotonic() - began < PATIENCE
        return result

    yield send
    for wire in wires:
        wire.close()
