"""What tests of bad mail servers share: how long anything may take, and asking for it."""

import time

import pytest
from pydantic import SecretStr

from dispatch.errors import ProviderError
from dispatch.testing.contract import SECRET

TIMEOUT = 0.2
PATIENCE = 100 * TIMEOUT
"""Seconds in which all is over: a handful of answers, each in its time, on a busy machine."""

LOGIN = {"username": "lettre", "password": SecretStr(SECRET)}

MODES = {
    "pipelined": (("PIPELINING",), {}),
    "in turn": (("HELP",), {}),
    "in chunks": (("PIPELINING", "CHUNKING"), {}),
    "several in flight": (("PIPELINING", "CHUNKING"), {"in_flight": 3}),
}
"""What a server offers, and the options that make use of it."""


def refusal(call):
    """The error that a call raises, in limited time."""
    began = time.monotonic()
    with pytest.raises(ProviderError, match=r"^smtp: 127\.0\.0\.1:\d+: .+ - .+") as raised:
        call()
    assert time.monotonic() - began < PATIENCE
    return raised.value


def told(result):
    """What became of the one mail, whether it was raised or told of it."""
    return result.stopped or next(iter(result.came_out.values()))
