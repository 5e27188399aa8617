"""The one place where HTTP clients are built, so that every call has limits and a name."""

import ssl
from contextlib import suppress
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx

from dispatch.timed_http import TimedNetwork
from dispatch.version import __version__

CONNECT_SECONDS = 10.0
READ_SECONDS = 30.0
TOTAL_SECONDS = 300.0
"""How long all of a request may take, where it does not say less: a large batch goes up slowly."""

CONNECTIONS = 100
"""Open at once, and kept open for what is called next: each new one costs two round trips."""


def new_client(*, transport: httpx.BaseTransport | None = None, contact: str = "") -> httpx.Client:
    """A client with time limits, no redirects followed by itself, and a User-Agent that names us.

    The network goes by the proxies of the environment, and ends what takes TOTAL_SECONDS.
    `transport` replaces it: feeds have one of their own (`feeds/web/network.py`), and
    tests hand in an `httpx.MockTransport`. `contact` is an address of the web at which somebody who
    wonders about our requests finds out whose they are.
    """
    network = transport or TimedNetwork(
        seconds=TOTAL_SECONDS, connections=CONNECTIONS, certificates=trusted_certificates
    )
    return httpx.Client(
        transport=network,
        timeout=httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS),
        follow_redirects=False,
        # No cookies: a client serves many, so that its jar would grow for as long as it lives.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={"User-Agent": user_agent(contact)},
        trust_env=True,
    )


def user_agent(contact: str) -> str:
    """What we call ourselves; the plus before the address is what feed readers write.

    >>> user_agent("https://news.example.org").partition(" ")[2]
    '(+https://news.example.org)'
    """
    who = "newsletter digests"
    if contact:
        # An address with umlauts is written in its ASCII form, as no header carries any other;
        # one that has none, such as https://münchen..de, must not keep us from starting.
        with suppress(httpx.InvalidURL):
            who = f"+{httpx.URL(contact)}"
    return f"dispatch/{__version__} ({who})"


@cache
def trusted_certificates() -> ssl.SSLContext:
    """Whose certificates count; reading them takes 50 ms, so that all clients share them."""
    return httpx.create_ssl_context()
