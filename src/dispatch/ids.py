"""Where new identities come from: a callable that is handed in, so that tests can foresee them."""

import os
import uuid
from collections.abc import Callable

Ids = Callable[[], str]
"""Gives a string of 32 hexadecimal digits that was never given before."""


def new() -> str:
    """A random identity."""
    return uuid.uuid4().hex


def many(number: int, source: Ids = new) -> list[str]:
    """So many identities; random ones take a twentieth of the time when they are made at once."""
    if source is not new:
        return [source() for _ in range(number)]
    digits = os.urandom(16 * number).hex()
    return [digits[start : start + 32] for start in range(0, len(digits), 32)]
