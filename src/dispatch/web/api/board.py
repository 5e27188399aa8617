"""Which operation a call asks for: found at once, and answered past FastAPI.

FastAPI describes the operations, and answers what is none of them. It would look through all of
them for each call, and stand around each with a reader of its own, which took half a call's time.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.routing import compile_path
from starlette.types import ASGIApp, Receive, Scope, Send

from dispatch.web.api.gate import Endpoint, guarded
from dispatch.web.api.operation import Operation


@dataclass(frozen=True, slots=True)
class _Place:
    address: re.Pattern[str]
    operation: Operation
    answer: Endpoint


class Board:
    """The operations by method and by how their addresses begin; `others` has all else."""

    def __init__(self, operations: Iterable[Operation], others: ASGIApp) -> None:
        self._others = others
        self._places: dict[tuple[str, str], list[_Place]] = {}
        for one in operations:
            address, _, _ = compile_path(one.path)
            place = _Place(address, one, guarded(one))
            self._places.setdefault((one.method, _begin_of(one.path)), []).append(place)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a call; one that asks for no operation is told so by the others."""
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        for place in self._places.get((scope["method"], _begin_of(path)), ()):
            if found := place.address.match(path):
                await _answer(place, found.groupdict(), scope, receive, send)
                return
        await self._others(scope, receive, send)


async def _answer(
    place: _Place, parts: dict[str, Any], scope: Scope, receive: Receive, send: Send
) -> None:
    known = scope.get("path_params", {})
    scope = {**scope, "path_params": {**known, **parts}, "endpoint": place.operation.handler}
    response = await place.answer(Request(scope, receive, send))
    await response(scope, receive, send)


def _begin_of(path: str) -> str:
    """The first part of an address, which is the same in all calls of an operation."""
    return path.split("/", 2)[1] if path.startswith("/") else path
