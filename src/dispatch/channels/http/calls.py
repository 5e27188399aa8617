"""Calling a provider over HTTP, and sorting what goes wrong by one question: may it have been sent?

| what happened | what follows |
|---|---|
| no connection, name unknown, certificate not trusted, no free connection | ProviderUnavailable |
| the line broke or fell silent after that | OutcomeUnknown |
| 2xx | taken; a part of the answer that is needed and cannot be read: OutcomeUnknown |
| 3xx, 401, 402, 403, 407 | CredentialsRefused: a person has to correct the account, or to pay |
| 408 | ProviderUnavailable: the server never got the whole request (RFC 9110, 15.5.9) |
| 429 | RateLimited |
| 404, 405 without words of the service's own | CredentialsRefused: the address is wrong |
| other 4xx whose words are about the account | CredentialsRefused, or RateLimited |
| other 4xx, and 501 | a refused reply: the service understood, and did nothing |
| 503 with Retry-After | RateLimited |
| 503 without it | ProviderUnavailable |
| 500, 502, 504, other 5xx | OutcomeUnknown: it may have failed after the work was done |

503 says "currently unable to handle the request" (RFC 9110, 15.6.4): it was turned away at the
door. 500 says nothing of the kind, and 502 and 504 come from a gateway that did pass it on.
What a service says otherwise is known to its adapter, whose `judge` looks at each answer first.
A request that changes nothing (GET, HEAD) can be repeated, so there OutcomeUnknown becomes
ProviderUnavailable.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
from pydantic import SecretStr

from dispatch.channels.http.about_account import about_account
from dispatch.channels.http.reply import ERROR_KEYS, Reply, phrase
from dispatch.clock import Clock
from dispatch.errors import (
    CredentialsRefused,
    NotAllowed,
    OutcomeUnknown,
    ProviderError,
    ProviderUnavailable,
    RateLimited,
)
from dispatch.http_body import ACCEPTED_ENCODINGS, Unread, read_body
from dispatch.retry_after import retry_after
from dispatch.timed_http import TOTAL

MOST_BYTES = 1_000_000
"""How much of an answer is read, as it comes and unpacked; no provider needs a tenth of it."""

MOST_SECONDS = 30.0
"""How long its body may take; after that it counts as one that cannot be read."""

BEFORE_SENDING = (
    httpx.ConnectError,  # also: name not found, certificate not trusted
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)
HARMLESS = frozenset({"GET", "HEAD"})

LOOKING = httpx.Timeout(10.0)
"""What changes nothing is asked while somebody looks at a page, and can be asked again."""

MOST_LOOKING = 30.0
"""How many seconds all of that may take."""

LATER = ("sending goes on later", "try again later")
AGAIN = ("sending is tried again", "try again later")
"""What is said of a request that sends something, and of one that is harmless."""


@contextmanager
def preparing() -> Iterator[None]:
    """Around calls that show nothing to anybody: what is lost of them can be made once more.

    So OutcomeUnknown becomes ProviderUnavailable.
    """
    try:
        yield
    except OutcomeUnknown as error:
        problem = str(error).partition(" - ")[0]
        raise ProviderUnavailable(f"{problem} - nothing was posted, {AGAIN[0]}") from error


@dataclass(frozen=True, slots=True)
class Api:
    """One account at one HTTP service.

    `name` is what messages call it; `url` is where all paths begin. `headers` go with every
    call. Whatever is in `secrets` never reaches a message, even where the service repeats it, in
    base64 or else (`dispatch.masking`).
    `reset_header` names the service's own header for when a rate limit ends, if it has one. `ticks`
    counts seconds. `error_keys` are where its refusals say what is wrong. `judge` is given each
    answer that is no 2xx before it is sorted: it may raise a ProviderError for it, or say True
    where the reply is to be handed over as it is.
    """

    name: str
    url: str = field(repr=False)  # some services want their token inside it
    http: httpx.Client
    clock: Clock
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    secrets: tuple[SecretStr, ...] = field(default=(), repr=False)
    reset_header: str = ""
    ticks: Callable[[], float] = monotonic
    error_keys: tuple[str, ...] = ERROR_KEYS
    judge: Callable[[Reply], bool | None] | None = None

    def call(
        self,
        method: str,
        path: str = "",
        *,
        headers: Mapping[str, str] | None = None,
        json: Any = None,
        form: Mapping[str, Any] | None = None,
        files: Any = None,
        content: bytes | None = None,
        repeats: int = 0,
    ) -> Reply:
        """One request and its reply, sorted as the table above says.

        Where the answer is lost, the same request is made again at once, up to `repeats` times: for
        a request with a key by which the service drops repeats.
        """
        build = partial(
            self._build,
            method,
            path,
            {"Accept-Encoding": ACCEPTED_ENCODINGS, **self.headers, **(headers or {})},
            {"json": json, "data": form, "files": files, "content": content},
        )
        for _ in range(repeats):
            with suppress(OutcomeUnknown):
                return self._answer(build)
        return self._answer(build)

    def look(self, path: str) -> Reply | None:
        """What is at `path`; None where the account may not know: NotAllowed, says its `judge`."""
        try:
            return self.call("GET", path)
        except NotAllowed:
            return None

    def _build(
        self, method: str, path: str, headers: Mapping[str, str], said: Mapping[str, Any]
    ) -> httpx.Request:
        harmless = method in HARMLESS
        build = partial(
            self.http.build_request,
            method,
            self.url + path,
            headers=headers,
            timeout=LOOKING if harmless else self.http.timeout,
            extensions={TOTAL: MOST_LOOKING} if harmless else {},
        )
        try:
            return build(**said)
        except UnicodeEncodeError:  # half a character in what is said, or else in an option
            return build(**_whole(said))

    def _answer(self, build: Callable[[], httpx.Request]) -> Reply:
        try:
            request = build()
            return self._sort(request, *self._exchange(request))
        except (httpx.InvalidURL, httpx.LocalProtocolError, UnicodeError):
            # Without a cause: these errors show the header or address they complain about.
            raise CredentialsRefused(
                f"{self.name}: its address or token contains characters that cannot be sent"
                " - check the channel's options"
            ) from None

    def _exchange(self, request: httpx.Request) -> tuple[httpx.Response, bytes | None]:
        try:
            response = self.http.send(request, stream=True, follow_redirects=False)
        except BEFORE_SENDING as error:
            raise ProviderUnavailable(
                f"{self.name}: no connection to {_host(request)} ({_kind(error)})"
                " - check the address and the network"
            ) from error
        except httpx.LocalProtocolError:
            raise
        except httpx.TransportError as error:
            problem = f"{self.name}: {_host(request)} did not answer ({_kind(error)})"
            raise self._unknown(request, problem) from error
        try:
            until = self.ticks() + MOST_SECONDS
            return response, read_body(response, size=MOST_BYTES, left=lambda: until - self.ticks())
        except (httpx.TransportError, Unread):
            return response, None
        finally:
            response.close()

    def _sort(self, request: httpx.Request, response: httpx.Response, body: bytes | None) -> Reply:
        status = response.status_code
        harmless = request.method in HARMLESS
        reply = Reply(
            self.name, status, body, self.secrets, self.error_keys, response.headers, harmless
        )
        if 200 <= status < 300:
            return reply
        if self.judge is not None and self.judge(reply):
            return reply
        said = f"{self.name}: {_host(request)} answered {status} {phrase(status)}".rstrip()
        if (trouble := _of_the_account(reply, said)) is not None:
            raise trouble
        wait = retry_after(response.headers, now=self.clock(), reset_header=self.reset_header)
        if status == 429 or (status == 503 and wait is not None):
            raise RateLimited(f"{said} - {LATER[harmless]}", retry_after=wait)
        if status in {408, 503}:
            raise ProviderUnavailable(f"{said} - {AGAIN[harmless]}")
        if status < 500 or status == 501:
            return reply
        raise self._unknown(request, said)

    def _unknown(self, request: httpx.Request, problem: str) -> ProviderError:
        if request.method in HARMLESS:
            return ProviderUnavailable(f"{problem} - try again later")
        return OutcomeUnknown(f"{problem} - look there whether the message arrived")


def _of_the_account(reply: Reply, said: str) -> ProviderError | None:
    """What a status, or else the words of a refusal, say of more than one message."""
    status, name = reply.status, reply.provider
    if 300 <= status < 400:
        return CredentialsRefused(f"{said} - its address has changed, correct the options")
    if status == 402:
        return CredentialsRefused(
            f"{name}: the account has to be paid for ({reply.words}) - see what it owes"
        )
    if status in {401, 403, 407}:
        return CredentialsRefused(
            f"{name}: account not accepted ({reply.words}) - check its token and what it may do"
        )
    if status in {404, 405} and not (reply.own_words or reply.harmless):
        return CredentialsRefused(
            f"{said}, so nothing takes messages there - correct the channel's options"
        )
    if status < 500 and status not in {408, 429}:
        return about_account(name, reply.words)
    return None


def _whole(said: Any) -> Any:
    """The same with a question mark for each half of a character, as finished mails have it."""
    if isinstance(said, str):
        return said.encode("utf-8", "replace").decode()
    if isinstance(said, Mapping):
        return {_whole(key): _whole(value) for key, value in said.items()}
    if isinstance(said, list | tuple):
        return type(said)(map(_whole, said))
    return said


def _host(request: httpx.Request) -> str:
    return urlsplit(str(request.url)).netloc.rpartition("@")[2]


def _kind(error: httpx.TransportError) -> str:
    """What happened, without the library's words, which may show an address with a token."""
    for kind, words in _KINDS.items():
        if isinstance(error, kind):
            return words
    return "the line broke"


_KINDS: dict[type[Exception], str] = {
    httpx.ConnectTimeout: "it did not pick up",
    httpx.PoolTimeout: "too many calls at once",
    httpx.ProxyError: "the proxy said no",
    httpx.ConnectError: "name unknown, refused, or certificate not trusted",
    httpx.TimeoutException: "no answer in time",
}
