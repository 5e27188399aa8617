"""Mails by the dozen, and what servers can do."""

from typing import Any

import pytest

from dispatch.testing.samples import a_mail

MAILS = [a_mail(number) for number in range(24)]
LARGE = "word " * 2_000_000  # more than a socket's buffers hold

MODES: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "pipelined": ({"pipelining": True}, {}),
    "in turn": ({"pipelining": False}, {}),
    "in pieces": ({"in_pieces": True}, {}),
    "in chunks": ({"chunking": True}, {}),
    "chunks in turn": ({"chunking": True, "pipelining": False}, {}),
    "several in flight": ({"chunking": True}, {"in_flight": 3}),
}
"""What servers can do, and with which options they are spoken to."""


def steps(*phases: str) -> list[Any]:
    """Each way to speak with each of the phases that it has: BDAT takes the place of DATA."""
    return [
        pytest.param(mode, phase, id=f"{name}-{phase}")
        for name, mode in MODES.items()
        for phase in phases
        if phase != "data" or "chunking" not in mode[0]
    ]
