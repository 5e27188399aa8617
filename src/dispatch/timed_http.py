"""HTTP with a time limit over all of a request: a server that says a little now and then ends, too.

What a client calls timeouts are silences. A header that comes letter by letter, or one interim
answer after the other (102 Processing), never is one.

httpcore is used directly, and not httpx's transport with a part exchanged: in another release that
exchange might do nothing, and nobody would notice.
"""

import math
import ssl
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.request import getproxies, proxy_bypass
from weakref import WeakSet

import httpcore
import httpx

TOTAL = "total"
"""The extension of a request that says how many seconds all of it may take."""


class Deadline(threading.local):
    """When the request of this thread must be done with.

    A connection is not told for which request it reads: it may serve several, one after the other.
    But a request begins and ends in one thread.
    """

    at = math.inf

    def set(self, seconds: float) -> None:
        """It must be done with in so many seconds."""
        self.at = time.monotonic() + seconds

    def within(
        self, timeout: float | None, over: type[Exception] = httpcore.ReadTimeout
    ) -> float | None:
        """The timeout, or what is left if that is less; raises `over` where nothing is."""
        if self.at == math.inf:
            return timeout
        left = self.at - time.monotonic()
        if left <= 0:
            raise over("all of it took too long")
        return left if timeout is None else min(timeout, left)


class Lines:
    """The connections of one network, so that none outlives it.

    A thread that nobody waits for may have begun to connect before the end, and be through with it
    after: the pool of connections knows nothing of that one. `deadline` is that of the request for
    which each thread uses one.
    """

    def __init__(self) -> None:
        self.deadline = Deadline()
        self._lock = threading.Lock()
        self._open: WeakSet[httpcore.NetworkStream] = WeakSet()
        self._is_over = False

    def keep(self, stream: httpcore.NetworkStream) -> "TimedStream":
        """The connection, kept to the deadline; raises httpcore.ConnectError after the end."""
        line = TimedStream(stream, self)
        with self._lock:
            if not self._is_over:
                self._open.add(line)
                return line
        line.close()
        raise httpcore.ConnectError("connected after all was over")

    def end(self) -> None:
        """Close them all, and each that is still to come."""
        with self._lock:
            self._is_over = True
            left = list(self._open)
        for line in left:
            line.close()


class TimedStream(httpcore.NetworkStream):
    """A connection on which no wait is longer than its request may still take."""

    def __init__(self, stream: httpcore.NetworkStream, lines: Lines) -> None:
        self._stream = stream
        self._deadline = lines.deadline
        self._lines = lines

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.within(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.within(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,
    ) -> httpcore.NetworkStream:
        left = self._deadline.within(timeout, httpcore.ConnectTimeout)
        encrypted = self._stream.start_tls(ssl_context, server_hostname, left)
        return self._lines.keep(encrypted)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


class TimedNetwork(httpx.BaseTransport):
    """A transport for many threads at once, through the proxies that the environment names.

    A request takes `seconds` at most, or as its extension TOTAL says, until the end of its body;
    whoever sends it also reads the answer, in the same thread.
    """

    def __init__(
        self, *, seconds: float, connections: int, certificates: Callable[[], ssl.SSLContext]
    ) -> None:
        self._seconds = seconds
        self._proxies = getproxies()
        self._connections = connections
        self._certificates = certificates
        self._lock = threading.Lock()
        self._lines = Lines()
        self._pools: dict[str, httpcore.ConnectionPool] = {}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Answer with a body that is not read yet."""
        self._lines.deadline.set(request.extensions.get(TOTAL, self._seconds))
        return answer(self._pool_for(request.url), request)

    def close(self) -> None:
        """Let go of all connections."""
        for pool in self._pools.values():
            pool.close()
        self._lines.end()

    def _pool_for(self, url: httpx.URL) -> httpcore.ConnectionPool:
        proxy = self._proxies.get(url.scheme) or self._proxies.get("all") or ""
        if proxy and proxy_bypass(url.host):
            proxy = ""
        with self._lock:
            if proxy not in self._pools:
                self._pools[proxy] = httpcore.ConnectionPool(
                    ssl_context=self._certificates(),
                    proxy=proxy_at(proxy) if proxy else None,
                    max_connections=self._connections,
                    max_keepalive_connections=self._connections,
                    keepalive_expiry=_KEPT_SECONDS,
                    network_backend=_Connector(self._lines),
                )
            return self._pools[proxy]


_KEPT_SECONDS = 5.0


class _Connector(httpcore.NetworkBackend):
    def __init__(self, lines: Lines) -> None:
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
        left = self._lines.deadline.within(timeout, httpcore.ConnectTimeout)
        stream = self._wire.connect_tcp(host, port, left, local_address, socket_options)
        return self._lines.keep(stream)


def answer(pool: httpcore.ConnectionPool, request: httpx.Request) -> httpx.Response:
    """What comes of a request by httpx over a pool of httpcore; raises errors of httpx."""
    with _in_words_of_httpx():
        found = pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(
                    scheme=request.url.raw_scheme,
                    host=request.url.raw_host,
                    port=request.url.port,
                    target=request.url.raw_path,
                ),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
    return httpx.Response(
        found.status,
        headers=found.headers,
        stream=_Body(found),
        extensions=dict(found.extensions),
    )


def proxy_at(address: str) -> httpcore.Proxy:
    """The proxy at `http://name:password@host:port`."""
    parts = httpx.URL(address if "://" in address else f"http://{address}")
    auth = (parts.username, parts.password) if parts.username else None
    return httpcore.Proxy(str(parts.copy_with(username=None, password=None)), auth=auth)


class _Body(httpx.SyncByteStream):
    def __init__(self, found: httpcore.Response) -> None:
        self._found = found

    def __iter__(self) -> Iterator[bytes]:
        with _in_words_of_httpx():
            yield from self._found.iter_stream()

    def close(self) -> None:
        self._found.close()


@contextmanager
def _in_words_of_httpx() -> Iterator[None]:
    """Raise for each error of httpcore the one of httpx that has the same name."""
    try:
        yield
    except (
        httpcore.TimeoutException,
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.ProxyError,
        httpcore.UnsupportedProtocol,
    ) as failure:
        names = (kind.__name__ for kind in type(failure).__mro__)
        kind = next(getattr(httpx, name) for name in names if hasattr(httpx, name))
        raise kind(str(failure)) from failure
