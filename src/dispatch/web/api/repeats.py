"""A call that is repeated with the same Idempotency-Key: it is answered again, and not done again.

A short change and the note of its answer are one transaction, so that after a crash both are there
or neither is. For a slow one the key is taken before: after a crash it is known that it was begun,
and the repeated call is told so. What was refused has done nothing, and its key is free again
(https://datatracker.ietf.org/doc/html/draft-ietf-httpapi-idempotency-key-header-06).
"""

import hashlib
import re
from collections.abc import Callable
from datetime import timedelta
from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import DispatchError, OutcomeUnknown, StoreUnavailable
from dispatch.store.team.api_answers import UNDER_WAY, KeptAnswer
from dispatch.web.api.answers import CHANGED
from dispatch.web.api.call import Call
from dispatch.web.api.operation import Operation
from dispatch.web.api.problems import Refused, problem
from dispatch.web.api.reading import listed_in

HEADER = "idempotency-key"
REPLAYED = "Idempotency-Replayed"
_KEY = re.compile(r'"?([\x21\x23-\x7e]{1,200})"?')
_KEPT_HEADERS = ("content-type", "location", "etag", CHANGED.lower())

SURELY_OVER = timedelta(minutes=15)
"""So long after it began no call is under way any more: the longest takes a file of 50 MB in."""


def key_in(request: Request) -> str:
    """The key that a call brings, or empty; raises Refused for what can be none."""
    said = listed_in(request, HEADER)
    if not said:
        return ""
    found = _KEY.fullmatch(said)
    if found is None:
        detail = "Idempotency-Key: cannot be used - say 1 to 200 letters, digits and signs"
        raise Refused(problem(HTTPStatus.BAD_REQUEST, detail))
    return found[1]


def done_once(
    operation: Operation,
    call: Call,
    key: str,
    work: Callable[[], Response],
    respond: Callable[[object], Response],
) -> Response:
    """What `work` answers, or has answered before; `respond` makes an answer of a model."""
    known = _begin(call, key)
    if known is not None:
        return _answered(operation, call, known, respond)
    try:
        response = work()
    except (OutcomeUnknown, StoreUnavailable):
        raise  # and so it stays: it may have been done
    except (DispatchError, Refused):
        if operation.slow:  # of a short one nothing is kept at all
            with call.app.store.begin() as tx:
                tx.api_answers.give_back(call.token, key)
        raise
    _keep(operation, call, key, response)
    return response


def _begin(call: Call, key: str) -> KeptAnswer | None:
    with call.app.store.within() as tx:
        return tx.api_answers.begin(call.token, key, _asked(call), now=call.now)


def _asked(call: Call) -> str:
    request = call.request
    what = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(what + call.raw).hexdigest()


def _keep(operation: Operation, call: Call, key: str, response: Response) -> None:
    kept = {name: response.headers[name] for name in _KEPT_HEADERS if name in response.headers}
    body = b"" if operation.again else bytes(response.body)
    with call.app.store.within() as tx:
        tx.api_answers.keep(call.token, key, status=response.status_code, headers=kept, body=body)


def _answered(
    operation: Operation, call: Call, known: KeptAnswer, respond: Callable[[object], Response]
) -> Response:
    if known.asked != _asked(call):
        detail = "Idempotency-Key: was used for another call - use a new one for each"
        raise Refused(problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, kind="key-reused"))
    if known.status == UNDER_WAY:
        if call.now - known.at > SURELY_OVER:
            detail = (
                "Idempotency-Key: the call with it has broken off, and may have been done"
                " - look, and use a new key if it was not"
            )
            raise Refused(problem(HTTPStatus.CONFLICT, detail, kind="outcome-unknown"))
        detail = "Idempotency-Key: the call with it is under way - ask again soon"
        raise Refused(problem(HTTPStatus.CONFLICT, detail, kind="under-way", retry_after=2))
    if operation.again:
        about = known.headers.get("location", "").rpartition("/")[2]
        response = respond(operation.again(call, about))
        response.status_code = known.status
    else:
        response = Response(known.body, status_code=known.status)
    for name, value in known.headers.items():
        response.headers[name] = value
    response.headers[REPLAYED] = "true"
    return response
