"""Wires to servers that can do this or that."""

import pytest

from dispatch.http import new_client
from dispatch.providers.smtp import Smtp, SmtpOptions
from dispatch.testing.clock import FakeClock
from wire_stage import MODES


@pytest.fixture
def open_wire():
    """Opens wires, and closes them after the test."""
    wires = []

    def open_wire(server, connections=3, **options):
        settings = {"security": "none", "timeout": 5, **options}
        provider = Smtp(
            SmtpOptions(host="127.0.0.1", port=server.port, **settings), new_client(), FakeClock()
        )
        wires.append(provider.open_wire(connections))
        return wires[-1]

    yield open_wire
    for wire in wires:
        wire.close()


@pytest.fixture(params=MODES.values(), ids=MODES)
def mode(request):
    return request.param
