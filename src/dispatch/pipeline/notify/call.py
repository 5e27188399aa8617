"""One call of a receiver, within limits: what it answered, or why it has not."""

import socket
import ssl
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus

import httpx

from dispatch import http_body
from dispatch.feeds.web.network import NotPublic
from dispatch.http_body import ACCEPTED_ENCODINGS
from dispatch.model.notify.notification import LONGEST_WAIT, Notification
from dispatch.model.notify.receiver import ReceiverPlan
from dispatch.model.text.plain_text import one_line, printable, shorten
from dispatch.pipeline.notify.sign import headers_of
from dispatch.retry_after import retry_after
from dispatch.timed_http import TOTAL

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 15.0
"""The specification recommends 15 to 30 s."""

MOST_BYTES = 64_000
"""Read of an answer, so that the connection can be used again; what is longer is left."""

LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a call. `status` is 0 where nothing was answered.

    `words` are the receiver's own. They may name a reader, so that they stand in the row of what
    was told alone, which goes when somebody is erased: in no log, and nowhere else.
    """

    status: int = 0
    reason: str = ""
    retry_after: timedelta | None = None
    words: str = ""

    @property
    def took(self) -> bool:
        """Whether the receiver has it."""
        return HTTPStatus.OK <= self.status < HTTPStatus.MULTIPLE_CHOICES

    @property
    def in_full(self) -> str:
        """Why it has not taken it, with its own words."""
        return f"{self.reason}: {self.words}" if self.words else self.reason

    @property
    def is_gone(self) -> bool:
        """Whether it wants nothing more, ever."""
        return self.status == HTTPStatus.GONE


def call(
    notification: Notification,
    plan: ReceiverPlan,
    *,
    keys: Sequence[bytes],
    http: httpx.Client,
    now: datetime,
    ticks: Callable[[], float] = time.monotonic,
) -> Answer:
    """Tell a receiver something; raises nothing. Redirects are not followed."""
    body = notification.body.encode()
    deadline = ticks() + TOTAL_SECONDS
    headers = {
        "Content-Type": "application/json",
        "Accept-Encoding": ACCEPTED_ENCODINGS,
        **headers_of(notification.event, body, keys, now=now),
    }
    try:
        with http.stream(
            "POST",
            plan.url,
            content=body,
            headers=headers,
            timeout=httpx.Timeout(TOTAL_SECONDS, connect=CONNECT_SECONDS),
            extensions={TOTAL: TOTAL_SECONDS},
        ) as answer:
            said = ""
            # Its status counts, whatever becomes of the rest.
            with suppress(http_body.Unread, httpx.HTTPError):
                said = http_body.read_body(
                    answer, size=MOST_BYTES, left=lambda: deadline - ticks()
                ).decode(errors="replace")
            return _answer(answer, said, now)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as failure:
        return Answer(reason=_why(failure))


def _answer(answer: httpx.Response, said: str, now: datetime) -> Answer:
    status = answer.status_code
    if HTTPStatus.OK <= status < HTTPStatus.MULTIPLE_CHOICES:
        return Answer(status)
    if HTTPStatus.MULTIPLE_CHOICES <= status < HTTPStatus.BAD_REQUEST:
        reason = f"answered {status}: redirects are not followed - write where it is now in url"
        return Answer(status, reason)
    words = shorten(one_line(printable(said)), LONGEST_REASON)
    asked = retry_after(answer.headers, now=now)
    wait = None if asked is None else min(asked, LONGEST_WAIT)
    return Answer(status, f"answered {status}", wait, words)


def _why(failure: Exception) -> str:
    causes = list(_causes(failure))
    for cause in causes:
        if isinstance(cause, NotPublic):
            return (
                f"leads to {cause.address}, which it may not: no call goes to a network that is"
                " not public unless the receiver is private and DISPATCH_PRIVATE_NETWORKS has it"
            )
    for kind, words in _CAUSES.items():
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "the connection broke off"


_CAUSES: dict[type[BaseException], str] = {
    httpx.ConnectTimeout: f"cannot be reached within {CONNECT_SECONDS:g} s",
    httpx.TimeoutException: f"did not answer within {TOTAL_SECONDS:g} s",
    socket.gaierror: "there is no server of this name",
    ssl.SSLCertVerificationError: "its certificate is not valid",
    ssl.SSLError: "no secure connection can be made",
    ConnectionRefusedError: "refuses connections",
    httpx.ConnectError: "cannot be reached",
    httpx.InvalidURL: "has an address that cannot be called",
    ValueError: "has an address that cannot be called",
}


def _causes(failure: BaseException | None) -> Iterator[BaseException]:
    while failure is not None:
        yield failure
        failure = failure.__cause__ or failure.__context__
