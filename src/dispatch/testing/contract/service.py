"""A provider over HTTP, with a function in place of its service."""

import base64
import binascii
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote_plus

import httpx
from pydantic import SecretStr

from dispatch.channels.provider import Provider
from dispatch.http import new_client

SECRET = "whsec_c2VjcmV0LXRoYXQtbm9ib2R5LW1heS1zZWUtMTIz"  # noqa: S105 - a sample, valid as any kind

Handler = Callable[[httpx.Request], httpx.Response]

KEY_HEADERS = ("idempotency-key", "webhook-id")

_WHO = re.compile(r"\breader(\d+)@example\.org|/posts/(\d+)")
_BASE64 = re.compile(r"[A-Za-z0-9+/]{100,}={0,2}")


class OverHttp:
    """How to build a provider, and how its service answers."""

    reads_answer = True

    def provider(self, http: httpx.Client, secret: SecretStr) -> Provider[Any]:
        """The provider under test, built with this client and this secret."""
        raise NotImplementedError

    def accepted(self, request: httpx.Request) -> httpx.Response:
        """How the real service says yes to `request`, those of `check` included."""
        raise NotImplementedError

    def refused_one(
        self,
        request: httpx.Request,  # noqa: ARG002 - for those who override it
        email: str,
        reason: str,
    ) -> httpx.Response:
        """How the real service says no to `email`, one of the recipients in `request`.

        By a 2xx where it takes the others all the same; by default it turns down the whole call.
        """
        return httpx.Response(422, json={"error": f"{email}: {reason}", "message": reason})

    def key(self, request: httpx.Request) -> str:
        """By what the service knows a repeat; an idempotency header if not overridden."""
        return next((request.headers[name] for name in KEY_HEADERS if name in request.headers), "")

    def prepares(self, request: httpx.Request) -> bool:  # noqa: ARG002 - for those who override it
        """Whether a request shows nothing to anybody, such as the upload of a picture.

        What is lost of it leaves no doubt, so that the service answers it in tests of lost answers.
        """
        return False

    def unless_preparing(self, handler: Handler) -> Handler:
        """The handler, and a service that is well for requests which only prepare."""
        return lambda request: (
            self.accepted(request) if self.prepares(request) else handler(request)
        )

    def answering(self, handler: Handler) -> Provider[Any]:
        """The provider, with `handler` in place of the service."""
        http = new_client(transport=httpx.MockTransport(handler))
        return self.provider(http, SecretStr(SECRET))


@dataclass
class Service:
    """A service that notes for whom it was called, and whom it took.

    People are known by the numbers of their samples. `calls` has those of each call with the key
    by which a repeat is known; `taken` counts how often each was taken.
    """

    key: Callable[[httpx.Request], str]
    answer: Handler
    calls: list[tuple[set[int], str]] = field(default_factory=list)
    taken: Counter[int] = field(default_factory=Counter)
    refuses: int = 0

    def __call__(self, request: httpx.Request) -> httpx.Response:
        people = people_in(request)
        if people:
            self.calls.append((people, self.key(request)))
        response = self.answer(request)
        if response.is_success:
            self.taken.update(people - {self.refuses})
        return response


def people_in(request: httpx.Request) -> set[int]:
    """The numbers of those whom a call is for."""
    return {int(mail or post) for mail, post in _WHO.findall(plain(request))}


def plain(request: httpx.Request) -> str:
    """What a call says, with what is in it percent-encoded or in base64 beside it."""
    said = request.content.decode("utf-8", "replace")
    finished = [_decoded(one) for one in _BASE64.findall(said)]
    return "\n".join((said, unquote_plus(said), *finished))


def _decoded(text: str) -> str:
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except binascii.Error:
        return ""
