"""The network as feeds may use it: public addresses only, and a time limit over all of a request.

The check is made on the address that is connected to, after the one lookup of its name: a name that
means something else a moment later (DNS rebinding) finds nobody who asks again.
"""

import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from ipaddress import ip_address
from typing import Any

import httpcore
import httpx

from dispatch.feeds.web.public import Address, Network, may_connect, meant
from dispatch.http import CONNECT_SECONDS, trusted_certificates
from dispatch.timed_http import TOTAL, Lines, answer, proxy_at

LookUp = Callable[[str, int], Sequence[str]]
"""Host name and port to numeric addresses, best first; raises OSError where there are none."""

# Feeds are on many hosts, each asked once in a round: few connections are worth keeping, and a pool
# looks at each one it keeps before each request. How many there are at once, the callers decide.
_KEPT_CONNECTIONS = 20
_KEPT_SECONDS = 5.0


class NotPublic(httpcore.ConnectError):
    """Nothing was connected to: `address` is where the host is, and feeds may not be there."""

    def __init__(self, address: Address) -> None:
        super().__init__(f"{address} is not on the public Internet")
        self.address = address


def look_up(host: str, port: int) -> list[str]:
    """What the system's resolver says."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


class FeedNetwork(httpx.BaseTransport):
    """An HTTP transport that connects only where feeds may come from; for many threads at once.

    `allowed` are networks that are not public and may be used all the same; without `public` they
    are the only ones. The request's extension
    `total` is how many seconds all of it may take, from the lookup to the end of the body; whoever
    sends the request also reads the answer, in the same thread.

    Through a `proxy` (`http://name:password@host:port`) it is the proxy that connects: what is
    checked then is the host of the address where that is a number, and no name is looked up.
    """

    def __init__(
        self,
        *,
        allowed: Collection[Network] = (),
        proxy: str = "",
        look_up: LookUp = look_up,
        certificates: ssl.SSLContext | None = None,
        public: bool = True,
    ) -> None:
        self._allowed = tuple(allowed)
        self._proxied = bool(proxy)
        self._public = public
        self._lines = Lines()

        def allows(address: Address) -> bool:
            return self._proxied or self._may_connect(address)

        self._pool = httpcore.ConnectionPool(
            ssl_context=certificates or trusted_certificates(),
            proxy=proxy_at(proxy) if proxy else None,
            max_connections=None,
            max_keepalive_connections=_KEPT_CONNECTIONS,
            keepalive_expiry=_KEPT_SECONDS,
            network_backend=_Connector(look_up, allows, self._lines),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with a body that is not read yet."""
        self._lines.deadline.set(request.extensions.get(TOTAL, math.inf))
        if self._proxied:
            self._check_number(request.url.host)
        return answer(self._pool, request)

    def close(self) -> None:
        """Let go of all connections."""
        self._pool.close()
        self._lines.end()

    def _may_connect(self, address: Address) -> bool:
        if not may_connect(address, self._allowed):
            return False
        return self._public or any(address in network for network in self._allowed)

    def _check_number(self, host: str) -> None:
        try:
            # The system's own reading, since 127.1 and 0x7f000001 are numbers too.
            found = socket.getaddrinfo(host, None, flags=socket.AI_NUMERICHOST)
        except (OSError, UnicodeError):
            if host.rstrip(".").lower() != "localhost":
                return
            addresses = ["127.0.0.1"]
        else:
            addresses = [str(address[0]) for *_, address in found]
        for address in map(meant, addresses):
            if not self._may_connect(address):
                refused = NotPublic(address)
                raise httpx.ConnectError(str(refused)) from refused


class _Connector(httpcore.NetworkBackend):
    """Looks a name up once, and connects to an address that has been checked."""

    def __init__(
        self, look_up: LookUp, may_connect: Callable[[Address], bool], lines: Lines
    ) -> None:
        self._look_up = look_up
        self._may_connect = may_connect
        self._lines = lines
        self._wire = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        until = time.monotonic() + (self._lines.deadline.within(timeout) or CONNECT_SECONDS)
        found = _look_up_in_time(self._look_up, host, port, until)
        addresses = [one for one in found if self._may_connect(meant(one))]
        if not addresses:
            raise NotPublic(meant(found[0]))
        failure: Exception | None = None
        for number, address in enumerate(addresses):
            # Where one does not answer at all, such as IPv6 behind a bad router, the others get
            # their share of the time.
            share = (until - time.monotonic()) / (len(addresses) - number)
            try:
                stream = self._wire.connect_tcp(
                    address, port, max(share, 0.001), local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
            else:
                return self._lines.keep(stream)
        raise failure or httpcore.ConnectTimeout


def _look_up_in_time(look_up: LookUp, host: str, port: int, until: float) -> Sequence[str]:
    """The host's addresses; a resolver has no time limit, so that another thread asks it."""
    with suppress(ValueError):
        return [str(ip_address(host))]
    answers: list[Sequence[str]] = []
    failures: list[Exception] = []

    def ask() -> None:
        try:
            answers.append(look_up(host, port))
        except Exception as failure:  # noqa: BLE001 - raised below, in the thread that waits
            failures.append(failure)

    asking = threading.Thread(target=ask, name="look-up", daemon=True)
    asking.start()
    asking.join(max(until - time.monotonic(), 0))
    for found in failures:
        try:
            raise found
        except OSError as failure:  # in here, as httpcore takes away what is only a cause
            raise httpcore.ConnectError(str(failure)) from failure
    if not answers:
        raise httpcore.ConnectTimeout(f"{host} was not looked up in time")
    if not answers[0]:
        raise httpcore.ConnectError(f"{host} has no address")
    return answers[0]
