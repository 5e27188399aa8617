"""From where the present call comes: a network and a browser, or the command line.

It goes along with a call by itself, as the reference of a request does, so that each use case need
not hand it on for the one line of the audit log that tells it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_ORIGIN: ContextVar[str] = ContextVar("origin", default="")


def origin() -> str:
    """From where this call comes; empty where nobody has said."""
    return _ORIGIN.get()


@contextmanager
def coming_from(where: str) -> Iterator[None]:
    """Say so for all that is called within."""
    token = _ORIGIN.set(where)
    try:
        yield
    finally:
        _ORIGIN.reset(token)
