"""An operation as FastAPI describes it: from its models."""

import inspect
import re
from collections.abc import Callable, Iterator
from http import HTTPStatus
from typing import Annotated, Any

from fastapi import Body, FastAPI, Header, Path, Query
from starlette.responses import JSONResponse, Response

from dispatch.web.api.operation import JSON, Operation
from dispatch.web.api.parts import PARTS
from dispatch.web.api.problems import KIND

SECURITY: list[dict[str, list[str]]] = [{"token": []}]

ALWAYS = {
    HTTPStatus.UNAUTHORIZED: "The token is missing, or opens nothing.",
    HTTPStatus.FORBIDDEN: "The token lacks a right: `right` says which.",
    HTTPStatus.NOT_ACCEPTABLE: "The client accepts nothing that this gives.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "Something cannot be used: `errors` says what.",
    HTTPStatus.TOO_MANY_REQUESTS: "The token asks too often: see `RateLimit` and `Retry-After`.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The database is away, or busy: see `Retry-After`.",
}
OFTEN = {
    HTTPStatus.BAD_REQUEST: "The body is no JSON, or `Idempotency-Key` is no key.",
    HTTPStatus.NOT_FOUND: "There is no such thing.",
    HTTPStatus.CONFLICT: "It is not in a state that allows this.",
    HTTPStatus.GONE: "It holds no more.",
    HTTPStatus.PRECONDITION_FAILED: "It has changed since: `ETag` is of what is there now.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too long.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The body is of another kind.",
    HTTPStatus.PRECONDITION_REQUIRED: "`If-Match` is missing.",
    HTTPStatus.BAD_GATEWAY: "A service that was asked has failed.",
}

_NAMES = re.compile(r"\{(\w+)(?::\w+)?\}")


def describe_operation(api: FastAPI, operation: Operation) -> None:
    """Have the API's description tell of it."""
    endpoint = _described(operation)
    summary, _, more = (inspect.getdoc(operation.handler) or operation.name).partition("\n\n")
    more = "\n\n".join(
        part for part in (more.strip(), f"Needs the right `{operation.right}`.") if part
    )
    extra: dict[str, Any] = {"security": SECURITY, "x-right": operation.right.value}
    if operation.raw:
        kinds = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in operation.raw}
        extra["requestBody"] = {"required": True, "content": kinds}
    is_json = operation.media == JSON and operation.gives is not None
    told: dict[int | str, dict[str, Any]] = {
        status: _problem(text) for status, text in _may(operation)
    }
    if operation.also:
        told[operation.also] = {"model": operation.gives, "description": "It was so already."}
    if not is_json and operation.media != JSON:
        told[operation.status] = {
            "content": {operation.media: {"schema": {"type": "string"}}},
            "description": "What was asked for.",
        }
    status = operation.status if is_json or operation.media != JSON else HTTPStatus.NO_CONTENT
    api.add_api_route(
        operation.path,
        endpoint,
        methods=[operation.method],
        response_model=operation.gives if is_json else None,
        response_class=JSONResponse if is_json else Response,
        status_code=int(status),
        responses=told,
        summary=summary.strip().rstrip("."),
        description=more,
        operation_id=operation.name,
        tags=[operation.noun],
        response_description="What came of it." if operation.changes else "What was asked for.",
        openapi_extra=extra,
        name=operation.name,
    )


def _may(operation: Operation) -> Iterator[tuple[int, str]]:
    yield from ((int(status), text) for status, text in ALWAYS.items())
    wanted = set(operation.may)
    if "{" in operation.path:
        wanted.add(HTTPStatus.NOT_FOUND)
    if operation.method == "POST" and operation.media == JSON:
        wanted.add(HTTPStatus.BAD_REQUEST)
    if operation.changes:
        wanted |= {HTTPStatus.CONFLICT, HTTPStatus.REQUEST_ENTITY_TOO_LARGE}
        if operation.takes or operation.raw:
            wanted |= {HTTPStatus.BAD_REQUEST, HTTPStatus.UNSUPPORTED_MEDIA_TYPE}
        if operation.method == "POST":
            wanted.add(HTTPStatus.BAD_REQUEST)  # an odd Idempotency-Key
        if operation.tag:
            wanted |= {HTTPStatus.PRECONDITION_REQUIRED, HTTPStatus.PRECONDITION_FAILED}
    yield from ((int(status), OFTEN[HTTPStatus(status)]) for status in sorted(wanted))
    if operation.tag and not operation.changes:
        yield 304, "It is as the client knows it."


def _problem(text: str) -> dict[str, Any]:
    if text.startswith("It is as"):
        return {"description": text}
    schema = {"$ref": "#/components/schemas/Problem"}
    return {"description": text, "content": {KIND: {"schema": schema}}}


def _described(operation: Operation) -> Callable[..., Any]:
    """A function whose signature says what goes in; nobody calls it."""

    def endpoint() -> None: ...

    parameters = [
        _parameter(name, Annotated[str, Path(description=PARTS[name], min_length=1)])
        for name in _NAMES.findall(operation.path)
    ]
    if operation.query:
        parameters.append(_parameter("query", Annotated[operation.query, Query()]))
    if operation.takes:
        parameters.append(_parameter("body", Annotated[operation.takes, Body()]))
    if operation.method == "POST" and operation.media == JSON:
        said = Header(
            alias="Idempotency-Key",
            description="A name of your own for this call: said again, nothing is done twice.",
            max_length=KEY_LETTERS,
        )
        parameters.append(_parameter("key", Annotated[str, said], ""))
    if operation.tag:
        name, use = (
            ("If-Match", "The `ETag` of what you saw: of another, nothing is changed.")
            if operation.changes
            else ("If-None-Match", "An `ETag` that you know: of the same, nothing is answered.")
        )
        parameters.append(
            _parameter("tag", Annotated[str, Header(alias=name, description=use)], "")
        )
    endpoint.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
    endpoint.__name__ = operation.name
    endpoint.__module__ = operation.handler.__module__
    return endpoint


def _parameter(name: str, kind: Any, default: Any = inspect.Parameter.empty) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, annotation=kind, default=default)


KEY_LETTERS = 200
