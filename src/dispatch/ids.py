"""Where new identities come from: a callable that is handed in, so that tests can foresee them."""

import uuid
from collections.abc import Callable

Ids = Callable[[], str]
"""Gives a string of 32 hexadecimal digits that was never given before."""


def new() -> str:
    """A random identity."""
    return uuid.uuid4().hex
