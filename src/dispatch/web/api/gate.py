"""What stands before each operation: whose token it is, what it may, and what is said."""

from collections.abc import Awaitable, Callable
from contextlib import nullcontext
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

import structlog
from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from dispatch.errors import DispatchError, StoreUnavailable
from dispatch.model.team.api_token import USED_EVERY, ApiToken, is_api_token
from dispatch.origin import coming_from
from dispatch.signing import mark_of
from dispatch.web.api.allowances import Allowance, Allowances
from dispatch.web.api.answers import Answer, check_seen, tags_in
from dispatch.web.api.call import Call
from dispatch.web.api.cursors import Bound, Listed, PageQuery
from dispatch.web.api.operation import JSON, Operation
from dispatch.web.api.problems import ProblemResponse, Refused, missing_right, problem
from dispatch.web.api.reading import body_of, listed_in, read_body, read_query, wants
from dispatch.web.api.repeats import done_once, key_in
from dispatch.web.api.telling import told_of
from dispatch.web.limits import CALL_BYTES, FILE_SECONDS, PATIENCE
from dispatch.web.network import address_of, network_of, shortened
from dispatch.web.unexpected import REFERENCE_LETTERS

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns

log = structlog.get_logger()

Endpoint = Callable[[Request], Awaitable[Response]]

_UNKNOWN = (
    "the token is missing, or opens nothing - say one that holds by 'Authorization: Bearer dsp_…'"
)
_CHALLENGE = 'Bearer realm="dispatch", error="invalid_token"'


def guarded(operation: Operation) -> Endpoint:
    """The endpoint of an operation."""

    async def endpoint(request: Request) -> Response:
        headers: dict[str, str] = {}
        try:
            response = await _answer(operation, request, headers)
        except Refused as refused:
            response = refused.response
        except DispatchError as error:
            response = told_of(request, error)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - FastAPI would answer it as plain text
            response = _crashed(operation, request, error)
        response.headers.update(headers)
        return response

    return endpoint


def _crashed(operation: Operation, request: Request, error: Exception) -> ProblemResponse:
    """500: nobody foresaw it; the log has a line with the same reference."""
    app: App = request.app.state.app
    reference = app.tools.new_id()[:REFERENCE_LETTERS]
    log.error("web.page_crashed", reference=reference, page=operation.name, exc_info=error)
    detail = f"nobody foresaw this - tell who looks after the server the reference {reference}"
    headers = {"X-Reference": reference}
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, detail, kind="failed", headers=headers)


async def _answer(operation: Operation, request: Request, headers: dict[str, str]) -> Response:
    """`headers` get what is told of the token's limits, whatever becomes of the call."""
    app: App = request.app.state.app
    allowances: Allowances = request.app.state.allowances
    now = app.clock()
    network = network_of(address_of(request, app.tools.settings.proxies))
    token = _token_in(request)
    mark = mark_of(token)
    if wait := allowances.waits(network, mark, now=now):
        raise Refused(_too_many_tokens(wait))
    if not is_api_token(token):
        if token:
            allowances.failed(network, now=now)
        raise UnknownToken
    allowance = allowances.take(mark, "changes" if operation.changes else "reads", now=now)
    if allowance.left < 0:
        headers.update(allowance.headers)
        raise Refused(_too_often(allowance))
    try:
        response = await _served(operation, request, mark, known=allowances.is_known(mark))
    except UnknownToken:
        allowances.failed(network, mark, now=now)
        raise
    except BaseException:
        allowances.known(mark)
        headers.update(allowance.headers)
        raise
    allowances.known(mark)
    headers.update(allowance.headers)
    return response


async def _served(operation: Operation, request: Request, mark: str, *, known: bool) -> Response:
    """`known` is a token that held a while ago: it is asked for with the change, and only then."""
    if not operation.changes:
        look = _turns(request).look if operation.one_picture else run_in_threadpool
        call, answer = await look(_look, operation, request, mark)
        await _note_used(call)
        return answer
    if not known or operation.slow:
        await _note_used(await run_in_threadpool(_admit, operation, request, mark))
    if operation.most_bytes > CALL_BYTES:
        request.scope[PATIENCE] = FILE_SECONDS
    key = key_in(request) if operation.method == "POST" and operation.media == JSON else ""
    change = partial(_change, operation, request, mark, key, await body_of(request, operation))
    turn = run_in_threadpool if operation.slow else _turns(request).take
    call, answer = await turn(change)
    await _note_used(call)
    return answer


def _change(
    operation: Operation, request: Request, mark: str, key: str, raw: bytes
) -> tuple[Call, Response]:
    """Have it done by a token that still holds: its body may have been long on its way.

    Of a short one all is kept together, or nothing.
    """
    app: App = request.app.state.app
    with nullcontext() if operation.slow else app.store.as_one():
        call = _admit(operation, request, mark)
        call.raw = raw
        work = partial(_work, operation, call)
        if not key:
            return call, work()
        return call, done_once(operation, call, key, work, partial(_response, operation))


