"""Calls of the API: with the token, repeated where that is safe, and waited for where it asks."""

import json
import re
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from secrets import token_urlsafe
from threading import Event
from time import monotonic
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from dispatch.client.problem import Problem, Unreachable
from dispatch.version import __version__

if TYPE_CHECKING:
    import httpx

PREFIX = "/api/v1"
TRIES = 4
"""How often a call is made whose answer did not come."""

PAUSES = (0.5, 2.0, 5.0)
"""Seconds between these tries."""

PATIENCE = 120.0
"""How many seconds a call waits in all, where the API asks for time."""

SECONDS = 60.0
"""How long an answer may take, or the next part of a long one."""

MOST_MARKS = 1_000
"""ETags that are remembered, the last ones."""

LEAST_WAIT = 0.1

_WAITS = {HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
_SAFE = {"GET", "PUT", "DELETE"}
"""To make these twice comes to the same as once."""

_TOKEN = re.compile(r"[\x21-\x7e]+")

_CHANGED = re.compile(r'("[^"]*");now=("[^"]*")')

Content = bytes | str | Iterable[bytes]


class Calls:
    """What all groups of a client share. `wait` takes seconds, `timer` gives them."""

    def __init__(
        self,
        address: str,
        token: str,
        *,
        transport: "httpx.BaseTransport | None" = None,
        wait: Callable[[float], object] | None = None,
        timer: Callable[[], float] = monotonic,
        new_key: Callable[[], str] = token_urlsafe,
        patience: float = PATIENCE,
    ) -> None:
        import httpx  # noqa: PLC0415 - whoever only imports this has not to wait for it

        if not _TOKEN.fullmatch(token):
            raise ValueError("token: is none - take it from the page of tokens, where it begins")
        base = httpx.URL(address.rstrip("/"))
        if base.scheme not in {"http", "https"} or not base.host or base.userinfo:
            raise ValueError("address: is none - write https:// and the name, as in public_url")
        self.address = str(base).removesuffix(PREFIX)
        self._http = httpx.Client(
            base_url=self.address + PREFIX,
            headers={
                "Authorization": f"Bearer {token}",
                "User-Agent": f"dispatch-client/{__version__}",
            },
            timeout=SECONDS,
            follow_redirects=False,  # the token is for nobody else
            transport=transport,
        )
        self._failures = httpx.TransportError
        self._wait = wait or Event().wait
        self._timer = timer
        self._new_key = new_key
        self._patience = patience
        self._marks: OrderedDict[str, str] = OrderedDict()

    def __repr__(self) -> str:
        return f"Calls({self.address!r})"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: Any = None,
        content: Content | None = None,
        kind: str = "",
        matches: bool = False,
        key: str = "",
    ) -> Any:
        """The answer as JSON says it; None where there is nothing in it. Raises Problem.

        `content` is what is sent as it is, of that `kind`. With `matches` the ETag goes with the
        call that was last seen of what it is about.
        """
        headers: dict[str, str] = {}
        if body is not None:
            content, kind = json.dumps(body), "application/json"
        if content is not None:
            headers["Content-Type"] = kind
        if method == "POST":
            headers["Idempotency-Key"] = key or self._new_key()
        if matches and (mark := self._mark_of(path)):
            headers["If-Match"] = mark
        answer = self._send(method, path, query, content, headers)
        self._remember(method, path, answer)
        if not answer.content:
            return None
        if "json" in answer.headers.get("Content-Type", ""):
            return answer.json()
        return answer.text

    def pages(self, path: str, *, query: Mapping[str, Any] | None = None) -> Iterator[Any]:
        """All that is in a list, a page at a time."""
        asked = dict(query or {})
        while True:
            page = self.ask("GET", path, query=asked)
            yield from page["items"]
            if not page.get("next"):
                return
            asked["cursor"] = page["next"]

    @contextmanager
    def stream(
        self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None
    ) -> Iterator[Iterator[bytes]]:
        """A file as it comes, however large it is. Raises Problem."""
        headers = {"Idempotency-Key": self._new_key()} if method == "POST" else {}
        if body is not None:
            headers["Content-Type"] = "application/json"
        content = None if body is None else json.dumps(body)
        answer = self._send(method, path, query, content, headers, streamed=True)
        try:
            yield answer.iter_bytes()
        finally:
            answer.close()

    def _send(
        self,
        method: str,
        path: str,
        query: Mapping[str, Any] | None,
        content: Content | None,
        headers: Mapping[str, str],
        *,
        streamed: bool = False,
    ) -> "httpx.Response":
        if content is not None and not isinstance(content, (bytes, str)):
            content = b"".join(content)  # as it may have to be sent again
        end, tried = self._timer() + self._patience, 0
        request = self._http.build_request(
            method, path, params=_said(query), content=content, headers=headers
        )
        key = headers.get("Idempotency-Key", "")
        while True:
            tried += 1
            try:
                answer = self._http.send(request, stream=streamed)
            except self._failures as error:
                again = method in _SAFE or key or type(error).__name__.startswith("Connect")
                if not again or tried >= TRIES:
                    raise Unreachable(f"{self.address}: no answer - {error}", key=key) from error
                self._wait(PAUSES[min(tried, len(PAUSES)) - 1])
                continue
            if answer.is_success:
                return answer
            if streamed:
                answer.read()
                answer.close()
            problem = _problem(answer)
            if problem.retry_after is None or answer.status_code not in _WAITS:
                raise problem
            if self._timer() + problem.retry_after > end:
                raise problem
            self._wait(max(problem.retry_after, LEAST_WAIT))

    def _remember(self, method: str, path: str, answer: "httpx.Response") -> None:
        _, _, made = answer.headers.get("Location", "").partition(f"{PREFIX}/")
        path = f"/{made}" if made else path
        if method == "DELETE":
            self._marks.pop(path, None)
        elif mark := answer.headers.get("ETag"):
            self._marks[path] = mark
            self._marks.move_to_end(path)
            while len(self._marks) > MOST_MARKS:
                self._marks.popitem(last=False)
        # What this call itself has changed beside that is seen anew, if what it was had been seen.
        changed = dict(_CHANGED.findall(answer.headers.get("Changed-ETag", "")))
        for about, mark in self._marks.items() if changed else ():
            self._marks[about] = changed.get(mark, mark)

    def _mark_of(self, path: str) -> str:
        """The ETag of the thing at this path, or of the one that it is an act upon."""
        return self._marks.get(path) or self._marks.get(path.rpartition("/")[0], "")


def part(name: str) -> str:
    """A name as a part of an address.

    >>> part("2026-03-02T08:00[Europe/Paris]")
    '2026-03-02T08%3A00%5BEurope%2FParis%5D'
    """
    return quote(name, safe="")


def _said(query: Mapping[str, Any] | None) -> dict[str, Any]:
    return {
        name: str(value).lower() if isinstance(value, bool) else value
        for name, value in (query or {}).items()
        if value is not None and value != ""
    }


def _problem(answer: "httpx.Response") -> Problem:
    status = answer.status_code
    try:
        said = answer.json()
    except ValueError:
        said = None
    said = said if isinstance(said, dict) else {}
    errors = said.get("errors")
    return Problem(
        status,
        str(said.get("title") or answer.reason_phrase or status),
        str(said.get("detail") or ""),
        kind=str(said.get("type") or "about:blank"),
        errors=[one for one in errors if isinstance(one, dict)] if isinstance(errors, list) else [],
        retry_after=_seconds(answer.headers.get("Retry-After", "")),
    )


def _seconds(text: str) -> float | None:
    """Seconds, as this API says them; another server's date says nothing here."""
    return float(text) if text.isascii() and text.isdigit() else None
