"""Providers that talk to the SMTP server of a test."""

import ssl

import pytest

from dispatch.http import new_client
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.clock import FakeClock


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