class UnknownToken(Refused):
    """The token is missing or opens nothing: one answer (401), as nobody is to learn which."""

    def __init__(self) -> None:
        status, headers = HTTPStatus.UNAUTHORIZED, {"WWW-Authenticate": _CHALLENGE}
        super().__init__(problem(status, _UNKNOWN, kind="invalid-token", headers=headers))


def _token_in(request: Request) -> str:
    said = request.headers.getlist("authorization")
    if len(said) != 1:
        return ""  # of two, a server in front may have looked at the other one
    scheme, _, token = said[0].partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _too_many_tokens(wait: float) -> ProblemResponse:
    detail = "too many tokens came from here that open nothing - see which, and wait"
    status = HTTPStatus.TOO_MANY_REQUESTS
    return problem(status, detail, kind="too-many-tokens", retry_after=wait)


def _too_often(allowance: Allowance) -> ProblemResponse:
    detail = f"the token has used up its {allowance.kind} - wait as long as Retry-After says"
    status = HTTPStatus.TOO_MANY_REQUESTS
    return problem(status, detail, kind="too-often", retry_after=allowance.seconds)


def _admit(operation: Operation, request: Request, mark: str) -> Call:
    """A call of a token that holds and may do this; raises Refused."""
    app: App = request.app.state.app
    token = _holding(operation, app, mark)
    wants(request, operation)
    call = Call(request=request, app=app, token=token, now=app.clock())
    call.asked = asked = read_query(request, operation)
    if isinstance(asked, PageQuery):
        call.cursors = Bound(operation.name, request.path_params, asked)
        asked.cursor = call.cursors.opened(asked.cursor)
    return call


def _holding(operation: Operation, app: "App", mark: str) -> ApiToken:
    with app.store.read() as tx:
        token = tx.api_tokens.find(mark)
    if token is None or not token.holds(app.clock()):
        raise UnknownToken
    if operation.right not in token.rights:
        raise Refused(missing_right(operation.right))
    return token


def _look(operation: Operation, request: Request, mark: str) -> tuple[Call, Response]:
    app: App = request.app.state.app
    with app.store.one_picture() if operation.one_picture else nullcontext():
        call = _admit(operation, request, mark)
        return call, _work(operation, call)


def _work(operation: Operation, call: Call) -> Response:
    """Have it done, and say what came of it."""
    request = call.request
    call.body = read_body(call.raw, operation)
    tag = operation.tag(call) if operation.tag else ""
    if tag and operation.changes:
        check_seen(listed_in(request, "if-match"), tag)
    elif tag and _is_known(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": f'"{tag}"'})
    with coming_from(_origin(call)):
        made = operation.handler(call)
    if call.cursors and isinstance(made, Listed) and made.next:
        made.next = call.cursors.closed(made.next)
    answer = _response(operation, made)
    if operation.tag and operation.changes and answer.status_code != HTTPStatus.NO_CONTENT:
        tag = operation.tag(call)
    if tag:
        answer.headers["ETag"] = f'"{tag}"'
    return answer


def _is_known(request: Request, tag: str) -> bool:
    named = listed_in(request, "if-none-match")
    return named.strip() == "*" or tag in tags_in(named, weak=True)


def _response(operation: Operation, made: object) -> Response:
    if isinstance(made, Response):
        return made
    answer = made if isinstance(made, Answer) else None
    model = answer.model if answer else made
    headers = dict(answer.headers) if answer else {}
    if not isinstance(model, BaseModel):
        return Response(status_code=HTTPStatus.NO_CONTENT, headers=headers)
    status = (answer.status if answer else 0) or operation.status
    return Response(_bytes_of(model), status_code=status, headers=headers, media_type=JSON)


def _bytes_of(model: BaseModel) -> bytes:
    """As `model_dump_json` writes it, and not by way of a text."""
    return model.__pydantic_serializer__.to_json(model)


def _origin(call: Call) -> str:
    """As the audit log says from where: the token by its name, and a part of the network."""
    app, request = call.app, call.request
    network = shortened(address_of(request, app.tools.settings.proxies))
    return ", ".join(part for part in (f'token "{call.token.name}"', network) if part)


async def _note_used(call: Call) -> None:
    last = call.token.last_used
    if last is not None and call.now - last < USED_EVERY:
        return
    network = network_of(address_of(call.request, call.app.tools.settings.proxies))
    try:
        await _turns(call.request).take(_used, call.app, call.token, network, call.now)
    except StoreUnavailable:
        return  # it is only a note


def _used(app: "App", token: ApiToken, network: str, now: datetime) -> None:
    with app.store.begin() as tx:
        tx.api_tokens.used(token, network=network, now=now)


def _turns(request: Request) -> "Turns":
    turns: Turns = request.app.state.turns
    return turns
