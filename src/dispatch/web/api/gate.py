"""What stands before each operation: whose token it is, what it may, and what is said."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import BaseModel
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from dispatch.errors import DispatchError, StoreUnavailable
from dispatch.model.team.api_token import USED_EVERY, ApiToken, is_api_token
from dispatch.model.team.role import Right, roles_with
from dispatch.origin import coming_from
from dispatch.signing import mark_of
from dispatch.web.api.answers import Answer, check_seen, tags_in
from dispatch.web.api.call import Call
from dispatch.web.api.operation import JSON, Operation
from dispatch.web.api.problems import ProblemResponse, Refused, problem
from dispatch.web.api.reading import body_of, read_body, read_query, wants
from dispatch.web.api.telling import told_of
from dispatch.web.network import address_of, network_of, shortened

if TYPE_CHECKING:
    from dispatch.app import App
    from dispatch.web.turns import Turns

Endpoint = Callable[[Request], Awaitable[Response]]

_UNKNOWN = (
    "the token is missing, or opens nothing - say one that holds by 'Authorization: Bearer dsp_…'"
)
_CHALLENGE = 'Bearer realm="dispatch", error="invalid_token"'


def guarded(operation: Operation) -> Endpoint:
    """The endpoint of an operation."""

    async def endpoint(request: Request) -> Response:
        try:
            return await _answer(operation, request)
        except Refused as refused:
            return refused.response
        except DispatchError as error:
            return told_of(request, error)

    return endpoint


async def _answer(operation: Operation, request: Request) -> Response:
    mark = _mark_in(request)
    wants(request, operation)
    if not operation.changes:
        call, answer = await run_in_threadpool(_look, operation, request, mark)
        await _note_used(call)
        return answer
    call = await run_in_threadpool(_admit, operation, request, mark)
    await _note_used(call)
    call.raw = await body_of(request, operation)
    work = partial(_work, operation, call)
    if operation.slow:
        return await run_in_threadpool(work)
    return await _turns(request).take(work)


def _mark_in(request: Request) -> str:
    """The hash of the token that a call brings; raises Refused where it can be none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not is_api_token(token):
        raise Refused(unknown_token())
    return mark_of(token)


def unknown_token() -> ProblemResponse:
    """401: one answer for all that is wrong with a token, as nobody is to learn which it is."""
    headers = {"WWW-Authenticate": _CHALLENGE}
    return problem(HTTPStatus.UNAUTHORIZED, _UNKNOWN, kind="invalid-token", headers=headers)


def _admit(operation: Operation, request: Request, mark: str) -> Call:
    """A call of a token that holds and may do this; raises Refused."""
    app: App = request.app.state.app
    now = app.clock()
    with app.store.read() as tx:
        token = tx.api_tokens.find(mark)
    if token is None or not token.holds(now):
        raise Refused(unknown_token())
    if operation.right not in token.rights:
        raise Refused(_forbidden(operation.right))
    call = Call(request=request, app=app, token=token, now=now)
    call.asked = read_query(request, operation)
    return call


def _forbidden(right: Right) -> ProblemResponse:
    roles = [role.value for role in roles_with(right)]
    detail = (
        f"right '{right}' is missing - a token has it by the role {' or '.join(roles)},"
        " as long as who made it has it"
    )
    headers = {"WWW-Authenticate": 'Bearer realm="dispatch", error="insufficient_scope"'}
    return problem(
        HTTPStatus.FORBIDDEN,
        detail,
        kind="missing-right",
        right=right.value,
        roles=roles,
        headers=headers,
    )


def _look(operation: Operation, request: Request, mark: str) -> tuple[Call, Response]:
    call = _admit(operation, request, mark)
    return call, _work(operation, call)


def _work(operation: Operation, call: Call) -> Response:
    """Have it done, and say what came of it."""
    request = call.request
    call.body = read_body(call.raw, operation)
    tag = operation.tag(call) if operation.tag else ""
    if tag and operation.changes:
        check_seen(request.headers.get("if-match", ""), tag)
    elif tag and _is_known(request, tag):
        return Response(status_code=HTTPStatus.NOT_MODIFIED, headers={"ETag": f'"{tag}"'})
    with coming_from(_origin(call)):
        made = operation.handler(call)
    answer = _response(operation, made)
    if tag and not operation.changes:
        answer.headers["ETag"] = f'"{tag}"'
    return answer


def _is_known(request: Request, tag: str) -> bool:
    named = request.headers.get("if-none-match", "")
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
    return Response(model.model_dump_json(), status_code=status, headers=headers, media_type=JSON)


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
