"""Where hubs call: to have a subscription confirmed, and to say that a feed has changed (WebSub).

The address holds a signature, so that a made-up one costs a hash and no look into the database.
"""

from typing import TYPE_CHECKING

from starlette.requests import Request
from starlette.responses import Response

from dispatch.app import App
from dispatch.errors import NotFound
from dispatch.feeds.websub.protocol import SignatureCheck, read_question
from dispatch.pipeline.websub.receive_notification import receive_notification
from dispatch.pipeline.websub.verify_intent import verify_intent
from dispatch.web.page import PRIVATE

if TYPE_CHECKING:
    from dispatch.web.turns import Turns

# A type that no browser shows: the challenge is somebody else's text under our name (section 8.2).
_PLAIN_BYTES = {
    "Content-Type": "application/octet-stream",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}


def confirm(request: Request) -> Response:
    """Tell a hub that the request was ours, by its own challenge; 404 if it was not.

    The one GET that writes something down (docs/adr/0024): the standard leaves no other way. Only
    the first answer to a request of ours does, and what it notes is when the hub's lease ends.
    """
    app = _app(request)
    question = read_question(request.query_params)
    if request.method != "GET" or question is None:  # Starlette sends HEAD here too
        return _nothing(404)
    try:
        websub_id = app.tools.callbacks.read(request.path_params["token"])
        words = verify_intent(websub_id, question, store=app.store, clock=app.clock)
    except NotFound:
        return _nothing(404)
    return Response(words, headers=_PLAIN_BYTES)


async def hear(request: Request) -> Response:
    """Take a hub's word that a feed has changed, and answer before anything is done about it.

    202 also for a wrong signature, as the standard allows: so nobody can find the right one by
    trying, and no hub sends the same again and again. 410 where we have left, 413 where there is
    more than any feed may have.
    """
    app = _app(request)
    try:
        websub_id = app.tools.callbacks.read(request.path_params["token"])
    except NotFound:
        return _nothing(404)
    check = SignatureCheck(
        request.headers.get("X-Hub-Signature", ""), app.tools.callbacks.secret(websub_id)
    )
    status = await _read(request, check, most=app.tools.feed_limits.size)
    if status != 202:
        return _nothing(status)
    genuine = check.is_right()
    try:
        turns: Turns = request.app.state.turns
        await turns.take(
            receive_notification, websub_id, genuine=genuine, store=app.store, clock=app.clock
        )
    except NotFound:
        return _nothing(410)
    return _nothing(202)


async def _read(request: Request, check: SignatureCheck, *, most: int) -> int:
    """Let the check see the body, which is kept nowhere; what to answer if that is all."""
    size = 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            return 413
        check.feed(piece)
    return 202


def _app(request: Request) -> App:
    app: App = request.app.state.app
    return app


def _nothing(status_code: int) -> Response:
    return Response(status_code=status_code, headers=PRIVATE)
