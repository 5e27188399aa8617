"""Where a channel's service calls us back: `/hooks/CHANNEL`.

An answer that says "taken" is given once all of it is kept; at any other the service tells it
again, and what has been kept by then is not kept twice. There is nothing here that a service could
be told by a 500.
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING

import anyio
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response

from dispatch.channels.feedback import hook_of
from dispatch.channels.find import is_there
from dispatch.channels.hooks.call import HookCall
from dispatch.channels.provider import Hook
from dispatch.errors import (
    CallUnreadable,
    DispatchError,
    NotGenuine,
    StoreUnavailable,
)
from dispatch.log import place_of
from dispatch.model.delivery.event import Event
from dispatch.model.text.cutting import cut
from dispatch.model.text.plain_text import one_line
from dispatch.web.hooks.body import ENCODINGS, BodyRefused, NoRoom, unpack
from dispatch.web.limits import HOOK_SECONDS
from dispatch.web.page import PRIVATE

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.hooks.reception import Reception
    from dispatch.web.serving.tally import Tally

LONGEST_REASON = 300
"""Characters of why a call was turned away."""

AGAIN = "this cannot be taken now - tell it again later"


async def hear(request: Request) -> Response:
    """Take what a service tells of messages that it was given.

    401 where a call does not even claim to be the service's own, 403 where it is not, 400 where
    nothing in it can be read, 404 where nobody calls back.
    """
    name = request.path_params["channel"]
    hook = _hook_of(request, name)
    if hook is None:
        return _said(HTTPStatus.NOT_FOUND, "no channel here has a service that calls this address")
    if request.method != "POST":
        advice = "this address is for the service of a channel, which calls it by POST"
        return _said(HTTPStatus.METHOD_NOT_ALLOWED, advice, {"Allow": "POST"})
    reception: Reception = request.app.state.reception
    try:
        async with reception.room.body(request) as body:
            events = await _read(request, name, body)
        await reception.line.keep(name, events)
    except (NotGenuine, CallUnreadable, BodyRefused) as error:
        return _turned_away(request, name, error)
    except ClientDisconnect:
        raise
    except Exception as error:  # noqa: BLE001 - a bug, too, is nothing that a service can answer for
        return _again(request, name, hook, error)
    return Response(status_code=hook.taken, headers=PRIVATE)


def _hook_of(request: Request, name: str) -> "Hook | None":
    """How a channel's service calls us; None where nobody calls."""
    plan = _app(request).workspace.channels.get(name)
    if plan is None:
        return None
    hook = hook_of(plan)
    if hook is None and not is_there(plan.provider):
        # Perhaps its package is just being installed: what its service tells is not to be lost.
        return Hook(option="", source="")
    return hook


async def _read(request: Request, name: str, body: bytes) -> Sequence[Event]:
    """What a call tells; in a thread, as a signature may need a certificate from elsewhere."""
    hooks = _app(request).hooks
    headers, query = dict(request.headers), dict(request.query_params)

    def read() -> Sequence[Event]:
        plain = unpack(body, headers.get("content-encoding", ""))
        return hooks.hear(name, HookCall(plain, headers, query))

    reception: Reception = request.app.state.reception
    with anyio.fail_after(HOOK_SECONDS):
        return await reception.read(name, read)


def _turned_away(
    request: Request, name: str, error: NotGenuine | CallUnreadable | BodyRefused
) -> Response:
    reason = cut(one_line(str(error)), LONGEST_REASON)
    more = {}
    if isinstance(error, BodyRefused):
        status = error.status
        if status is HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            more["Accept-Encoding"] = ENCODINGS
    elif isinstance(error, CallUnreadable):
        status = HTTPStatus.BAD_REQUEST
    elif error.unsigned:
        status = HTTPStatus.UNAUTHORIZED
        more["WWW-Authenticate"] = 'Basic realm="hook"'  # a 401 has to name a way (RFC 9110)
    else:
        status = HTTPStatus.FORBIDDEN
    _count(request, name, reason)
    tally: Tally = request.app.state.tally
    tally.note("hook.turned_away", channel=name, status=int(status))
    return _said(status, reason, more)


def _again(request: Request, name: str, hook: Hook, error: Exception) -> Response:
    """Ask for the same once more. The log says why; what is the channel's, its page says, too."""
    if isinstance(error, DispatchError) and not isinstance(error, StoreUnavailable):
        _count(request, name, _problem(error))
    tally: Tally = request.app.state.tally
    tally.note("hook.not_taken", channel=name, problem=_problem(error))
    return _said(hook.again, AGAIN)


def _problem(error: Exception) -> str:
    """Of a bug no more than its class and its place: what it says may be of somebody's mail."""
    if isinstance(error, NoRoom):
        return "so many calls come at once that there is no room for more"
    if isinstance(error, TimeoutError):
        return f"other calls were being read for {HOOK_SECONDS} seconds"
    if isinstance(error, DispatchError):
        return cut(one_line("; ".join(str(error).splitlines())), LONGEST_REASON)
    return f"{type(error).__name__} ({place_of(error)}) while it was kept - report it"


def _count(request: Request, name: str, reason: str) -> None:
    reception: Reception = request.app.state.reception
    reception.turned_away.note(name, reason)


def _app(request: Request) -> "App":
    app: App = request.app.state.app
    return app


def _said(status: int, words: str, more: Mapping[str, str] | None = None) -> Response:
    """A sentence for whoever looks at what their service was answered."""
    headers = {**PRIVATE, **(more or {})}
    return PlainTextResponse(f"{words}\n", status_code=status, headers=headers)
