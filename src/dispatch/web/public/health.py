"""Is the service alive, and does its work go on? For whoever watches it."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeVar

import anyio
from anyio import CapacityLimiter, to_thread
from starlette.requests import Request
from starlette.responses import JSONResponse

from dispatch.errors import StoreUnavailable
from dispatch.web.limits import HEALTH_AT_ONCE, HEALTH_SECONDS

if TYPE_CHECKING:
    from dispatch.app import App

T = TypeVar("T")

_NOT_KEPT = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"}


async def health(request: Request) -> JSONResponse:
    """200 while this process can answer and ask its database anything, else 503.

    For what restarts a process that hangs: it says nothing of the work.
    """
    app: App = request.app.state.app
    try:
        await _soon(app.store.answers, request)
    except (StoreUnavailable, TimeoutError):
        return _answer({"status": "database unavailable"}, 503)
    return _answer({"status": "ok"}, 200)


async def ready(request: Request) -> JSONResponse:
    """200 while the work goes on, 503 where somebody has to do something about it."""
    app: App = request.app.state.app
    try:
        found = await _soon(app.check_readiness, request)
    except TimeoutError:
        return _answer({"status": "not ready", "problems": ["database: does not answer"]}, 503)
    age = None if found.tick_age is None else round(found.tick_age, 1)
    said = {
        "status": "ready" if found.is_ready else "not ready",
        "problems": list(found.problems),
        "waits": list(found.waits),
        "seconds_since_tick": age,
    }
    return _answer(said, 200 if found.is_ready else 503)


async def _soon(ask: Callable[[], T], request: Request) -> T:
    """What it gives, in a thread of its own kind: the others may all wait for the database.

    Raises TimeoutError.
    """
    state = request.app.state
    if not hasattr(state, "health_threads"):
        state.health_threads = CapacityLimiter(HEALTH_AT_ONCE)
    with anyio.fail_after(HEALTH_SECONDS):
        return await to_thread.run_sync(ask, abandon_on_cancel=True, limiter=state.health_threads)


def _answer(said: Mapping[str, object], status_code: int) -> JSONResponse:
    return JSONResponse(said, status_code=status_code, headers=_NOT_KEPT)
