"""The API of a workspace: FastAPI with all operations, and what it answers beside them."""

import json
from http import HTTPStatus
from threading import Lock
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Match, Route
from starlette.types import Receive, Scope, Send

from dispatch.errors import NotFound, StoreUnavailable
from dispatch.version import __version__
from dispatch.web.api.board import Board
from dispatch.web.api.described import describe_operation
from dispatch.web.api.gate import guarded
from dispatch.web.api.mount import TooLongError
from dispatch.web.api.operations import OPERATIONS
from dispatch.web.api.problems import problem
from dispatch.web.api.sign_ups import add_sign_ups, unreadable
from dispatch.web.api.telling import away

DESCRIPTION = """All that the pages of the team can, for programs: by the same rights.

A call brings a token: `Authorization: Bearer dsp_…`. It may do what its roles may, as long as who
made it may do so, too. What is wrong is told as problem details (RFC 9457)."""

SCHEME = {
    "type": "http",
    "scheme": "bearer",
    "description": "A token that somebody of the team has made: it begins with dsp_.",
}


def new_api(web: Starlette) -> FastAPI:
    """The API over the workspace of a web application."""
    api = _without_operations()
    api.state = web.state  # what handlers of pages have there
    api.router.redirect_slashes = False
    # For HEAD, and to tell what else can be asked of an address: the board has answered the rest.
    api.router.routes += (
        Route(one.path, guarded(one), methods=[one.method], name=one.name) for one in OPERATIONS
    )
    api.router.routes.append(Route("/openapi.json", Description(api), methods=["GET"]))
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)
    return api


def _without_operations() -> FastAPI:
    api = FastAPI(
        title="dispatch",
        version=__version__,
        description=DESCRIPTION,
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
    )
    add_sign_ups(api)
    return api


def new_board(web: Starlette) -> Board:
    """What answers the calls: the operations at once, all else by way of FastAPI."""
    return Board(OPERATIONS, new_api(web))


class Description:
    """OpenAPI 3.1 of all operations; made when it is first asked for, as that takes its time."""

    def __init__(self, api: FastAPI) -> None:
        self._api = api
        self._made = b""
        self._making = Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with it, to anybody: it tells nothing of the workspace."""
        made = self._made or await run_in_threadpool(self._make)
        await Response(made, media_type="application/json")(scope, receive, send)

    def _make(self) -> bytes:
        with self._making:
            if not self._made:
                self._made = json.dumps(description(self._api), ensure_ascii=False).encode()
            return self._made


def description(api: FastAPI) -> dict[str, Any]:
    """The description as it is told.

    FastAPI makes models of all parts of all operations for it, which no call has to wait for.
    """
    told = _without_operations()
    for operation in OPERATIONS:
        describe_operation(told, operation)
    said = told.openapi()
    said["components"].setdefault("securitySchemes", {})["token"] = SCHEME
    public_url = api.state.app.workspace.publisher.public_url
    said["servers"] = [{"url": f"{public_url}/api/v1"}]
    return said


async def _unknown(_request: Request, error: Exception) -> Response:
    return problem(HTTPStatus.NOT_FOUND, str(error).partition(" - ")[0])


async def _other(request: Request, error: Exception) -> Response:
    if isinstance(error.__cause__, TooLongError):
        status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        return problem(status, "the body is too long - post less")
    status, headers = HTTPStatus.BAD_REQUEST, None
    if isinstance(error, HTTPException):
        status, headers = HTTPStatus(error.status_code), error.headers
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        headers = {"Allow": ", ".join(_methods_at(request))}
    return problem(status, f"{status.phrase} - see openapi.json", headers=headers)


def _methods_at(request: Request) -> list[str]:
    """All that can be asked of an address."""
    methods: set[str] = set()
    for route in request.app.routes:
        if isinstance(route, Route) and route.matches(request.scope)[0] is not Match.NONE:
            methods |= route.methods or set()
    return sorted(methods | ({"HEAD"} if "GET" in methods else set()))


async def _away(request: Request, error: Exception) -> Response:
    return away(request, error)


_HANDLERS = {
    RequestValidationError: unreadable,
    NotFound: _unknown,
    HTTPException: _other,
    StoreUnavailable: _away,
}
