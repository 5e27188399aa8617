"""Reaching a mail server, and what we call ourselves there, each within a total of seconds."""

import re
import socket
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Any, TypeVar

OWN_NAME_SECONDS = 5.0
"""How long a resolver may think about our own name; the address will do as well."""

LEAST_SHARE = 0.001

T = TypeVar("T")

LookUp = Callable[[str, int], Sequence[tuple[Any, ...]]]
"""Host name and port to what `getaddrinfo` finds; raises OSError where there is nothing."""


def look_up(host: str, port: int) -> Sequence[tuple[Any, ...]]:
    """What the system's resolver says."""
    return socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)


def dial(host: str, port: int, seconds: float, *, look_up: LookUp = look_up) -> socket.socket:
    """A connection, within so many seconds for the name and all of its addresses together.

    An address that does not answer, such as IPv6 behind a bad router, leaves the others their share
    of the time. Raises OSError, TimeoutError and socket.gaierror among them.
    """
    until = time.monotonic() + seconds
    try:
        found = in_time(lambda: look_up(host, port), seconds)
    except ValueError as error:  # a name that cannot be asked for at all
        raise socket.gaierror(str(error)) from error
    failure: OSError = socket.gaierror("no address")
    for number, (family, kind, protocol, _, address) in enumerate(found):
        share = (until - time.monotonic()) / (len(found) - number)
        try:
            return _connect(family, kind, protocol, address, max(share, LEAST_SHARE))
        except OSError as error:
            failure = error
    raise failure


def own_name(
    sock: socket.socket,
    *,
    ask: Callable[[], str] = socket.getfqdn,
    seconds: float = OWN_NAME_SECONDS,
) -> str:
    """What we call ourselves: our name, or the address that we come from (RFC 5321, 4.1.3)."""
    with suppress(OSError, ValueError):
        name = in_time(ask, seconds)
        if re.fullmatch(r"[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+", name):
            return name
    address = str(sock.getsockname()[0]).partition("%")[0]
    return f"[IPv6:{address}]" if ":" in address else f"[{address}]"


def in_time(ask: Callable[[], T], seconds: float) -> T:
    """What `ask` gives or raises; TimeoutError where it takes longer. A resolver knows no limit."""
    answers: list[T] = []
    failures: list[Exception] = []

    def run() -> None:
        try:
            answers.append(ask())
        except Exception as failure:  # noqa: BLE001 - raised below, in the thread that waits
            failures.append(failure)

    asking = Thread(target=run, name="smtp-look-up", daemon=True)
    asking.start()
    asking.join(seconds)
    for failure in failures:
        raise failure
    if not answers:
        raise TimeoutError("not looked up in time")
    return answers[0]


def _connect(family: int, kind: int, protocol: int, address: Any, seconds: float) -> socket.socket:
    sock = socket.socket(family, kind, protocol)
    try:
        sock.settimeout(seconds)
        sock.connect(address)
    except BaseException:
        sock.close()
        raise
    return sock
