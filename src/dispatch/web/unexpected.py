"""Errors that nobody foresaw: told once in the log; the client gets a reference to that line."""

import structlog
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dispatch import ids
from dispatch.ids import Ids
from dispatch.web.public.problems import failed
from dispatch.web.team import strays

REFERENCE_LETTERS = 8
"""Few enough to be read out, and enough to find one line among millions."""

log = structlog.get_logger()


class Unexpected:
    """Stands around the handlers: what they raise goes no further, with nothing of it told."""

    def __init__(self, web: ASGIApp, *, new_id: Ids = ids.new) -> None:
        self._web = web
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with a page of the handlers', or with one that says that there is none."""
        if scope["type"] != "http":
            await self._web(scope, receive, send)
            return
        begun = False

        async def sending(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._web(scope, receive, sending)
        except ClientDisconnect:
            return  # nobody is there to be answered
        except Exception:
            reference = self._new_id()[:REFERENCE_LETTERS]
            # Not the address: there is somebody's link in it.
            log.exception("web.page_crashed", reference=reference, page=_page(scope))
            if not begun:
                request = Request(scope)
                page = strays.failed if strays.is_stray(request) else failed
                await page(request, reference)(scope, receive, send)


def _page(scope: Scope) -> str:
    handler = scope.get("endpoint")
    return f"{handler.__module__}.{handler.__qualname__}" if handler else ""
