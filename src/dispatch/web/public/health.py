"""Is the service alive, and can it read its database?"""

from starlette.requests import Request
from starlette.responses import JSONResponse

from dispatch.errors import StoreUnavailable


def health(request: Request) -> JSONResponse:
    """200 when a request can be answered, 503 when the database cannot be read."""
    try:
        with request.app.state.app.store.read() as tx:
            tx.subscribers.audiences()
    except StoreUnavailable:
        return JSONResponse({"status": "database unavailable"}, status_code=503)
    return JSONResponse({"status": "ok"})
