"""A database that has gone comes back: whoever has something to write down asks again."""

from collections.abc import Callable
from threading import Event
from typing import TypeVar

from dispatch.errors import StoreUnavailable

T = TypeVar("T")

ASK_AGAIN_SECONDS = 0.5
ASK_AGAIN = 40
"""How often it asks again, and after which waits."""


def patiently(ask: Callable[[], T]) -> T:
    """What the database says, though it may be away for a while; raises StoreUnavailable at last.

    For what a provider has said: that is known here and nowhere else, and not dropped soon.
    """
    for again in range(ASK_AGAIN, -1, -1):
        try:
            return ask()
        except StoreUnavailable:
            if not again:
                raise
            Event().wait(ASK_AGAIN_SECONDS)  # whether we are to stop or not
    raise AssertionError
