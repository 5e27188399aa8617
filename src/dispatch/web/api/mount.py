"""Where the API is joined to the pages: loaded when it is first called, bounded, open to sites.

FastAPI takes half a second to load, which no page has to wait for.
"""

import re
from http import HTTPStatus
from threading import Lock
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatch.web.limits import JOIN_BYTES

if TYPE_CHECKING:
    from dispatch.app import App

PREFLIGHT_SECONDS = 600
_SIGN_UPS = re.compile(r"/forms/([^/]+)/sign-ups")
"""What scripts of other sites may call, and who has no token."""


class Api:
    """The API of one web application."""

    def __init__(self, web: Starlette) -> None:
        self._web = web
        self._made: ASGIApp | None = None
        self._making = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call; the scripts of a site that its form names may read what is answered."""
        headers = Headers(scope=scope)
        origin = headers.get("origin", "")
        allowed = bool(origin) and origin in self._origins(scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await _preflight(origin if allowed else "")(scope, receive, send)
            return
        made = self._made
        if made is None:
            made = await run_in_threadpool(self._make)
        sending = _open_to(origin if allowed else "", send)
        if scope["method"] == "HEAD":
            scope, sending = {**scope, "method": "GET"}, _without_body(sending)
        signs_up = _form_in(scope)  # the others are bounded by what each may take
        await made(scope, _bounded(receive) if signs_up else receive, sending)

    def _make(self) -> ASGIApp:
        with self._making:
            from dispatch.web.api.application import new_board  # noqa: PLC0415 - slow to load

            made = self._made or new_board(self._web)
            self._made = made
            return made

    def _origins(self, scope: Scope) -> tuple[str, ...]:
        app: App = self._web.state.app
        form = app.workspace.forms.get(_form_in(scope))
        return form.origins if form else ()


def _form_in(scope: Scope) -> str:
    """The form by which somebody signs up at an address, or empty."""
    path: str = scope["path"].removeprefix(scope.get("root_path", ""))
    found = _SIGN_UPS.fullmatch(path)
    return found[1] if found else ""


def _preflight(origin: str) -> Response:
    headers = {"Vary": "Origin"}
    if origin:
        headers |= {
            "Access-Control-Allow-Origin": origin,
            "Access-Control-Allow-Methods": "POST",
            "Access-Control-Allow-Headers": "content-type",
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        }
    return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)


def _open_to(origin: str, send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            headers.append("Vary", "Origin")
            headers["Cache-Control"] = "no-store"
            headers["X-Content-Type-Options"] = "nosniff"
            if origin:
                headers["Access-Control-Allow-Origin"] = origin
                headers["Access-Control-Expose-Headers"] = "Retry-After"
        await send(message)

    return sending


def _without_body(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.body":
            message = {**message, "body": b""}
        await send(message)

    return sending


class TooLongError(Exception):
    """More was posted than any sign-up says."""


def _bounded(receive: Receive) -> Receive:
    taken = 0

    async def receiving() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > JOIN_BYTES:
            raise TooLongError
        return message

    return receiving
