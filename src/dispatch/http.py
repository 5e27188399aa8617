"""The one place where HTTP clients are built, so that every call has limits and a name."""

import httpx

from dispatch import __version__

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0


def new_client(*, transport: httpx.BaseTransport | None = None) -> httpx.Client:
    """A client with time limits, no redirects followed by itself, and a User-Agent that names us.

    `transport` replaces the network: tests hand in an `httpx.MockTransport`.
    """
    return httpx.Client(
        transport=transport,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        headers={"User-Agent": f"dispatch/{__version__} (newsletter digests)"},
        trust_env=True,
    )
