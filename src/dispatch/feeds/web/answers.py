"""What a server's answer means, when it is not the feed, in words for a person."""

import math
import re
import socket
import ssl
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import httpx

from dispatch.clock import Clock
from dispatch.errors import FeedGone, FeedTooCostly, FeedUnreachable
from dispatch.feeds.web.address import shown
from dispatch.feeds.web.limits import Limits
from dispatch.feeds.web.network import NotPublic
from dispatch.feeds.web.public import never_allowed
from dispatch.retry_after import LONGEST, retry_after

_IN_A_BROWSER = "try the address in a browser"
_MAX_AGE = re.compile(r"\bmax-age\s*=\s*\"?(\d{1,12})", re.IGNORECASE)
_PATIENCE = frozenset({429, 503})

_MEANINGS = {
    401: "asks for a password (401) - put name and password into the address, or ask its owner",
    403: "refuses to show it to us (403) - its owner may block programs; ask them",
    404: f"there is no such page (404) - {_IN_A_BROWSER}",
    429: "was asked too often (429) - it is tried again later",
    503: "is out of service for now (503) - it is tried again later",
}


def refuse_failure(url: str, answer: httpx.Response, clock: Clock, *, moved: bool = False) -> None:
    """Raise what an answer means that does not bring the feed; return if it does.

    `moved` says that it comes from somewhere else, for now: what is gone there may come back here.
    """
    status = answer.status_code
    if answer.is_success:
        return
    if status == httpx.codes.GONE and not moved:
        raise FeedGone(
            f"{shown(url)}: gone for good, says the server (410) - take it out of schedules.yaml"
        )
    asked = retry_after(answer.headers, now=clock()) if status in _PATIENCE else None
    meaning = _MEANINGS.get(status)
    if meaning is None:
        whose = "the server has a fault" if answer.is_server_error else "the server will not answer"
        meaning = f"{whose} ({status}) - {_IN_A_BROWSER}"
    raise FeedUnreachable(f"{shown(url)}: {meaning}", retry_after=asked, status=status)


def fresh_for(headers: httpx.Headers) -> timedelta | None:
    """What Cache-Control's max-age says, at most a week; None if it says nothing."""
    match = _MAX_AGE.search(headers.get("Cache-Control", ""))
    if match is None:
        return None
    return timedelta(seconds=min(int(match.group(1)), LONGEST.total_seconds()))


def kept_header(headers: httpx.Headers, name: str) -> str:
    """A header that goes back to the server next time; empty if it could not be sent as it is."""
    value: str = headers.get(name, "").strip()
    return value if value.isascii() and value.isprintable() and len(value) <= 500 else ""


@contextmanager
def said_plainly(
    url: str, limits: Limits, *, left: Callable[[], float] = lambda: math.inf
) -> Iterator[None]:
    """Turn what httpx raises into a FeedUnreachable that says what happened.

    `left` says how many seconds of the total remain; where none do, it is a FeedTooCostly. A
    UnicodeError comes from the lookup of an impossible host name, such as one of 64 letters.
    """
    try:
        yield
    except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, UnicodeError) as failure:
        if isinstance(failure, httpx.TimeoutException) and left() <= 0:
            raise FeedTooCostly(f"{shown(url)}: {too_slow(limits)}") from failure
        raise FeedUnreachable(f"{shown(url)}: {_what_happened(failure, limits)}") from failure


def too_slow(limits: Limits) -> str:
    """What to say when the total has passed."""
    return f"too slow, not done within {limits.total:g} s - it is tried again later"


def _what_happened(failure: Exception, limits: Limits) -> str:
    if isinstance(failure, httpx.TimeoutException):
        return _no_reply(failure, limits)
    for cause in _causes(failure):
        if words := _said_by(cause):
            return words
    if isinstance(failure, httpx.InvalidURL | httpx.UnsupportedProtocol | UnicodeError):
        return "no address of the web, or redirects to none - check how it is written"
    if isinstance(failure, httpx.ConnectError | httpx.ProxyError):
        return f"the server cannot be reached - {_IN_A_BROWSER}"
    return "the answer broke off before its end - it is tried again later"


def _no_reply(failure: httpx.TimeoutException, limits: Limits) -> str:
    seconds = limits.silence
    if isinstance(failure, httpx.ConnectTimeout):
        seconds = min(seconds, limits.connect)
    return f"the server does not answer (no reply within {seconds:g} s) - {_IN_A_BROWSER}"


def _said_by(cause: BaseException) -> str:
    if isinstance(cause, NotPublic):
        return _out_of_bounds(cause)
    if isinstance(cause, socket.gaierror) and cause.errno == socket.EAI_AGAIN:
        return "the server's name cannot be looked up just now - it is tried again later"
    return next((words for kind, words in _CAUSES.items() if isinstance(cause, kind)), "")


def _out_of_bounds(refused: NotPublic) -> str:
    if never_allowed(refused.address):
        return (
            f"leads to {refused.address}, where a cloud keeps the secrets of its machines - "
            "look for the feed's present address in a browser"
        )
    return (
        f"leads to {refused.address}, which is not on the public Internet - if you know that "
        "network, have it added to DISPATCH_PRIVATE_NETWORKS"
    )


def _causes(failure: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = failure
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


_CAUSES: dict[type[BaseException], str] = {
    socket.gaierror: "there is no server of this name - check how the address is written",
    ssl.SSLCertVerificationError: "the server's certificate is not valid - tell its owner, "
    f"and {_IN_A_BROWSER}",
    ssl.SSLError: f"no secure connection can be made - {_IN_A_BROWSER}",
    ConnectionRefusedError: f"the server refuses connections - {_IN_A_BROWSER}",
}
