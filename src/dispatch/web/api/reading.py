"""What a call says: its body and its query, read by the models of the operation, or told apart."""

import json
import re
from collections import Counter
from http import HTTPStatus
from math import isinf
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from dispatch.web.api.operation import JSON, Operation
from dispatch.web.api.problems import FieldProblem, Refused, problem

LONGEST_NUMBER = 18
_SUFFIX = "+json"
_CHARSET = re.compile(r'charset\s*=\s*"?([^\s";]+)')


def listed_in(request: Request, name: str) -> str:
    """What a header says, or several of the name together: that is the same list (RFC 9110)."""
    return ", ".join(request.headers.getlist(name)).strip()


def wants(request: Request, operation: Operation) -> None:
    """Raise Refused where a client takes nothing of what is answered (406)."""
    accepted = listed_in(request, "accept")
    if not accepted:
        return
    family = operation.media.partition("/")[0]
    for part in accepted.split(","):
        kind, _, more = part.partition(";")
        refused = any(
            one.strip() in {"q=0", "q=0.0", "q=0.00", "q=0.000"} for one in more.split(";")
        )
        if kind.strip().lower() in {"*/*", f"{family}/*", operation.media} and not refused:
            return
    detail = f"this is answered as {operation.media} - accept that"
    raise Refused(problem(HTTPStatus.NOT_ACCEPTABLE, detail))


async def body_of(request: Request, operation: Operation) -> bytes:
    """The body as it comes; raises Refused where it is too long (413) or of another kind (415)."""
    most = operation.most_bytes
    said = request.headers.get("content-length", "")
    if said.isdecimal() and (len(said) > LONGEST_NUMBER or int(said) > most):
        raise Refused(_too_long(most))
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > most:
            raise Refused(_too_long(most))
        parts.append(part)
    body = b"".join(parts)
    if body or operation.raw:
        _check_kind(request, operation)
    return body


def _too_long(most: int) -> Any:
    shown = f"{most // 2**20} MB" if most >= 2**20 else f"{most // 1024} KB"
    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    detail = f"the body is longer than {shown} - post less"
    return problem(status, detail, headers={"Connection": "close"})


def _check_kind(request: Request, operation: Operation) -> None:
    kind, _, more = request.headers.get("content-type", "").lower().partition(";")
    kind = kind.strip()
    packed = request.headers.get("content-encoding", "identity").strip().lower()
    status = HTTPStatus.UNSUPPORTED_MEDIA_TYPE
    if packed not in {"", "identity"}:
        detail = f"the body is packed as {packed[:20]} - send it as it is"
        raise Refused(problem(status, detail, headers={"Accept-Encoding": "identity"}))
    charset = _CHARSET.search(more)
    if charset and not operation.raw and charset[1] not in {"utf-8", "utf8"}:
        raise Refused(problem(status, "the body is not in UTF-8 - JSON always is"))
    wanted = operation.raw or (JSON,)
    if kind in wanted or (not operation.raw and kind.endswith(_SUFFIX)):
        return
    detail = f"the body is not said to be {' or '.join(wanted)} - say so by Content-Type"
    raise Refused(problem(status, detail))


def read_body(raw: bytes, operation: Operation) -> BaseModel | None:
    """What the body says; raises Refused for what is no JSON (400) or says something else (422)."""
    if operation.raw:
        return None
    if operation.takes is None:
        if raw.strip() not in {b"", b"{}", b"null"}:
            detail = "this takes no body - leave it out, and see openapi.json"
            raise Refused(problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail))
        return None
    try:
        body = operation.takes.model_validate_json(raw or b"{}", strict=True)
    except ValidationError as error:
        raise Refused(_wrong(error, "body")) from error
    except RecursionError as error:
        raise Refused(_no_json()) from error
    _check_json(raw or b"{}")
    return body


def _check_json(raw: bytes) -> None:
    """Raise Refused for what a lenient reader takes: two do not agree on what it says."""
    try:
        said = json.loads(
            raw,
            object_pairs_hook=_object,
            parse_constant=_no_number,
            parse_float=_finite,
        )
    except OddJsonError as error:
        raise Refused(problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))) from error
    except (ValueError, RecursionError) as error:
        raise Refused(_no_json()) from error
    if b"\\u0000" in raw and _has_nul(said):
        detail = "the body has a NUL character in it - leave it out"
        raise Refused(problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail))


class OddJsonError(Exception):
    """A body that is JSON by its looks only."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        [(twice, _)] = Counter(name for name, _ in pairs).most_common(1)
        raise OddJsonError(f"the body says '{twice[:80]}' twice - say it once")
    return made


def _no_number(text: str) -> Any:
    raise OddJsonError(f"the body says {text}, which is no number of JSON - leave it out")


def _finite(text: str) -> float:
    number = float(text)
    if isinf(number):
        _no_number(text[:80])
    return number


def read_query(request: Request, operation: Operation) -> BaseModel | None:
    """What stands behind the question mark; raises Refused for what cannot be used (422)."""
    asked = request.query_params
    if operation.query is None:
        unknown = {name: asked.getlist(name) for name in asked}
        fields: dict[str, Any] = {}
    else:
        fields = dict(operation.query.model_fields)
        unknown = {}
    said: dict[str, Any] = {}
    wrong = [
        FieldProblem(
            field=name[:80], problem="unknown", detail="there is no such parameter - leave it out"
        )
        for name in unknown
    ]
    for name in asked if not wrong else ():
        values = asked.getlist(name)
        several = name in fields and get_origin(fields[name].annotation) in {list, tuple}
        if len(values) > 1 and not several:
            wrong.append(
                FieldProblem(
                    field=name[:80], problem="repeated", detail="is said twice - say it once"
                )
            )
        if any("\0" in value for value in values):
            wrong.append(
                FieldProblem(
                    field=name[:80], problem="nul", detail="has a NUL character - leave it out"
                )
            )
        said[name] = values if several else values[0]
    if wrong:
        raise Refused(_unusable(wrong))
    if operation.query is None:
        return None
    try:
        return operation.query.model_validate(said)
    except ValidationError as error:
        raise Refused(_wrong(error, "query")) from error


def _wrong(error: ValidationError, where: str) -> Any:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if any(one["type"] == "json_invalid" for one in found):
        return _no_json()
    return _unusable(
        [
            FieldProblem(
                field=".".join(str(part)[:80] for part in one["loc"]) or where,
                problem=str(one["type"]),
                detail=str(one["msg"]),
            )
            for one in found[:_MOST_TOLD]
        ]
    )


def _unusable(errors: list[FieldProblem]) -> Any:
    detail = "something cannot be used - see errors, and openapi.json"
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors=errors)


def _no_json() -> Any:
    return problem(HTTPStatus.BAD_REQUEST, "the body is no JSON - post an object")


def _has_nul(said: Any) -> bool:
    if isinstance(said, str):
        return "\0" in said
    if isinstance(said, dict):
        return any(map(_has_nul, said)) or any(map(_has_nul, said.values()))
    return isinstance(said, list) and any(map(_has_nul, said))


_MOST_TOLD = 50
